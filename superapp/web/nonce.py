"""This answer's CSP nonce, made when a page first asks for it."""

from __future__ import annotations

import secrets

from flask import g


def csp_nonce() -> str:
    """The nonce for inline blocks; asking for one makes the page uncacheable."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)
