"""A tenant's public addresses, for mails and other places that stand outside of a request."""

from __future__ import annotations

from flask import current_app

from superapp.context import current_tenant


def address(path: str) -> str:
    """The whole address of `path` on the open tenant's host name; with the port in development."""
    settings = current_app.extensions["superapp_settings"]
    host = current_tenant().host
    return f"https://{host}{path}" if settings.secure else f"http://{host}:{settings.port}{path}"
