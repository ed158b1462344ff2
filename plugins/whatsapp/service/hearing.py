"""Hearing a number's messages in order: fetch the photo, have the conversation, queue what it says."""

from __future__ import annotations

from datetime import timedelta

import orjson
from sqlalchemy import select

from plugins.lapor.contracts import Upload
from plugins.percakapan.contracts import CHAT, Incoming, Problem, Sender
from plugins.whatsapp import graph
from plugins.whatsapp.models import Heard
from plugins.whatsapp.payloads import Media, Told, unpacked
from plugins.whatsapp.service import queueing, taking
from plugins.whatsapp.service.names import CHANNEL
from superapp.sdk import defer, log, now, unseal, use, work

BATCH = 20
MOST_TRIES = 5
PHOTO_TRIES = 3  # then the citizen is told that the photo did not come
PAUSES = (5, 30, 120, 600, 1800)  # seconds


def hear(sender: str) -> None:
    """Hear what waits from one number, the oldest first; `sender` is the number's hash."""
    for _ in range(BATCH):
        row = _next(sender)
        if row is None:
            return
        if not _hear(row):
            return
    with work():
        taking.nudge(sender)


def _next(sender: str) -> Heard | None:
    """The oldest waiting message, its try counted in a commit of its own."""
    waiting = (Heard.sender_hash == sender, Heard.state == "waiting")
    with work() as unit:
        query = select(Heard).where(*waiting).order_by(Heard.sent_at, Heard.id).limit(1)
        row = unit.scalars(query).one_or_none()
        if row is not None:
            row.tries += 1
    return row


def _hear(row: Heard) -> bool:
    """True when the next one may follow. One that fails again and again must not hold up the others."""
    try:
        told = unpacked(orjson.loads(unseal(row.sealed)))
        photos, problem = _photos(told.media, row.tries) if told.media else ((), told.problem)
        _converse(row, told, photos, problem)
    except graph.Later as error:
        _later(row, max(error.seconds, PAUSES[min(row.tries, len(PAUSES)) - 1]))
        return False
    except Exception as error:
        log.get(__name__).error("whatsapp_not_heard", heard=str(row.id), error=type(error).__name__)
        if row.tries < MOST_TRIES:
            _later(row, PAUSES[row.tries - 1])
            return False
        with work():
            row.state, row.sealed = "failed", ""
    return True


def _converse(row: Heard, told: Told, photos: tuple[Upload, ...], problem: Problem) -> None:
    with work():
        sender = Sender(CHANNEL, told.sender, phone=told.sender, name=told.name)
        message = Incoming(
            row.mark,
            told.at,
            text=told.text,
            choice=told.choice,
            location=told.location,
            photos=photos,
            problem=problem,
        )
        says = use(CHAT).hear(sender, message)
        queueing.answer(told.sender, row.id, says)
        row.state, row.sealed = "done", ""


def _photos(media: Media, tries: int) -> tuple[tuple[Upload, ...], Problem]:
    """The photo, or why there is none. Raises graph.Later while it is worth waiting for."""
    try:
        got = graph.photo(media.id)
    except graph.Missing as error:
        problems: dict[str, Problem] = {"type": "type", "size": "size"}
        return (), problems.get(str(error), "gone")
    except graph.Later:
        if tries < PHOTO_TRIES:
            raise
        return (), "gone"
    return (Upload(got.name, got.data),), ""


def _later(row: Heard, seconds: int) -> None:
    with work():
        at = now() + timedelta(seconds=seconds)
        defer("whatsapp.hear", at=at, lock=f"whatsapp:in:{row.sender_hash}", sender=row.sender_hash)
