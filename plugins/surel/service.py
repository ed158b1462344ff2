"""Delivering once: claim the key, commit, send, keep the outcome.

Sending is an effect outside of the database, so exactly once cannot be had. A message whose
outcome was lost is kept as `unknown` and not repeated: silence is better than the same mail twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from plugins.surel import send
from plugins.surel.compose import BadMessage, Head, digest, email_of, shortened
from plugins.surel.intake import bounces, threads
from plugins.surel.models import Delivery, Incoming
from plugins.surel.names import address_hash, intake_address, mark_of
from superapp.sdk import (
    Message,
    Tenant,
    Unavailable,
    after_commit,
    current_tenant,
    now,
    session,
    settings_of,
    storage,
    unseal,
    work,
)

CHANNEL, NAME = "email", "surel"
LEASE = timedelta(seconds=send.TIMEOUT * send.STEPS + 30)  # longer than a talk with the server takes
KEEP = timedelta(days=90)


def deliver(tenant: Tenant, message: Message) -> None:
    """Send `message` when it is an e-mail that was not sent before.

    Belongs inside of work(): the claim is committed first, the mail goes out after it, outside of any
    transaction. Raises Unavailable to be called again later.
    """
    if message.channel != CHANNEL:
        return
    settings = settings_of(tenant, NAME)
    with work():
        if _claim(message, settings["mode"]):
            head = _head(message, settings)
            after_commit(lambda: _send(tenant, message, settings, head))


def forget(address: str) -> int:
    """Take an address out of all deliveries; returns how many it was in."""
    statement = (
        update(Delivery)
        .where(Delivery.address_hash == address_hash(address))
        .values(address="…", address_hash="")
    )
    with work() as unit:
        return int(getattr(unit.execute(statement), "rowcount", 0))


def sweep() -> None:
    """Forget deliveries older than 90 days; the jobs that could repeat them are long gone."""
    with work() as unit:
        unit.execute(delete(Delivery).where(Delivery.updated_at < now() - KEEP))


def latest(count: int = 50) -> list[Delivery]:
    """The newest deliveries of the open tenant."""
    query = select(Delivery).order_by(Delivery.updated_at.desc(), Delivery.key).limit(count)
    return list(session().scalars(query))


def _claim(message: Message, mode: str) -> bool:
    """True when this call has to send."""
    first = {"state": "skipped" if mode == "off" else "sending", "mode": mode, "reason": ""}
    if mode != "off" and _answered_before(message):
        first |= {"state": "skipped", "reason": "answered"}
    elif mode != "off" and bounces.is_dead(message.to):
        first |= {"state": "refused", "reason": "undeliverable"}
    statement = insert(Delivery).values(
        tenant_id=current_tenant().id,
        key=message.key,
        address=shortened(message.to),
        address_hash=address_hash(message.to),
        created_at=now(),
        updated_at=now(),
        **first,
    )
    inserted = session().execute(statement.on_conflict_do_nothing().returning(Delivery.key)).first()
    if inserted is not None:
        return first["state"] == "sending"
    known = session().scalar(select(Delivery).where(Delivery.key == message.key).with_for_update())
    if known is None or known.state in {"sent", "refused", "unknown", "skipped"}:
        return False
    if known.state == "sending":
        if known.updated_at > now() - LEASE:
            raise Unavailable(
                detail="This message is being sent right now.", retry_after=int(LEASE.total_seconds())
            )
        known.state, known.reason, known.updated_at = "unknown", "worker died", now()
        return False
    known.state, known.mode, known.attempts, known.updated_at = "sending", mode, known.attempts + 1, now()
    if mode == "off":
        known.state = "skipped"
    return mode != "off"


def _answered_before(message: Message) -> bool:
    """True for the notice of receipt of a report by mail: its answer has said all that, and the PIN."""
    if message.kind != "lapor.submitted" or not message.values.get("number"):
        return False
    query = select(Incoming.id).where(
        Incoming.number == message.values["number"], Incoming.answered_at.is_not(None)
    )
    return session().scalars(query.limit(1)).first() is not None


def _head(message: Message, settings: Mapping[str, Any]) -> Head:
    """What ties a mail to its case and to the mail that it answers. Belongs inside of work()."""
    where, asked = intake_address(settings), message.values.get("incoming", "")
    mark = mark_of(message.to)
    if not where:
        return Head(mark=mark)
    token = threads.of_message(message)
    local, _at, domain = where.partition("@")
    tagged = bool(token) and settings["plus"] and len(local) + 1 + len(token) <= 64
    mail = session().get(Incoming, (current_tenant().id, UUID(asked))) if asked else None
    return Head(
        mark=mark,
        token=token,
        reply_to=f"{local}+{token}@{domain}" if tagged else where,
        answers=unseal(mail.message_id) if mail is not None and mail.message_id else "",
        replied=bool(asked),
    )


def _send(tenant: Tenant, message: Message, settings: Mapping[str, Any], head: Head) -> None:
    state, reason = "sent", ""
    try:
        _effect(tenant, message, settings, head)
    except send.NotSent as error:
        state, reason = "failed", str(error)
    except (send.Refused, BadMessage) as error:
        state, reason = "refused", str(error)
    except send.Unknown as error:
        state, reason = "unknown", str(error)
    _mark(message.key, state, reason)
    if state == "failed":
        raise Unavailable(f"E-mail not sent: {reason}", retry_after=60)


def _effect(tenant: Tenant, message: Message, settings: Mapping[str, Any], head: Head) -> None:
    email = email_of(
        message,
        sender=settings["from_address"],
        sender_name=settings["from_name"] or tenant.name,
        tenant_id=tenant.id,
        moment=now(),
        head=head,
    )
    if settings["mode"] == "smtp":
        send.by_smtp(email, settings)
    else:
        send.to_file(email, storage.root("mail") / tenant.slug, digest(tenant.id, message.key))


def _mark(key: str, state: str, reason: str) -> None:
    with work() as unit:
        unit.execute(
            update(Delivery)
            .where(Delivery.key == key)
            .values(state=state, reason=reason[:200], updated_at=now())
        )
