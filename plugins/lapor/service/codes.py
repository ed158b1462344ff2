"""PIN, ticket and claim token: derived from the host's key and a salt, so none is kept in plain."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from uuid import UUID

from superapp.sdk import current_tenant, keyed_before, now

SALT_BYTES = 16
SHORT = 72


def new_salt() -> bytes:
    """A fresh salt; giving a case a new one ends its PIN, tickets and claim token."""
    return secrets.token_bytes(SALT_BYTES)


def pin(complaint_id: UUID, salt: bytes) -> str:
    """Six digits."""
    return _digits(_derive("pin", complaint_id, salt)[0])


def ticket(complaint_id: UUID, salt: bytes) -> str:
    """What a reporter's browser keeps after the right PIN: 64 hex digits."""
    return complaint_id.hex + _derive("ticket", complaint_id, salt)[0]


def claim_token(complaint_id: UUID, salt: bytes) -> str:
    """What an officer hands to the reporter once: 64 hex digits."""
    return complaint_id.hex + _derive("claim", complaint_id, salt)[0]


def is_pin(given: str, complaint_id: UUID, salt: bytes) -> bool:
    """True for the right PIN, also one that was handed out before the host's key changed."""
    told = re.sub(r"[^0-9]", "", given)[:12]
    return any(same(told, _digits(each)) for each in _derive("pin", complaint_id, salt))


def is_ticket(given: str, complaint_id: UUID, salt: bytes) -> bool:
    """True for the right ticket, also an earlier one."""
    return any(same(given, complaint_id.hex + each) for each in _derive("ticket", complaint_id, salt))


def is_claim(given: str, complaint_id: UUID, salt: bytes) -> bool:
    """True for the right claim token, also an earlier one."""
    return any(same(given, complaint_id.hex + each) for each in _derive("claim", complaint_id, salt))


def short_ticket(complaint_id: UUID, salt: bytes, until: datetime) -> str:
    """A ticket for a mail that ends at a moment: 72 hex digits, of which 8 are that moment."""
    ends = f"{int(until.timestamp()):08x}"
    return complaint_id.hex + ends + _derive(f"short.{ends}", complaint_id, salt)[0]


def is_short_ticket(given: str, complaint_id: UUID, salt: bytes) -> bool:
    """True for a short ticket of this case whose moment has not come."""
    ends = given[32:40]
    if not re.fullmatch(r"[0-9a-f]{8}", ends) or now().timestamp() >= int(ends, 16):
        return False
    return any(same(given[40:], each) for each in _derive(f"short.{ends}", complaint_id, salt))


def id_in(token: str) -> UUID | None:
    """The complaint that a ticket, short ticket or claim token names; None when it is none at all."""
    try:
        return UUID(hex=token[:32]) if len(token) in (64, SHORT) and token.isascii() else None
    except ValueError:
        return None


def same(given: str, right: str) -> bool:
    """Compare without telling how much was right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _digits(derived: str) -> str:
    return f"{int(derived, 16) % 1_000_000:06d}"


def _derive(purpose: str, complaint_id: UUID, salt: bytes) -> tuple[str, ...]:
    return keyed_before(f"lapor.{purpose}", f"{current_tenant().id}:{complaint_id.hex}:{salt.hex()}")
