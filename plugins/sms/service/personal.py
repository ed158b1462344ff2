"""What is kept of a person's number: that messages came and went, what they cost, and a wish for none."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from plugins.sms import numbers
from plugins.sms.models import Heard, Meter, Outgoing, Peer
from superapp.sdk import PersonalData, session, work


def export(contact: str) -> PersonalData | None:
    """Moments and states of the messages of this number, oldest first; None when there are none."""
    hashes = _hashes(contact)
    if not hashes:
        return None
    came = select(Heard).where(Heard.sender_hash.in_(hashes)).order_by(Heard.created_at, Heard.id)
    went = select(Outgoing).where(Outgoing.to_hash.in_(hashes)).order_by(Outgoing.created_at, Outgoing.id)
    stop = select(Peer.stopped_at).where(Peer.address_hash.in_(hashes))
    found = {
        "received": [
            {"at": row.created_at.isoformat(), "state": row.state} for row in session().scalars(came)
        ],
        "sent": [
            {"at": row.created_at.isoformat(), "kind": row.notice or "answer", "state": row.state}
            for row in session().scalars(went)
        ],
        "no_notices_since": [moment.isoformat() for moment in session().scalars(stop)],
    }
    return PersonalData("SMS", found) if any(found.values()) else None


def forget(contact: str) -> int:
    """Take a number out of all messages; what still waits is not sent. Returns how many rows it was in.

    The wish for no notices goes too: it is kept under the number alone.
    """
    hashes = _hashes(contact)
    if not hashes:
        return 0
    open_in = Heard.state == "waiting"
    open_out = Outgoing.state.in_(("waiting", "sending", "failed"))
    steps = (
        update(Heard).where(Heard.sender_hash.in_(hashes), open_in).values(state="failed"),
        update(Outgoing)
        .where(Outgoing.to_hash.in_(hashes), open_out)
        .values({"state": "dropped", "reason": "erased"}),
    )
    counted = (
        update(Heard).where(Heard.sender_hash.in_(hashes)).values(sender_hash="", sealed=""),
        update(Outgoing).where(Outgoing.to_hash.in_(hashes)).values(to_hash="", sealed=""),
        delete(Peer).where(Peer.address_hash.in_(hashes)),
        delete(Meter).where(Meter.who.in_(hashes)),
    )
    with work() as unit:
        for step in steps:
            unit.execute(step)
        return sum(cast("CursorResult[Any]", unit.execute(step)).rowcount for step in counted)


def _hashes(contact: str) -> tuple[str, ...]:
    number = numbers.digits(contact) if "@" not in contact else ""
    return numbers.hashed_ever(number) if number else ()
