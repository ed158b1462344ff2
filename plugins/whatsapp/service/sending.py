"""Sending what waits for one number, in order: free words within a day of the citizen's last message,
approved templates after it.

Each try is marked before and after, in commits of its own. Free words cost nothing and go once more
when their fate is unknown; a template may cost and does not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select

from plugins.whatsapp import compose, graph, health
from plugins.whatsapp.models import Outgoing, Peer
from plugins.whatsapp.service import claims, names, queueing
from plugins.whatsapp.settings import setting, templates
from superapp.sdk import BrokenSeal, defer, log, now, session, unseal, work

BATCH = 20
PAUSES = (5, 60, 300, 1800, 7200, 21_600)  # seconds; then an officer decides
WINDOW = timedelta(hours=24) - timedelta(minutes=1)  # a minute for the way
UNDELIVERABLE = "undeliverable"
OVER = frozenset({"sent", "unknown", UNDELIVERABLE, "dropped"})  # nothing will be sent any more


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try: the state it leaves, why, and when the next one is due."""

    state: str
    reason: str = ""
    code: int = 0
    wamid: str = ""
    seconds: int = 0


def send(to: str) -> None:
    """Send what waits for a number; `to` is its hash."""
    for _ in range(BATCH):
        row = _claim(to)
        if row is None:
            return
        outcome = _try(row)
        _keep(row, outcome)
        if outcome.state == "waiting" and outcome.seconds:
            return
    with work():
        queueing.nudge(to)


def in_window(to_hash: str) -> bool:
    """True while free words may go to a number: it wrote within the last 24 hours."""
    last = session().scalar(select(Peer.last_at).where(Peer.address_hash == to_hash))
    return last is not None and last > now() - WINDOW


def _claim(to: str) -> Outgoing | None:
    """The oldest open message when it is due, marked as being sent; the transaction is over then.

    One lock a number: what is still marked from before belongs to a worker that died.
    """
    with work() as unit:
        open_ones = (Outgoing.to_hash == to, Outgoing.state.in_(("waiting", "sending")))
        query = select(Outgoing).where(*open_ones).order_by(Outgoing.created_at, Outgoing.id).limit(1)
        row = unit.scalars(query).one_or_none()
        while row is not None and row.state == "sending" and row.form == "template":
            row.state, row.reason, row.sealed, row.updated_at = "unknown", "worker died", "", now()
            unit.flush()
            row = unit.scalars(query).one_or_none()
        if row is None or row.due_at > now():
            return None
        row.state, row.tries, row.updated_at = "sending", row.tries + 1, now()
        part = _opened(row)
        row.form = _form(row, part) if part else ""
    return row


def _opened(row: Outgoing) -> dict[str, Any] | None:
    """What was queued; None when it was sealed with a host key that is gone."""
    try:
        part: dict[str, Any] = orjson.loads(unseal(row.sealed))
    except BrokenSeal:
        return None
    return part


def _form(row: Outgoing, part: dict[str, Any]) -> str:
    """In which form it goes: text or interactive, template, or "" when none is allowed."""
    if in_window(row.to_hash):
        return "interactive" if part["choices"] or part["asks_location"] else "text"
    return "template" if row.notice in templates() else ""


def _try(row: Outgoing) -> Outcome:
    if setting("mode") != "on":
        return Outcome("dropped", "off")
    if not claims.own_number():
        return Outcome("failed", "claimed")
    part = _opened(row)
    if part is None:
        return Outcome("dropped", "sealed")
    if not row.form:
        return Outcome(UNDELIVERABLE, "template" if row.notice else "window")
    try:
        wamid = graph.post(_message(row, part))
        health.token_taken()
        return Outcome("sent", wamid=wamid)
    except graph.Later as error:
        if row.tries > len(PAUSES):
            return Outcome("failed", error.reason, error.code)
        pause = int(PAUSES[row.tries - 1] * random.uniform(0.9, 1.1)) + 1
        return Outcome("waiting", error.reason, error.code, seconds=max(pause, error.seconds))
    except graph.Refused as error:
        return _refused(row, error)
    except graph.Unsure as error:
        if row.form == "template" or row.tries > 1:
            return Outcome("unknown", str(error))
        return Outcome("waiting", str(error), seconds=PAUSES[0])


def _message(row: Outgoing, part: dict[str, Any]) -> dict[str, Any]:
    if row.form == "template":
        return compose.approved(part["to"], templates()[row.notice], part["values"], part["choices"])
    return compose.free(part["to"], part)


def _refused(row: Outgoing, error: graph.Refused) -> Outcome:
    if error.code == graph.NOBODY:
        return Outcome(UNDELIVERABLE, "nobody", error.code)
    if error.code == graph.WINDOW:  # Meta's clock of the conversation is the one that counts
        with work() as unit:
            unit.execute(delete(Peer).where(Peer.address_hash == row.to_hash))
        if row.form != "template" and row.notice in templates():
            return Outcome("waiting", "window", error.code)
        return Outcome(UNDELIVERABLE, "window", error.code)
    if error.code in graph.TOKEN:
        health.token_refused()
    return Outcome("failed", error.reason, error.code)


def _keep(row: Outgoing, outcome: Outcome) -> None:
    with work():
        row.state, row.reason, row.code = outcome.state, outcome.reason[:100], outcome.code
        row.updated_at = now()
        row.due_at = now() + timedelta(seconds=outcome.seconds)
        if outcome.wamid:
            row.mark = names.of_message(outcome.wamid)
        if outcome.state in OVER:
            row.sealed = ""
        if outcome.seconds:
            defer("whatsapp.send", at=row.due_at, lock=f"whatsapp:out:{row.to_hash}", to=row.to_hash)
    if outcome.state == "failed":
        log.get(__name__).warning("whatsapp_parked", outgoing=str(row.id), code=outcome.code)
