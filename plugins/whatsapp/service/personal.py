"""What is kept of a person's number: that messages came and went, and those that still wait."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from plugins.whatsapp.models import Heard, Outgoing, Peer
from plugins.whatsapp.service import names
from superapp.sdk import PersonalData, session, work


def export(contact: str) -> PersonalData | None:
    """Moments and states of the messages of this number, oldest first; None when there are none."""
    hashes = _hashes(contact)
    if not hashes:
        return None
    came = select(Heard).where(Heard.sender_hash.in_(hashes)).order_by(Heard.sent_at, Heard.id)
    went = select(Outgoing).where(Outgoing.to_hash.in_(hashes)).order_by(Outgoing.created_at, Outgoing.id)
    found = {
        "received": [
            {"at": row.sent_at.isoformat(), "kind": row.kind, "state": row.state}
            for row in session().scalars(came)
        ],
        "sent": [
            {"at": row.created_at.isoformat(), "kind": row.notice or "answer", "state": row.state}
            for row in session().scalars(went)
        ],
    }
    return PersonalData("WhatsApp", found) if any(found.values()) else None


def forget(contact: str) -> int:
    """Take a number out of all messages; what still waits is not sent. Returns how many rows it was in."""
    hashes = _hashes(contact)
    if not hashes:
        return 0
    open_in = Heard.state == "waiting"
    open_out = Outgoing.state.in_(("waiting", "sending", "failed"))
    erased = {"state": "dropped", "reason": "erased"}
    steps = (
        update(Heard).where(Heard.sender_hash.in_(hashes), open_in).values(state="failed"),
        update(Outgoing).where(Outgoing.to_hash.in_(hashes), open_out).values(erased),
    )
    counted = (
        update(Heard).where(Heard.sender_hash.in_(hashes)).values(sender_hash="", sealed=""),
        update(Outgoing).where(Outgoing.to_hash.in_(hashes)).values(to_hash="", sealed=""),
        delete(Peer).where(Peer.address_hash.in_(hashes)),
    )
    with work() as unit:
        for step in steps:
            unit.execute(step)
        return sum(cast("CursorResult[Any]", unit.execute(step)).rowcount for step in counted)


def _hashes(contact: str) -> tuple[str, ...]:
    number = names.digits(contact) if "@" not in contact else ""
    return names.of_number_ever(number) if number else ()
