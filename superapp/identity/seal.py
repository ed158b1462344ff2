"""Secrets at rest: sealed when they must be read again, keyed hashes when they need not.

The host's key may be changed: the new one stands in SUPERAPP_SECRET_KEY, the earlier ones in
SUPERAPP_OLD_SECRET_KEYS, newest first. Old ones open what they once closed; nothing new is made with them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE_BYTES, MARK_BYTES = 12, 8


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


def wrap_key(key: bytes, bound_to: str, *, secret: str = "") -> bytes:
    """Encrypt another key with the host's (AES-256-GCM), good only for the place named by `bound_to`.

    The first eight bytes say with which host key, so that `wrapped_now` can tell without opening it.
    `secret` stands for the host's key where no application runs, as in a migration.
    """
    host = _host_key(secret or _secrets()[0])
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _mark(host) + nonce + AESGCM(host).encrypt(nonce, key, bound_to.encode())


def unwrap_key(wrapped: bytes, bound_to: str) -> bytes:
    """The key that was wrapped with this or an old host key. Raises BrokenSeal."""
    mark, nonce = wrapped[:MARK_BYTES], wrapped[MARK_BYTES : MARK_BYTES + NONCE_BYTES]
    for host in map(_host_key, _secrets()):
        if _mark(host) == mark:
            try:
                return AESGCM(host).decrypt(nonce, wrapped[MARK_BYTES + NONCE_BYTES :], bound_to.encode())
            except (InvalidTag, ValueError) as error:
                raise BrokenSeal("This key was changed, or belongs to another place.") from error
    raise BrokenSeal("This key needs an earlier host key: list it in SUPERAPP_OLD_SECRET_KEYS.")


def wrapped_now(wrapped: bytes) -> bool:
    """True when the present host key wrapped it, False when an old one did and it should be done again."""
    return wrapped[:MARK_BYTES] == _mark(_host_key(_secrets()[0]))


def keyed(purpose: str, text: str) -> str:
    """A hash that only this host can make (HMAC-SHA256, 32 hex digits), different for each purpose."""
    return keyed_before(purpose, text)[0]


def keyed_before(purpose: str, text: str) -> tuple[str, ...]:
    """The same hash by the present key, then by each old one: what was handed out before stays good."""
    told = text.encode("utf-8", "replace")
    return tuple(
        hmac.new(_key(purpose, secret), told, hashlib.sha256).hexdigest()[:32] for secret in _secrets()
    )


def digest(token: str) -> bytes:
    """SHA-256 of a token of 256 random bits, which needs no salt and no stretching."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _secrets() -> list[str]:
    old = current_app.config.get("SECRET_KEY_FALLBACKS") or ()
    return [str(current_app.config["SECRET_KEY"]), *map(str, old)]


def _key(purpose: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), f"superapp:{purpose}".encode(), hashlib.sha256).digest()


def _host_key(secret: str) -> bytes:
    return _key("wrap", secret)


def _mark(host: bytes) -> bytes:
    return hashlib.sha256(b"superapp:mark:" + host).digest()[:MARK_BYTES]


def _box() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key("seal", secret))) for secret in _secrets()])
