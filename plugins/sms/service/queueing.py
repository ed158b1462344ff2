"""Putting messages into the queue out: answers of the conversation in one SMS, and notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

import orjson
from sqlalchemy.dialects.postgresql import insert

from plugins.percakapan.contracts import Say
from plugins.sms import numbers, parts
from plugins.sms.models import Outgoing
from plugins.sms.settings import setting
from superapp.sdk import Message, current_tenant, defer, new_id, now, seal, session, work

# What a citizen cannot do without: the number of the report and its PIN.
RECEIPT = "lapor.submitted"
PIN = re.compile(r"\bPIN\b\D{0,12}\d{3}")


def answer(to: str, heard_id: UUID, says: Iterable[Say]) -> None:
    """Queue what the conversation says to a number, as one message. Belongs inside of work()."""
    said = list(says)
    offering = next((each for each in reversed(said) if each.choices), None)
    texts = [numbered(each.text, _pairs(each) if each is offering else ()) for each in said]
    text = "\n".join(text for text in texts if text)
    if text:
        _add(to, f"chat:{heard_id}", text, essential=PIN.search(text) is not None)


def deliver(message: Message) -> None:
    """Queue a notice; the same key twice is queued once. Of another channel: nothing happens."""
    if message.channel != numbers.CHANNEL:
        return
    essential = message.kind == RECEIPT or PIN.search(message.text) is not None
    text = numbered(message.text, message.choices)
    with work():
        notice = message.kind or "notice"
        _add(
            numbers.digits(message.to), f"note:{message.key}"[:300], text, notice=notice, essential=essential
        )


def numbered(text: str, choices: Sequence[tuple[str, str]]) -> str:
    """The text with its choices as numbered lines: the number that comes back is the choice."""
    lines = [f"{place}. {title}" for place, (_code, title) in enumerate(choices, 1)]
    return parts.plain("\n".join([text.strip(), *lines])).strip()


def nudge(to_hash: str) -> None:
    """One sender a number at a time keeps the order. Belongs inside of work()."""
    defer("sms.send", lock=f"sms:out:{to_hash}", once=f"sms:out:{to_hash}", to=to_hash)


def _pairs(say: Say) -> tuple[tuple[str, str], ...]:
    return tuple((each.code, each.title) for each in say.choices)


def _add(to: str, key: str, text: str, *, notice: str = "", essential: bool = False) -> None:
    state, reason = ("waiting", "") if setting("mode") == "on" else ("skipped", "off")
    if not to:
        state, reason = "undeliverable", "number"
    text = parts.fit(text, int(setting("most_parts")))
    to_hash = numbers.hashed(to) if to else ""
    sealed = seal(orjson.dumps({"to": to, "text": text}).decode()) if state == "waiting" else ""
    statement = insert(Outgoing).values(
        tenant_id=current_tenant().id,
        id=new_id(),
        key=key,
        to_hash=to_hash,
        notice=notice,
        essential=essential,
        sealed=sealed,
        state=state,
        reason=reason,
        tries=0,
        parts=parts.count(text),
        cost=0,
        due_at=now(),
        created_at=now(),
        updated_at=now(),
    )
    made = session().execute(statement.on_conflict_do_nothing().returning(Outgoing.id)).first()
    if made is not None and state == "waiting":
        nudge(to_hash)
