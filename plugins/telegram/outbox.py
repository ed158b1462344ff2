"""What the bot has to say: queued with the transaction, sent in order for each chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from plugins.telegram import api, composing
from plugins.telegram.models import Message
from superapp.sdk import (
    BrokenSeal,
    current_tenant,
    defer,
    keyed,
    log,
    new_id,
    now,
    seal,
    session,
    unseal,
    work,
)
from superapp.sdk import Message as Told

CHANNEL = "telegram"
PAUSES = (5, 30, 120, 600, 1800, 7200)  # seconds after each failure; then it is dead
TOKEN_PAUSE = 900


def chat_key(chat: int | str) -> str:
    """What stands for a chat in the tables and the queue."""
    return keyed("telegram.chat", str(chat))


def nudge(chat: str, *, after: float = 0) -> None:
    """Let the chat's job run; one at a time keeps the order.

    One that is to run later holds no lock meanwhile: what the citizen writes until then is taken in.
    """
    name = f"telegram:{chat}"
    if after:
        defer("telegram.later", at=now() + timedelta(seconds=after), chat=chat)
    else:
        defer("telegram.talk", lock=name, once=name, chat=chat)


def add(chat: int, key: str, method: str, params: Mapping[str, Any]) -> None:
    """Queue one call, once for each key. Belongs inside of work()."""
    hashed = chat_key(chat)
    facts = {
        "tenant_id": current_tenant().id,
        "id": new_id(),
        "chat": hashed,
        "key": key[:200],
        "body": seal(orjson.dumps({"method": method, "params": dict(params)}).decode()),
        "state": "waiting",
        "created_at": now(),
        "due_at": now(),
    }
    session().execute(insert(Message).values(**facts).on_conflict_do_nothing())
    nudge(hashed)


def deliver(message: Told) -> None:
    """A notice for a chat; others' channels are left alone."""
    if message.channel != CHANNEL or not (message.to.isascii() and message.to.isdigit()):
        return
    chat = int(message.to[:16])
    with work():
        add(chat, message.key, "sendMessage", composing.message(chat, message.text, message.choices))


def send_one(chat: str) -> bool:
    """Send the chat's oldest message; True when the next may follow.

    A worker that dies after Telegram took it sends it again: a number told twice is better than none.
    """
    with work() as unit:
        waiting = select(Message).where(Message.state == "waiting", Message.chat == chat)
        row = unit.scalars(waiting.order_by(Message.created_at, Message.id).limit(1)).one_or_none()
    if row is None or row.due_at > now():
        return False
    number = row.id
    try:
        told = orjson.loads(unseal(row.body))
        api.call(told["method"], told["params"])
    except api.Later as error:
        _later(row, error)
        return False
    except api.Blocked:
        block(chat)
        return False
    except (api.Refused, BrokenSeal) as error:
        _end(row, "refused", str(error))
        return True
    except Exception as error:  # a message that breaks here must not hold the chat up for good
        session().rollback()
        log.get(__name__).warning("telegram_message_failed", message=str(number), error=type(error).__name__)
        _end(row, "dead", type(error).__name__)
        return True
    _end(row, "sent")
    return True


def _end(row: Message, state: str, reason: str = "") -> None:
    with work():
        row.tries, row.state, row.reason, row.body = row.tries + 1, state, reason[:200], ""


def _later(row: Message, error: api.Later) -> None:
    """Wait as long as Telegram says; else longer each time, until it is dead. A bad token kills nothing."""
    with work():
        row.reason = str(error)[:200]
        if isinstance(error, api.BadToken):
            pause: float = TOKEN_PAUSE
        elif error.seconds:
            pause = error.seconds
        elif row.tries >= len(PAUSES):
            row.state, row.tries = "dead", row.tries + 1
            nudge(row.chat)
            return
        else:
            pause = PAUSES[row.tries]
            row.tries += 1
        row.due_at = now() + timedelta(seconds=pause)
        nudge(row.chat, after=pause)


def block(chat: str) -> None:
    """Nothing more reaches this chat: what waits for it is given up."""
    with work() as unit:
        waiting = (Message.state == "waiting", Message.chat == chat)
        unit.execute(update(Message).where(*waiting).values(state="refused", reason="blocked", body=""))
