"""Hearing a number's messages in order: STOP and MULAI first, then the conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from plugins.percakapan.contracts import CHAT, Incoming, Say, Sender
from plugins.sms.models import Heard, Peer
from plugins.sms.numbers import CHANNEL
from plugins.sms.service import queueing, taking
from superapp.sdk import current_tenant, defer, log, now, unseal, use, work

BATCH = 20
MOST_TRIES = 5
PAUSES = (5, 30, 120, 600)  # seconds
STOP = frozenset({"stop", "berhenti", "unreg", "unsubscribe"})
START = frozenset({"mulai", "start", "reg"})
STOPPED = "Baik, kami tidak mengirim kabar lewat SMS lagi. Balas MULAI untuk menerimanya lagi."
STARTED = "Baik, kabar laporan Anda dikirim lewat SMS lagi. Balas BERHENTI untuk menghentikannya."


def hear(sender: str) -> None:
    """Hear what waits from one number, the oldest first; `sender` is the number's hash."""
    for _ in range(BATCH):
        row = _next(sender)
        if row is None or not _hear(row):
            return
    with work():
        taking.nudge(sender)


def _next(sender: str) -> Heard | None:
    waiting = (Heard.sender_hash == sender, Heard.state == "waiting")
    with work() as unit:
        query = select(Heard).where(*waiting).order_by(Heard.created_at, Heard.id).limit(1)
        row = unit.scalars(query).one_or_none()
        if row is not None:
            row.tries += 1
    return row


def _hear(row: Heard) -> bool:
    """True when the next one may follow. One that fails again and again must not hold up the others."""
    try:
        with work():
            _converse(row, orjson.loads(unseal(row.sealed)))
    except Exception as error:
        log.get(__name__).error("sms_not_heard", heard=str(row.id), error=type(error).__name__)
        last = row.tries >= MOST_TRIES
        with work():
            if last:
                row.state, row.sealed = "failed", ""
            else:
                at = now() + timedelta(seconds=PAUSES[row.tries - 1])
                defer("sms.hear", at=at, lock=f"sms:in:{row.sender_hash}", sender=row.sender_hash)
        return last
    return True


def _converse(row: Heard, told: dict[str, Any]) -> None:
    number, text = str(told["from"]), str(told["text"])
    word = text.strip(" .!").casefold()
    says: tuple[Say, ...]
    if word in STOP:
        _stop(row.sender_hash)
        says = (Say(STOPPED),)
    elif word in START and _start(row.sender_hash):
        says = (Say(STARTED),)
    else:
        sender = Sender(CHANNEL, number, phone=number)
        says = use(CHAT).hear(sender, Incoming(str(row.id), datetime.fromisoformat(told["at"]), text=text))
    queueing.answer(number, row.id, says)
    row.state, row.sealed = "done", ""


def _stop(address_hash: str) -> None:
    statement = insert(Peer).values(
        tenant_id=current_tenant().id, address_hash=address_hash, stopped_at=now()
    )
    with work() as unit:
        unit.execute(statement.on_conflict_do_nothing())


def _start(address_hash: str) -> bool:
    """True when this number had stopped; else the word means what the conversation makes of it."""
    with work() as unit:
        gone = unit.execute(
            delete(Peer).where(Peer.address_hash == address_hash).returning(Peer.address_hash)
        )
        return gone.first() is not None
