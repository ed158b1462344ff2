"""A message that the gateway posted, put down once. Nothing is answered here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from plugins.sms import numbers
from plugins.sms.models import Heard, Outgoing
from plugins.sms.request import text_at
from plugins.sms.settings import setting
from superapp.sdk import (
    FieldError,
    Invalid,
    TooMany,
    current_tenant,
    defer,
    keyed_before,
    new_id,
    now,
    rate_limit,
    seal,
    session,
    work,
)

OLDEST, AHEAD = timedelta(days=7), timedelta(minutes=10)  # younger than the log, so that none is taken twice
LONGEST = 1600  # characters of a message of ten parts
LATEST = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Came:
    """One message as the gateway told it; `id` and `at` where it tells them. `sender` "" for what is no
    telephone, such as the name of a company."""

    sender: str
    text: str
    id: str = ""
    at: datetime | None = None


def read(told: object) -> Came:
    """The message in a gateway's post, by the field names of the settings. Raises Invalid naming a field."""
    sender, text = text_at(told, setting("from_field"), 40), text_at(told, setting("text_field"), LONGEST)
    missing = [setting(f"{name}_field") for name, value in (("from", sender), ("text", text)) if not value]
    if missing:
        raise Invalid(errors=[FieldError(name, "Isi bidang ini.", "required") for name in missing])
    number = numbers.digits(sender)
    return Came(number, text, text_at(told, setting("id_field"), 200), _moment(told))


def take(came: Came) -> bool:
    """Put it down and wake who hears it; False for a repeat and for who cannot be answered."""
    if not came.sender:
        return False
    state = _state(came)
    with work():
        sender = _put(came, state)
        if sender and state == "waiting":
            nudge(sender)
    return bool(sender)


def nudge(sender: str) -> None:
    """Have a number's messages heard, one job a number at a time, in order. Belongs inside of work()."""
    defer("sms.hear", lock=f"sms:in:{sender}", once=f"sms:in:{sender}", sender=sender)


def wake() -> None:
    """Take up messages in and out whose job was lost or whose time has come."""
    from plugins.sms.service import queueing

    with work() as unit:
        for sender in unit.scalars(select(Heard.sender_hash).where(Heard.state == "waiting").distinct()):
            nudge(sender)
        due = (Outgoing.state.in_(("waiting", "sending")), Outgoing.due_at <= now())
        for to in unit.scalars(select(Outgoing.to_hash).where(*due).distinct()):
            queueing.nudge(to)


def _state(came: Came) -> str:
    if came.at is not None and not now() - OLDEST <= came.at <= now() + AHEAD:
        return "old"
    try:
        rate_limit("sms.sender", came.sender, int(setting("per_hour")), 3600)
        rate_limit("sms.all", "", int(setting("per_minute")), 60)
    except TooMany:
        return "limited"
    return "waiting"


def _put(came: Came, state: str) -> str:
    """The hash of its sender when it is new. Without an id the same words count once in a while alone."""
    named = f"id:{came.id}" if came.id else f"words:{came.sender}:{came.at or ''}:{came.text}"
    marks = keyed_before("sms.message", named)
    if came.id and session().scalar(select(Heard.id).where(Heard.mark.in_(marks))) is not None:
        return ""
    sender = numbers.hashed(came.sender)
    packed = {"from": came.sender, "text": came.text, "at": (came.at or now()).isoformat()}
    values: dict[str, Any] = {
        "tenant_id": current_tenant().id,
        "id": new_id(),
        "mark": marks[0],
        "sender_hash": sender,
        "sealed": seal(orjson.dumps(packed).decode()) if state == "waiting" else "",
        "state": state,
        "tries": 0,
        "created_at": now(),
    }
    statement = insert(Heard).values(**values)
    if came.id or came.at:
        statement = statement.on_conflict_do_nothing()
    else:  # said again after a while: a message of its own
        since = now() - timedelta(seconds=int(setting("replay_seconds")))
        fresh = {name: statement.excluded[name] for name in values if name not in {"tenant_id", "mark"}}
        statement = statement.on_conflict_do_update(
            index_elements=["tenant_id", "mark"],
            set_=fresh,
            where=(Heard.created_at < since) & (Heard.state != "waiting"),
        )
    made = session().execute(statement.returning(Heard.id)).first()
    return sender if made is not None else ""


def _moment(told: object) -> datetime | None:
    """Seconds or milliseconds since 1970, or ISO 8601 with its zone; None for what is none of these."""
    text = text_at(told, setting("time_field"), 40)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        seconds = int(text) / 1000 if len(text) > 11 else int(text)
        return datetime.fromtimestamp(min(seconds, LATEST), UTC)
    try:
        read_one = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read_one.astimezone(UTC) if read_one.tzinfo and 1970 < read_one.year < 9999 else None
