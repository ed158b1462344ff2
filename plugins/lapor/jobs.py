"""What runs without anybody asking: pictures, silent reporters, late clocks, outside registers, tidying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select, text, update

from plugins.lapor import darkroom
from plugins.lapor.clock import local_day
from plugins.lapor.hookspecs import lapor_pull, lapor_push
from plugins.lapor.models import Assignment, CaseEvent, Complaint, Counter, Idempotency, Photo
from plugins.lapor.service import counters
from plugins.lapor.service.case import active_assignments, locked
from plugins.lapor.service.close import autoclose
from plugins.lapor.service.handle import resume
from plugins.lapor.service.submit import submit
from plugins.lapor.states import OPEN
from superapp.sdk import AppError, Conflict, ask, current_tenant, defer, log, now, session, storage, work

BATCH = 200
ROUNDS = 50
KEEP_KEYS = timedelta(days=30)
STUCK = timedelta(minutes=30)
LOOK_BACK = timedelta(days=1)
# Nobody may move a case between the look at its row and the look at its counter: seen from one snapshot.
STILL = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def develop_photo(photo_id: str) -> None:
    """Make a picture ready, or say why it cannot be. A repeat finds nothing to do."""
    row = (
        session()
        .scalars(select(Photo).where(Photo.id == UUID(photo_id), Photo.state == "waiting"))
        .one_or_none()
    )
    if row is None:
        return
    raw = row.raw
    try:
        made = darkroom.develop(storage.read(raw), row.mimetype, ZoneInfo(current_tenant().timezone))
    except darkroom.BrokenPicture as error:
        values: dict[str, object] = {"state": "rejected", "reason": str(error), "raw": ""}
    else:
        values = {
            "state": "ready",
            "full": storage.put("lapor_photo", made.full, ".webp"),
            "thumb": storage.put("lapor_thumb", made.thumb, ".webp"),
            "width": made.width,
            "height": made.height,
            "taken_at": made.taken_at,
            "lat": made.lat,
            "lng": made.lng,
            "raw": "",
        }
    with work() as unit:
        unit.execute(update(Photo).where(Photo.id == row.id, Photo.state == "waiting").values(**values))
    storage.delete(raw)


def close_silent() -> None:
    """Close answered cases whose reporter let the time pass."""
    due = select(Complaint.id).where(
        Complaint.status == "answered", Complaint.due_step == "confirm", Complaint.due_at < now()
    )
    _each(due.order_by(Complaint.due_at), autoclose)


def mark_late() -> None:
    """Mark open cases whose time limit has passed, with a line in the timeline."""
    due = select(Complaint.id).where(
        Complaint.status.in_(sorted(OPEN - {"on_hold"})), ~Complaint.overdue, Complaint.due_at < now()
    )
    for _ in range(ROUNDS):
        if _each(due.order_by(Complaint.due_at), _mark) < BATCH:
            break


def wake_held() -> None:
    """Let cases run on whose hold ended by its date."""
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    due = select(Complaint.id).where(Complaint.status == "on_hold", Complaint.hold_until <= today)
    _each(due.order_by(Complaint.due_at), resume)


def push(complaint_id: str, number: str, status: str) -> None:
    """Offer a change to outside registers; repeated when one of them raises."""
    ask(lapor_push, tenant=current_tenant(), complaint_id=complaint_id, number=number, status=status)


def pull() -> None:
    """Take in what outside registers have. Their id is the key, so that nothing comes twice."""
    for answer in ask(lapor_pull, tenant=current_tenant(), since=now() - LOOK_BACK):
        for draft in answer.value:
            key = f"pull:{answer.plugin}:{draft.extra.get('external_id', '')}"
            try:
                submit(draft, idempotency_key=key)
            except AppError as error:
                log.get(__name__).warning("pull_refused", plugin=answer.plugin, key=key, code=error.code)


def tidy() -> None:
    """Forget old idempotency keys, take up pictures whose job was lost, set drifted counters right."""
    with work() as unit:
        unit.execute(delete(Idempotency).where(Idempotency.created_at < now() - KEEP_KEYS))
        stuck = (
            select(Photo.id).where(Photo.state == "waiting", Photo.created_at < now() - STUCK).limit(BATCH)
        )
        for photo_id in unit.scalars(stuck):
            defer("lapor.photo", photo_id=str(photo_id), once=f"photo:{photo_id}")
    repair_counters()


def drift() -> dict[str, int]:
    """By how much each box's counter differs from its rows; empty when all is well."""
    columns = (Complaint.id, Complaint.status, Complaint.agency_id, Complaint.officer_id)
    lying = select(*columns, Complaint.overdue, Complaint.secret).where(Complaint.status.in_(OPEN))
    rows = session().execute(lying).all()
    units: dict[UUID, list[UUID]] = {}
    pairs = select(Assignment.complaint_id, Assignment.agency_id).where(Assignment.active)
    for complaint_id, agency_id in session().execute(pairs):
        units.setdefault(complaint_id, []).append(agency_id)
    real = counters.tally((row, units.get(row.id, ())) for row in rows)
    # Ended cases are many and lie in one box only: the database counts them.
    ended = select(Complaint.secret, func.count()).where(Complaint.status.not_in(OPEN))
    for secret, count in session().execute(ended.group_by(Complaint.secret)):
        real["all" + (counters.HIDDEN if secret else "")] += count
    keys = {key for key in session().scalars(select(Counter.key).distinct()) if not key.startswith("month:")}
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


def _mark(complaint_id: UUID) -> None:
    with work() as unit:
        case = locked(complaint_id)
        if case.overdue or case.status not in OPEN - {"on_hold"} or now() <= case.due_at:
            return
        assigned = [each.agency_id for each in active_assignments(complaint_id)]
        before = counters.boxes(case, assigned)
        case.overdue = True
        unit.add(
            CaseEvent(
                complaint_id=case.id,
                type="late",
                from_status=case.status,
                to_status=case.status,
                actor_kind="system",
                public=False,
                data={"step": case.due_step, "due_at": case.due_at.isoformat()},
            )
        )
        unit.flush()
        counters.add(counters.moved(before, counters.boxes(case, assigned)))


def _each(query: Select[UUID], deed: Callable[[UUID], object]) -> int:
    """Do it to a batch, each in a unit of work of its own; one that moved on meanwhile is left alone.

    Returns how many were found.
    """
    found = session().scalars(query.limit(BATCH)).all()
    for complaint_id in found:
        try:
            deed(complaint_id)
        except Conflict:
            continue
    return len(found)
