"""Silent reporters, late clocks, holds that ended."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, text

from plugins.lapor.clock import local_day
from plugins.lapor.models import Complaint
from plugins.lapor.service import counters
from plugins.lapor.service.case import active_assignments, locked
from plugins.lapor.service.close import autoclose
from plugins.lapor.service.handle import resume
from plugins.lapor.service.line import write_line
from plugins.lapor.service.proof import findings
from plugins.lapor.service.time import recount
from plugins.lapor.service.time.climb import climb
from plugins.lapor.states import OPEN
from superapp.sdk import Conflict, current_tenant, now, session, work

BATCH = 200
FLAG = text(
    """
UPDATE lapor.deadline d SET breached_at = d.due_at
FROM lapor.complaint c
WHERE d.tenant_id = :tenant AND d.done_at IS NULL AND d.breached_at IS NULL AND d.due_at < :now
  AND c.tenant_id = d.tenant_id AND c.id = d.complaint_id AND c.status <> 'on_hold'
"""
)
ROUNDS = 50


def close_silent() -> None:
    """Close answered cases whose reporter let the time pass."""
    due = select(Complaint.id).where(
        *(Complaint.status == "answered", Complaint.due_step == "confirm", Complaint.due_at < now()),
        ~findings.open_serious(Complaint.id),
    )
    each_of(due.order_by(Complaint.due_at), autoclose)


def mark_late() -> None:
    """Mark open cases whose time limit has passed, with a line in the timeline."""
    flag_breaches()
    due = select(Complaint.id).where(
        Complaint.status.in_(sorted(OPEN - {"on_hold"})), ~Complaint.overdue, Complaint.due_at < now()
    )
    for _ in range(ROUNDS):
        if each_of(due.order_by(Complaint.due_at), _mark) < BATCH:
            break


def flag_breaches() -> None:
    """Mark every clock that ran out, also those that no list shows: the nation's beside the city's own."""
    with work() as unit:
        unit.execute(FLAG, {"tenant": current_tenant().id, "now": now()})


def climb_ladder() -> None:
    """Warn before a limit, and tell the next higher one after it."""
    climb()


def keep_up() -> None:
    """Find a calendar or limit that changed elsewhere, and take up recounts that were lost."""
    recount.keep_up()


def recount_all(run: str) -> None:
    """Reckon all open clocks of a run."""
    recount.walk(UUID(run))


def wake_held() -> None:
    """Let cases run on whose hold ended by its date."""
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    due = select(Complaint.id).where(Complaint.status == "on_hold", Complaint.hold_until <= today)
    each_of(due.order_by(Complaint.due_at), resume)


def _mark(complaint_id: UUID) -> None:
    with work() as unit:
        case = locked(complaint_id)
        if case.overdue or case.status not in OPEN - {"on_hold"} or now() <= case.due_at:
            return
        assigned = active_assignments(complaint_id)
        before = counters.boxes(case, assigned)
        case.overdue = True
        write_line(case, "late", data={"step": case.due_step, "due_at": case.due_at.isoformat()})
        unit.flush()
        counters.add(counters.moved(before, counters.boxes(case, assigned)))


def each_of(query: Select[UUID], deed: Callable[[UUID], object]) -> int:
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
