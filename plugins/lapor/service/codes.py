"""PIN, ticket and claim token: derived from the host's key and a salt, so none is kept in plain."""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from superapp.sdk import current_tenant, keyed

SALT_BYTES = 16


def new_salt() -> bytes:
    """A fresh salt; giving a case a new one ends its PIN, tickets and claim token."""
    return secrets.token_bytes(SALT_BYTES)


def pin(complaint_id: UUID, salt: bytes) -> str:
    """Six digits."""
    return f"{int(_derive('pin', complaint_id, salt), 16) % 1_000_000:06d}"


def ticket(complaint_id: UUID, salt: bytes) -> str:
    """What a reporter's browser keeps after the right PIN: 64 hex digits."""
    return complaint_id.hex + _derive("ticket", complaint_id, salt)


def claim_token(complaint_id: UUID, salt: bytes) -> str:
    """What an officer hands to the reporter once: 64 hex digits."""
    return complaint_id.hex + _derive("claim", complaint_id, salt)


def id_in(token: str) -> UUID | None:
    """The complaint that a ticket or claim token names; None when it is none at all."""
    try:
        return UUID(hex=token[:32]) if len(token) == 64 and token.isascii() else None
    except ValueError:
        return None


def same(given: str, right: str) -> bool:
    """Compare without telling how much was right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _derive(purpose: str, complaint_id: UUID, salt: bytes) -> str:
    return keyed(f"lapor.{purpose}", f"{current_tenant().id}:{complaint_id.hex}:{salt.hex()}")
