"""Who posts a message: a token in a header, or the HMAC-SHA256 of the raw body. Compared in constant time."""

from __future__ import annotations

import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    """The signature of these bytes, in hex digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def proven(kind: str, given: str, body: bytes, secret: str) -> bool:
    """True when `given` proves the gateway; `kind` is "header" or "hmac". False without a secret."""
    if not secret:
        return False
    if kind == "hmac":
        return _same(given.removeprefix("sha256=").lower(), sign(body, secret))
    return _same(given, secret)


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
