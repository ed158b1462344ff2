"""Putting messages into the queue out: answers of the conversation, and notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.dialects.postgresql import insert

from plugins.percakapan.contracts import Say
from plugins.whatsapp import compose
from plugins.whatsapp.models import Outgoing
from plugins.whatsapp.service import names
from plugins.whatsapp.settings import setting
from superapp.sdk import Message, current_tenant, defer, new_id, now, seal, session, work


def answer(to: str, heard_id: UUID, says: Iterable[Say]) -> None:
    """Queue what the conversation says to a number. Belongs inside of work()."""
    number = 0
    for say in says:
        for part in compose.parts(say):
            _add(to, f"chat:{heard_id}:{number}", part)
            number += 1


def deliver(message: Message) -> None:
    """Queue a notice; the same key twice is queued once. Of another channel: nothing happens."""
    if message.channel != names.CHANNEL:
        return
    part = {
        "text": message.text.strip(),
        "choices": [[code, title] for code, title in message.choices][: compose.MOST_BUTTONS],
        "asks_location": False,
        "values": dict(message.values),
    }
    with work():
        _add(names.digits(message.to), f"note:{message.key}"[:300], part, message.kind or "notice")


def nudge(to_hash: str) -> None:
    """One sender a number at a time keeps the order. Belongs inside of work()."""
    defer("whatsapp.send", lock=f"whatsapp:out:{to_hash}", once=f"whatsapp:out:{to_hash}", to=to_hash)


def _add(to: str, key: str, part: dict[str, Any], notice: str = "") -> None:
    state, reason = ("waiting", "") if setting("mode") == "on" else ("skipped", "off")
    if not to:
        state, reason = "undeliverable", "number"
    to_hash = names.of_number(to) if to else ""
    sealed = seal(orjson.dumps({"to": to, **part}).decode()) if state == "waiting" else ""
    statement = insert(Outgoing).values(
        tenant_id=current_tenant().id,
        id=new_id(),
        key=key,
        to_hash=to_hash,
        notice=notice,
        form="",
        sealed=sealed,
        state=state,
        reason=reason,
        code=0,
        tries=0,
        due_at=now(),
        created_at=now(),
        updated_at=now(),
    )
    made = session().execute(statement.on_conflict_do_nothing().returning(Outgoing.id)).first()
    if made is not None and state == "waiting":
        nudge(to_hash)
