"""Subscriptions, and the queue of what each has to hear."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from plugins.webhook.models import Delivery, Subscription
from superapp.sdk import (
    Event,
    FieldError,
    Invalid,
    NotFound,
    audit,
    current_tenant,
    defer,
    event_types,
    new_id,
    now,
    outbound,
    seal,
    session,
    unseal,
    work,
)

MOST_SUBSCRIPTIONS = 20
OVERLAP_HOURS = (0, 24, 72, 168)
TEST = "webhook.test"
ADDRESS = re.compile(r"https?://[^\s<>\"]{4,990}")


def subscribe(title: str, url: str, events: Sequence[str]) -> tuple[UUID, str]:
    """Add an address; returns its id and the secret, which is shown once. Raises Invalid."""
    errors = []
    if not 1 <= len(title.strip()) <= 120 or not title.isprintable():
        errors.append(FieldError("title", _("Beri nama, paling panjang 120 huruf."), "length"))
    if wrong := _address_fault(url):
        errors.append(FieldError("url", wrong, "address"))
    if not events or set(events) - set(event_types()):
        errors.append(FieldError("events", _("Pilih kejadian dari daftar."), "choice"))
    if errors:
        raise Invalid(errors=errors)
    secret = new_secret()
    with work() as unit:
        if len(living()) >= MOST_SUBSCRIPTIONS:
            raise Invalid(errors=[FieldError("url", _("Sudah ada 20 alamat. Akhiri satu dahulu."), "count")])
        row = Subscription(
            id=new_id(), title=title.strip(), url=url.strip(), events=sorted(set(events)), secret=seal(secret)
        )
        unit.add(row)
        unit.flush()
        audit.record("webhook.subscribed", "webhook", row.id, url=row.url, events=row.events)
    return row.id, secret


def change_secret(subscription_id: UUID, hours: int = 24) -> str:
    """A new secret, shown once. For `hours` more the former one signs beside it; 0 ends it now.

    A secret that a still earlier change left behind ends at once, so that never more than two are good.
    Raises Invalid for hours that are not offered, NotFound.
    """
    if hours not in OVERLAP_HOURS:
        raise Invalid(errors=[FieldError("hours", _("Pilih lamanya dari daftar."), "choice")])
    secret = new_secret()
    with work():
        row = one(subscription_id)
        row.old_secret, row.old_until = (row.secret, now() + timedelta(hours=hours)) if hours else ("", None)
        row.secret = seal(secret)
        audit.record("webhook.secret_changed", "webhook", subscription_id, hours=hours)
    return secret


def end_old_secret(subscription_id: UUID) -> None:
    """End a former secret before its time, as when it leaked. Raises NotFound."""
    with work():
        row = one(subscription_id)
        if row.old_until is not None:
            row.old_secret, row.old_until = "", None
            audit.record("webhook.old_secret_ended", "webhook", subscription_id)


def end_old_secrets() -> None:
    """Destroy former secrets whose time is over."""
    with work() as unit:
        over = update(Subscription).where(Subscription.old_until <= now())
        unit.execute(over.values(old_secret="", old_until=None))


def pause(subscription_id: UUID, *, active: bool) -> None:
    """Stop or resume an address; what happens meanwhile waits. Raises NotFound."""
    with work():
        row = one(subscription_id)
        row.active, row.failures, row.rests_until = active, 0, None
        audit.record("webhook.resumed" if active else "webhook.paused", "webhook", subscription_id)
        if active:
            nudge(subscription_id)


def end(subscription_id: UUID) -> None:
    """End an address; what still waits for it is dropped. Raises NotFound."""
    with work() as unit:
        row = one(subscription_id)
        row.active, row.ended_at = False, now()
        row.old_secret, row.old_until = "", None
        waiting = (Delivery.subscription_id == subscription_id, Delivery.state == "waiting")
        unit.execute(update(Delivery).where(*waiting).values(state="dropped", reason="ended"))
        audit.record("webhook.ended", "webhook", subscription_id)


def queue(event: Event) -> None:
    """One delivery for each living address that asked for this type. Belongs inside of work()."""
    rows = session().scalars(select(Subscription).where(Subscription.ended_at.is_(None)))
    for row in rows:
        if event.type in row.events:
            _add(row.id, event.type, asdict(event))


def test(subscription_id: UUID) -> None:
    """Queue a test message. Raises NotFound."""
    with work():
        _add(one(subscription_id).id, TEST, {"note": "ping"})


def again(delivery_id: UUID) -> None:
    """Send a dead delivery once more, with its own id. Raises NotFound."""
    with work():
        row = _dead(delivery_id)
        row.state, row.tries, row.reason, row.due_at = "waiting", 0, "", now()
        nudge(row.subscription_id)


def skip(delivery_id: UUID, reason: str) -> None:
    """Give a dead delivery up, with a reason. Raises NotFound, Invalid."""
    why = reason.strip()[:200]
    if not why or not why.isprintable():
        raise Invalid(errors=[FieldError("reason", _("Tulis alasannya dalam satu baris."), "required")])
    with work():
        row = _dead(delivery_id)
        row.state, row.reason = "dropped", why
        audit.record("webhook.skipped", "webhook", row.subscription_id, delivery=str(row.id), reason=why)


def living() -> list[Subscription]:
    """Addresses that have not ended, the oldest first."""
    query = select(Subscription).where(Subscription.ended_at.is_(None))
    return list(session().scalars(query.order_by(Subscription.created_at, Subscription.id)))


def one(subscription_id: UUID) -> Subscription:
    """A living address. Raises NotFound."""
    query = select(Subscription).where(Subscription.id == subscription_id, Subscription.ended_at.is_(None))
    found = session().scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("Alamat ini tidak ada."))
    return found


def log_of(subscription_id: UUID, most: int = 50) -> list[Delivery]:
    """The newest deliveries of an address."""
    query = select(Delivery).where(Delivery.subscription_id == subscription_id)
    return list(session().scalars(query.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(most)))


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def opened_secrets(row: Subscription) -> tuple[str, ...]:
    """The secrets in plain that sign now: the present one, then a former one that is still good."""
    former = row.old_until is not None and row.old_until > now()
    return (unseal(row.secret), unseal(row.old_secret)) if former else (unseal(row.secret),)


def envelope(row: Delivery) -> dict[str, Any]:
    """The body of a message: type, moment, and ids and words of state; never a person's data."""
    return {
        "type": row.type,
        "timestamp": _stamp(row.created_at),
        "data": {"tenant": current_tenant().slug, **row.body},
    }


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _add(subscription_id: UUID, kind: str, body: dict[str, Any]) -> None:
    session().add(Delivery(id=new_id(), subscription_id=subscription_id, type=kind, body=body))
    nudge(subscription_id)


def nudge(subscription_id: UUID) -> None:
    """One sender an address at a time keeps the order; a dead address holds up no other."""
    name = f"webhook:{subscription_id}"
    defer("webhook.send", lock=name, once=name, subscription_id=str(subscription_id))


def _dead(delivery_id: UUID) -> Delivery:
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == "dead").with_for_update()
    found = session().scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("Kiriman ini tidak ada, atau sudah diputuskan."))
    return found


def _address_fault(url: str) -> str:
    if not ADDRESS.fullmatch(url.strip()):
        return str(_("Tulis alamat lengkap, diawali https://."))
    words = {
        "": "",
        "scheme": _("Alamat harus diawali https://."),
        "inside": _("Alamat ini berada di jaringan dalam. Pakai alamat umum."),
    }
    return str(words.get(outbound.judge(url.strip()), _("Alamat ini tidak dapat dibaca.")))
