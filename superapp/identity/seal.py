"""Secrets at rest: sealed when they must be read again, keyed hashes when they need not."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


class BrokenSeal(ValueError):
    """The text was not sealed with this host's key, or was changed since."""


def seal(text: str) -> str:
    """Encrypt `text` with the host's key, so that a dump of the database does not tell it."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises BrokenSeal."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise BrokenSeal("This secret was sealed with another SUPERAPP_SECRET_KEY; set it again.") from error


def keyed(purpose: str, text: str) -> str:
    """A hash that only this host can make (HMAC-SHA256, 32 hex digits), different for each purpose."""
    return hmac.new(_key(purpose), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def digest(token: str) -> bytes:
    """SHA-256 of a token of 256 random bits, which needs no salt and no stretching."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _key(purpose: str) -> bytes:
    secret = current_app.config["SECRET_KEY"]
    return hmac.new(str(secret).encode(), f"superapp:{purpose}".encode(), hashlib.sha256).digest()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("seal")))
