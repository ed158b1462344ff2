"""The vault's arithmetic: locking a text to its row, wrapping a key, tags to search by. No database."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from superapp.sdk import BrokenSeal

Field = Literal["name", "phone", "email", "nik"]
FIELDS: tuple[Field, ...] = ("name", "phone", "email", "nik")
SEARCHED: tuple[Field, ...] = ("phone", "email", "nik")
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
BLOCK = 32  # a locked text is padded to a multiple of this, so that its length tells no name
NIK = re.compile(r"[0-9]{16}")


def fresh_key() -> bytes:
    """A new key of 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def place(tenant_id: int, table: str, column: str, row_id: object) -> str:
    """What a ciphertext is bound to: its government, table, column and row."""
    return f"{tenant_id}/{table}/{column}/{row_id}"


def lock(key: bytes, text: str, bound_to: str) -> bytes:
    """Encrypt with AES-256-GCM: nonce, then ciphertext. An empty text stays empty."""
    return wrap(key, _pad(text.encode()), bound_to) if text else b""


def unlock(key: bytes, locked: bytes, bound_to: str) -> str:
    """The text again. Raises BrokenSeal for a wrong key, another place or changed bytes."""
    return _unpad(unwrap(key, locked, bound_to)).decode() if locked else ""


def wrap(key: bytes, secret: bytes, bound_to: str) -> bytes:
    """Encrypt bytes, most often another key, for one place."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, bound_to.encode())


def unwrap(key: bytes, wrapped: bytes, bound_to: str) -> bytes:
    """What was wrapped. Raises BrokenSeal."""
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal("This does not open here: another key, another row, or changed bytes.") from error


def tag(key: bytes, field: str, text: str, use: str = "search") -> bytes | None:
    """The blind index of a value (HMAC-SHA256, 16 bytes): equal for equal numbers, telling nothing else.

    Of each `use` it is another one. None for an empty value, so that an empty field never finds anything.
    """
    told = normal(field, text)
    if not told:
        return None
    return hmac.new(key, f"{use}\0{field}\0{told}".encode(), hashlib.sha256).digest()[:TAG_BYTES]


def normal(field: str, text: str) -> str:
    """One spelling for all ways of writing a number or an address.

    `0812-3456`, `+62 812 3456`, `62812 3456`, `0062812…` and `+62 (0)812…` are the same phone.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if field == "email":
        return plain.casefold()
    digits = re.sub(r"[^0-9]", "", plain)
    return _phone(digits, abroad=plain.startswith("+")) if field == "phone" else digits


def kind_of(text: str) -> Field | None:
    """Whether a text that is searched for is an e-mail address, a NIK or a phone number; None: neither."""
    if "@" in text:
        return "email"
    digits = normal("nik", text)
    if NIK.fullmatch(digits) and not text.strip().startswith("+"):
        return "nik"
    return "phone" if 6 <= len(digits) <= 20 else None


def _phone(digits: str, *, abroad: bool) -> str:
    if not abroad:
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith(("0", "8")):
            digits = f"62{digits}"
    return f"62{digits[2:].lstrip('0')}" if digits.startswith("62") else digits


def _pad(data: bytes) -> bytes:
    return data + b"\x80" + b"\0" * (-(len(data) + 1) % BLOCK)


def _unpad(data: bytes) -> bytes:
    return data.rstrip(b"\0")[:-1]
