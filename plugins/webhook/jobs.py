"""Sending what waits for one address, in order, until something fails; then later, less and less often."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import delete, select
from standardwebhooks import Webhook

from plugins.webhook import service
from plugins.webhook.models import Delivery, Subscription
from superapp.sdk import defer, log, now, outbound, work

# Of one message: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, as Standard Webhooks advises.
PAUSES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
RESTS = (60, 300, 900, 3600)  # of an address, seconds, once it failed five times in a row
PATIENCE = 5
BATCH = 50
SECONDS = 10.0
KEEP = timedelta(days=30)


def send_next(subscription_id: str) -> None:
    """Send what waits, the oldest first. Each try is marked before and after, in commits of their own.

    A worker that dies in between sends again under the same id, by which the other side knows it.
    """
    for _ in range(BATCH):
        row = _due(UUID(subscription_id))
        if row is None:
            return
        if not _try(*row):
            return
    with work():
        service.nudge(UUID(subscription_id))


def wake() -> None:
    """Take up addresses whose rest is over, and those whose job was lost."""
    with work() as unit:
        waiting = select(Delivery.subscription_id).where(Delivery.state == "waiting").distinct()
        for subscription_id in unit.scalars(waiting):
            service.nudge(subscription_id)


def sweep() -> None:
    """Forget deliveries older than 30 days, and former secrets whose time is over."""
    service.end_old_secrets()
    with work() as unit:
        unit.execute(delete(Delivery).where(Delivery.created_at < now() - KEEP, Delivery.state != "waiting"))


def _due(subscription_id: UUID) -> tuple[Subscription, Delivery] | None:
    """The oldest waiting message of an address that is neither paused nor at rest; None when none is due.

    The transaction is over when this returns: nothing stays locked while the other side thinks.
    """
    with work() as unit:
        target = unit.scalars(select(Subscription).where(Subscription.id == subscription_id)).one_or_none()
        if target is None or not target.active or (target.rests_until and target.rests_until > now()):
            return None
        waiting = (Delivery.subscription_id == subscription_id, Delivery.state == "waiting")
        query = select(Delivery).where(*waiting).order_by(Delivery.created_at, Delivery.id).limit(1)
        row = unit.scalars(query).one_or_none()
    return (target, row) if row is not None and row.due_at <= now() else None


def _try(target: Subscription, row: Delivery) -> bool:
    """One try; True when it was taken and the next may follow."""
    body = orjson.dumps(service.envelope(row))
    moment = now()
    # Two signatures while a secret is being changed: the other side may know either.
    signs = (
        Webhook(secret).sign(str(row.id), moment, body.decode()) for secret in service.opened_secrets(target)
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "superapp-webhook/1",
        "webhook-id": str(row.id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signs),
    }
    status, reason = 0, ""
    try:
        status = outbound.send("POST", target.url, headers=headers, content=body, seconds=SECONDS).status
    except (outbound.NotSent, outbound.Uncertain) as error:
        reason = str(error)[:200]
    taken = 200 <= status < 300
    with work():
        row.tries, row.tried_at, row.status, row.reason = row.tries + 1, now(), status, reason
        if taken:
            row.state, target.failures, target.rests_until = "sent", 0, None
        else:
            _failed(target, row, gone=status == 410)
    return taken


def _failed(target: Subscription, row: Delivery, *, gone: bool) -> None:
    target.failures += 1
    if gone:  # 410: the other side does not want to hear any more
        target.active = False
    if row.tries >= len(PAUSES):
        row.state = "dead"
        log.get(__name__).warning("webhook_dead", delivery=str(row.id))
    # A little chance, so that many do not come back in the same second.
    row.due_at = now() + timedelta(seconds=PAUSES[min(row.tries, len(PAUSES)) - 1] * random.uniform(0.9, 1.1))
    if target.failures >= PATIENCE:
        rest = RESTS[min(target.failures - PATIENCE, len(RESTS) - 1)]
        target.rests_until = now() + timedelta(seconds=rest)
    at = max(row.due_at, target.rests_until) if target.rests_until else row.due_at
    defer("webhook.send", at=at, lock=f"webhook:{target.id}", subscription_id=str(target.id))
