"""Who posted: Meta signs the raw body with the app's secret, and shows the verify token once."""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "sha256="


def sign(body: bytes, app_secret: str) -> str:
    """The header `X-Hub-Signature-256` for these bytes."""
    return PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def signed(body: bytes, header: str, app_secret: str) -> bool:
    """True when the header is the body's signature; False without a secret. Takes constant time."""
    if not app_secret or not header.isascii():
        return False
    return hmac.compare_digest(sign(body, app_secret), header)


def same(given: str, kept: str) -> bool:
    """True when both are the same and there is one. Takes constant time."""
    return bool(kept) and hmac.compare_digest(given.encode("utf-8", "replace"), kept.encode())
