"""Sending what waits for one number, in order, each message once.

A gateway has no way to take a message back, and each costs: what may have gone out is not repeated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy import select

from plugins.sms import health, request
from plugins.sms.models import Outgoing, Peer
from plugins.sms.service import queueing, spending
from plugins.sms.settings import NAME, setting
from superapp.sdk import (
    BrokenSeal,
    current_tenant,
    defer,
    log,
    now,
    outbound,
    session,
    settings_of,
    unseal,
    work,
)

BATCH = 20
PAUSES = (10, 60, 300, 1800, 7200)  # seconds; then an officer decides
SECONDS = 15.0
MOST_ANSWER = 100_000
LATER = frozenset({425, 429, 503})  # surely not taken
REFUSED_US = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `went` is False when it surely did not go out, and so costs nothing."""

    state: str
    reason: str = ""
    went: bool = False
    seconds: int = 0


def send(to: str) -> None:
    """Send what waits for a number; `to` is its hash."""
    for _ in range(BATCH):
        claimed = _claim(to)
        if claimed is None:
            return
        row, bill = claimed
        if bill is None:
            continue
        outcome = _try(row)
        _keep(row, bill, outcome)
        if outcome.seconds:
            return
    with work():
        queueing.nudge(to)


def _claim(to: str) -> tuple[Outgoing, spending.Bill | None] | None:
    """The oldest open message when it is due, paid for and marked as being sent; without a bill it was
    given up. The transaction is over then.

    One lock a number: what is still marked from before belongs to a worker that died, and may have gone.
    """
    with work() as unit:
        open_ones = (Outgoing.to_hash == to, Outgoing.state.in_(("waiting", "sending")))
        query = select(Outgoing).where(*open_ones).order_by(Outgoing.created_at, Outgoing.id).limit(1)
        row = unit.scalars(query).one_or_none()
        if row is None or row.due_at > now():
            return None
        row.updated_at = now()
        bill = None
        if row.state == "sending":
            row.state, row.reason = "unknown", "worker died"
        elif setting("mode") != "on":
            row.state, row.reason = "dropped", "off"
        elif row.notice and _stopped(to):
            row.state = "stopped"
        else:
            bill = _pay(row)
        if bill is None:
            row.sealed = ""
    return row, bill


def _pay(row: Outgoing) -> spending.Bill | None:
    try:
        bill = spending.take(row.to_hash, row.parts, essential=row.essential)
    except spending.TooDear as error:
        row.state, row.reason = "capped", str(error)
        log.get(__name__).warning("sms_capped", cap=str(error))
        return None
    row.state, row.cost, row.tries = "sending", bill.cost, row.tries + 1
    return bill


def _stopped(to: str) -> bool:
    return session().scalar(select(Peer.stopped_at).where(Peer.address_hash == to)) is not None


def _try(row: Outgoing) -> Outcome:
    try:
        told, settings = orjson.loads(unseal(row.sealed)), settings_of(current_tenant(), NAME)
    except BrokenSeal:  # the host key is gone
        return Outcome("dropped", "sealed")
    made = request.make(settings, to=told["to"], text=told["text"], key=str(row.id))
    try:
        reply = outbound.send(
            made.method,
            made.url,
            headers=made.headers,
            content=made.content,
            seconds=SECONDS,
            most=MOST_ANSWER,
        )
    except outbound.NotSent as error:
        return _later(row, str(error))
    except outbound.Uncertain as error:
        return Outcome("unknown", str(error), went=True)
    if request.taken(settings, reply.status, reply.body):
        health.gateway_takes()
        return Outcome("sent", went=True)
    if reply.status in LATER:
        return _later(row, f"HTTP {reply.status}")
    if reply.status >= 500:
        return Outcome("unknown", f"HTTP {reply.status}", went=True)
    if reply.status in REFUSED_US:
        health.gateway_refuses()
    return Outcome("failed", f"HTTP {reply.status}")


def _later(row: Outgoing, reason: str) -> Outcome:
    if row.tries > len(PAUSES):
        return Outcome("failed", reason)
    return Outcome("waiting", reason, seconds=int(PAUSES[row.tries - 1] * random.uniform(0.9, 1.1)) + 1)


def _keep(row: Outgoing, bill: spending.Bill, outcome: Outcome) -> None:
    with work():
        row.state, row.reason, row.updated_at = outcome.state, outcome.reason[:100], now()
        row.due_at = now() + timedelta(seconds=outcome.seconds)
        if outcome.went or outcome.state == "dropped":
            row.sealed = ""
        if not outcome.went:
            row.cost = 0
            spending.put_back(bill)
        if outcome.seconds:
            defer("sms.send", at=row.due_at, lock=f"sms:out:{row.to_hash}", to=row.to_hash)
