"""Documents on their way to a browser, the citizen's and the desk's alike."""

from __future__ import annotations

from flask import Response, make_response


def pdf(data: bytes, name: str) -> Response:
    """A PDF that no browser may show inside of this site: saved, not sniffed, without rights if opened."""
    answer = make_response(data)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
