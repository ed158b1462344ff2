"""Updates: kept as they come, answered in order for each chat, parked when they cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Upload
from plugins.percakapan.contracts import CHAT, Incoming, Problem, Sender
from plugins.telegram import api, composing, media, outbox, reading
from plugins.telegram.models import Update
from superapp.sdk import current_tenant, log, now, seal, session, unseal, use, work

TRIES = 3
PAUSES = (5, 60)  # seconds before the second and the third try


def keep(update: Mapping[str, Any]) -> bool:
    """Keep an update for the worker; False for one that was here before. Nothing is asked or answered."""
    chat = reading.chat_of(update)
    hashed = outbox.chat_key(chat) if chat is not None else ""
    facts = {
        "tenant_id": current_tenant().id,
        "update_id": update["update_id"],
        "chat": hashed,
        "body": seal(orjson.dumps(dict(update)).decode()) if hashed else "",
        "state": "waiting" if hashed else "dropped",
        "received_at": now(),
        "due_at": now(),
    }
    statement = insert(Update).values(**facts).on_conflict_do_nothing().returning(Update.update_id)
    with work() as unit:
        fresh = unit.execute(statement).first() is not None
        if fresh and hashed:
            outbox.nudge(hashed)
    return fresh


def take_one(chat: str) -> bool:
    """Answer the chat's oldest update; True when the next may follow."""
    with work() as unit:
        waiting = select(Update).where(Update.state == "waiting", Update.chat == chat)
        row = unit.scalars(waiting.order_by(Update.update_id).limit(1)).one_or_none()
    if row is None or row.due_at > now():
        return False
    number = row.update_id
    try:
        _answer(row)
    except api.BadToken:
        return _again(row, "token", outbox.TOKEN_PAUSE)
    except Exception as error:  # whatever an update does, the next ones of the chat have to be answered
        session().rollback()
        log.get(__name__).warning("telegram_update_failed", update=number, error=type(error).__name__)
        return _failed(number, type(error).__name__)
    return True


def _answer(row: Update) -> None:
    arrival = reading.read(orjson.loads(unseal(row.body)))
    if arrival is None:
        _done(row, "dropped")
        return
    if arrival.blocked:
        outbox.block(row.chat)
        _done(row, "done")
        return
    photos, problem = _pictures(arrival, last=row.tries + 1 >= TRIES)
    sender = Sender(outbox.CHANNEL, str(arrival.chat), name=arrival.name)
    message = Incoming(
        str(row.update_id), row.received_at, arrival.text, arrival.choice, arrival.location, photos, problem
    )
    with work():
        if arrival.callback:
            params = {"callback_query_id": arrival.callback}
            outbox.add(arrival.chat, f"{row.update_id}:pressed", "answerCallbackQuery", params)
        for place, say in enumerate(use(CHAT).hear(sender, message)):
            choices = [(each.code, each.title) for each in say.choices]
            params = composing.message(arrival.chat, say.text, choices, asks_location=say.asks_location)
            outbox.add(arrival.chat, f"{row.update_id}:{place}", "sendMessage", params)
        row.state, row.body, row.reason = "done", "", ""


def _pictures(arrival: reading.Arrival, *, last: bool) -> tuple[tuple[Upload, ...], Problem]:
    """Fetch the picture; at the last try one that cannot be had is told as gone."""
    if arrival.file is None:
        return (), arrival.problem
    try:
        return (media.fetch(arrival.file),), arrival.problem
    except media.NotTaken as error:
        return (), error.problem
    except api.BadToken:
        raise
    except api.Later:
        if last:
            return (), "gone"
        raise


def _done(row: Update, state: str) -> None:
    with work():
        row.state, row.body = state, ""


def _failed(update_id: int, reason: str) -> bool:
    """Try again a little later, and park it after the third time: the chat goes on without it."""
    with work() as unit:
        row = unit.scalars(select(Update).where(Update.update_id == update_id)).one()
        row.tries, row.reason = row.tries + 1, reason[:200]
        if row.tries < TRIES:
            return _again(row, reason, PAUSES[row.tries - 1])
        row.state = "parked"
    return True


def _again(row: Update, reason: str, pause: float) -> bool:
    with work():
        row.reason, row.due_at = reason, now() + timedelta(seconds=pause)
        outbox.nudge(row.chat, after=pause)
    return False
