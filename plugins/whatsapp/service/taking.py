"""What the webhook posted, put down: each message once, each receipt forward only. Nobody is answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert

from plugins.whatsapp.models import Heard, Outgoing, Peer, Receipt
from plugins.whatsapp.payloads import Mark, Parsed, Told
from plugins.whatsapp.service import names
from plugins.whatsapp.settings import setting
from superapp.sdk import TooMany, current_tenant, defer, log, new_id, now, rate_limit, seal, session, work

# Meta repeats a post for a week. The log outlives that (`keep_days` is at least 8), so that a message
# which may still be answered is always one that would be recognised.
OLDEST = timedelta(days=7)
AHEAD = timedelta(minutes=10)  # how far Meta's clock may be before ours
RANK = {"sent": 1, "delivered": 2, "failed": 3, "read": 4}


def take(parsed: Parsed) -> None:
    """Put messages and receipts down and wake who hears them. A repeated post changes nothing."""
    states = {told.id: _state(told) for told in parsed.messages}
    with work():
        for mark in parsed.marks:
            _receipt(mark)
        senders = {_message(told, states[told.id]) for told in parsed.messages} - {""}
        for sender in sorted(senders):
            nudge(sender)
    if parsed.foreign:
        log.get(__name__).warning("whatsapp_foreign_number", changes=parsed.foreign)


def nudge(sender: str) -> None:
    """Have a number's messages heard, one job a number at a time, in order. Belongs inside of work()."""
    defer("whatsapp.hear", lock=f"whatsapp:in:{sender}", once=f"whatsapp:in:{sender}", sender=sender)


def wake() -> None:
    """Take up messages in and out whose job was lost or whose time has come."""
    from plugins.whatsapp.service import queueing

    with work() as unit:
        for sender in unit.scalars(select(Heard.sender_hash).where(Heard.state == "waiting").distinct()):
            nudge(sender)
        due = (Outgoing.state.in_(("waiting", "sending")), Outgoing.due_at <= now())
        for to in unit.scalars(select(Outgoing.to_hash).where(*due).distinct()):
            queueing.nudge(to)


def _state(told: Told) -> str:
    """`waiting` for a message that will be heard, else why it will not."""
    if not now() - OLDEST <= told.at <= now() + AHEAD:
        return "old"
    try:
        rate_limit("whatsapp.sender", told.sender, int(setting("per_hour")), 3600)
        rate_limit("whatsapp.all", "", int(setting("per_minute")), 60)
    except TooMany:
        return "limited"
    return "waiting"


def _message(told: Told, state: str) -> str:
    """Put one down; returns the hash of its sender when there is something new to hear."""
    known = select(Heard.id).where(Heard.mark.in_(names.of_message_ever(told.id)))
    if session().scalar(known) is not None:
        return ""
    sender, waits = names.of_number(told.sender), state == "waiting"
    statement = insert(Heard).values(
        tenant_id=current_tenant().id,
        id=new_id(),
        mark=names.of_message(told.id),
        sender_hash=sender,
        kind=told.kind,
        sealed=seal(orjson.dumps(told.packed()).decode()) if waits else "",
        state=state,
        tries=0,
        sent_at=told.at,
        created_at=now(),
    )
    made = session().execute(statement.on_conflict_do_nothing().returning(Heard.id)).first()
    if made is None or state == "old":
        return ""
    _heard_last(sender, min(told.at, now()))
    return sender if waits else ""


def _heard_last(address_hash: str, at: datetime) -> None:
    statement = insert(Peer).values(tenant_id=current_tenant().id, address_hash=address_hash, last_at=at)
    session().execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "address_hash"],
            set_={"last_at": statement.excluded.last_at},
            where=Peer.last_at < statement.excluded.last_at,
        )
    )


def _receipt(mark: Mark) -> None:
    """Only forward: sent, delivered, read; a failure counts unless it was read."""
    statement = insert(Receipt).values(
        tenant_id=current_tenant().id,
        mark=names.of_message(mark.id),
        state=mark.state,
        code=mark.code,
        at=min(mark.at, now()),
    )
    new = statement.excluded
    session().execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "mark"],
            set_={"state": new.state, "code": new.code, "at": new.at},
            where=case(RANK, value=Receipt.state) < case(RANK, value=new.state),
        )
    )
