"""Old keys, lost pictures, drifted counters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, delete, func, select, text

from plugins.lapor.models import (
    Assignment,
    Complaint,
    Counter,
    Document,
    Fingerprint,
    Idempotency,
    Photo,
    Redaction,
)
from plugins.lapor.service import counters
from plugins.lapor.service.incident import counts
from plugins.lapor.states import OPEN
from superapp.sdk import defer, log, now, session, work

BATCH = 200
KEEP_KEYS = timedelta(days=30)
STUCK = timedelta(minutes=30)
# Nobody may move a case between the look at its row and the look at its counter: seen from one snapshot.
STILL = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def tidy() -> None:
    """Forget old idempotency keys, take up pictures whose job was lost, set drifted counters right."""
    with work() as unit:
        unit.execute(delete(Idempotency).where(Idempotency.created_at < now() - KEEP_KEYS))
        stuck = (
            select(Photo.id).where(Photo.state == "waiting", Photo.created_at < now() - STUCK).limit(BATCH)
        )
        for photo_id in unit.scalars(stuck):
            defer("lapor.photo", photo_id=str(photo_id), once=f"photo:{photo_id}")
        for job, name, row_id in _lost_proof():
            defer(job, once=f"{job}:{row_id}", **cast("dict[str, Any]", {name: str(row_id)}))
    repair_counters()


def _lost_proof() -> list[tuple[str, str, UUID]]:
    """Jobs of documents and covers that never ran, and of photos older than the comparing of photos."""
    known = select(Fingerprint.photo_id).where(Fingerprint.photo_id == Photo.id).exists()
    old = now() - STUCK
    asked: list[tuple[str, str, Select[UUID]]] = [
        ("lapor.fingerprint", "photo_id", select(Photo.id).where(Photo.state == "ready", ~known)),
        (
            "lapor.document",
            "document_id",
            select(Document.id).where(Document.state == "waiting", Document.created_at < old),
        ),
        (
            "lapor.redact",
            "redaction_id",
            select(Redaction.id).where(Redaction.state == "waiting", Redaction.created_at < old),
        ),
    ]
    return [
        (job, name, row_id) for job, name, query in asked for row_id in session().scalars(query.limit(BATCH))
    ]


def drift() -> dict[str, int]:
    """By how much each box's counter differs from its rows; empty when all is well."""
    columns = (Complaint.id, Complaint.status, Complaint.agency_id, Complaint.officer_id)
    flags = (Complaint.overdue, Complaint.priority, Complaint.secret, Complaint.whistle)
    lying = select(*columns, *flags, Complaint.open_returns).where(Complaint.status.in_(OPEN))
    rows = session().execute(lying).all()
    units: dict[UUID, list[Any]] = {}
    held = (Assignment.agency_id, Assignment.officer_id, Assignment.role, Assignment.active)
    for part in session().execute(select(Assignment.complaint_id, *held).where(Assignment.active)):
        units.setdefault(part.complaint_id, []).append(part)
    real = counters.tally((row, units.get(row.id, ())) for row in rows)
    # Ended cases are many and lie in one box only: the database counts them.
    ended = select(Complaint.secret, Complaint.whistle, func.count()).where(Complaint.status.not_in(OPEN))
    for secret, way, count in session().execute(ended.group_by(Complaint.secret, Complaint.whistle)):
        real[f"all.{way}" if way else "all" + (counters.HIDDEN if secret else "")] += count
    real += counts.running()
    known = session().scalars(select(Counter.key).distinct())
    keys = {key for key in known if not key.startswith(("month:", "stuck"))}
    kept = counters.read(keys | set(real))
    return {key: real.get(key, 0) - value for key, value in kept.items() if value != real.get(key, 0)}


def repair_counters() -> None:
    """Add what is missing. Says so in the log, because it should never be needed."""
    with work() as unit:
        unit.execute(STILL)
        wrong = drift()
        if wrong:
            log.get(__name__).error("counters_drifted", boxes=len(wrong))
            counters.add(dict(sorted(wrong.items())))
