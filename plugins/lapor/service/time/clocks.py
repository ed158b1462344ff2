"""The clocks of a case: start, pause, run on, and the figures when it ends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from plugins.lapor import clock
from plugins.lapor.contracts import Deadline, SkippedDay
from plugins.lapor.models import DeadlineRow, Pause
from plugins.lapor.service import counters
from plugins.lapor.service.case import Change, draft_of
from plugins.lapor.service.store import days_json
from plugins.lapor.service.time import sla
from superapp.sdk import calendar, current_tenant, session

WORDS = {"reporter": "menunggu pelapor", "institution": "menunggu instansi lain"}


def start(change: Change, *steps: str) -> None:
    """Start the clocks of these steps from this moment."""
    for each in sla.deadlines(draft_of(change.case), change.moment, steps):
        session().add(
            DeadlineRow(
                complaint_id=change.case.id,
                step=each.step,
                authority=each.authority,
                amount=each.amount,
                unit=each.unit,
                started_at=each.started_at,
                due_at=each.due_at,
                due_on=each.due_on,
                days=days_json(each),
                document=each.document,
            )
        )


def pause(change: Change, waiting_for: str, reason: str) -> None:
    """Stop all clocks of the case."""
    session().add(
        Pause(complaint_id=change.case.id, waiting_for=waiting_for, reason=reason, started_at=change.moment)
    )


def unpause(change: Change) -> None:
    """Let them run again and move each due day by the days that were lost; nothing when none stood still.

    What was moved is written into the change's data, so that the timeline explains it.
    """
    case = change.case
    case.waiting_for, case.question, case.hold_until = "", "", None
    opened = (
        session()
        .scalars(select(Pause).where(Pause.complaint_id == case.id, Pause.ended_at.is_(None)))
        .one_or_none()
    )
    if opened is None:
        return
    opened.ended_at = change.moment
    session().flush()
    zone = ZoneInfo(current_tenant().timezone)
    stops = pauses_of(case.id, zone)
    moved = []
    for row in change.running():
        new = clock.due(
            row.started_at,
            row.amount,
            row.unit,
            calendar.calendar_of(current_tenant()),
            zone,
            pauses=[stop for stop in stops if stop.end > clock.local_day(row.started_at, zone)],
        )
        if new.due_on != row.due_on:
            moved.append({"step": row.step, "from": row.due_on.isoformat(), "to": str(new.due_on)})
        row.due_at, row.due_on, row.days = new.due_at, new.due_on or row.due_on, days_json(new)
    change.data["moved"] = moved


def pauses_of(complaint_id: UUID, zone: ZoneInfo) -> list[clock.Pause]:
    """The ended pauses of a case in local days."""
    query = select(Pause).where(Pause.complaint_id == complaint_id, Pause.ended_at.is_not(None))
    return [
        clock.Pause(
            clock.local_day(row.started_at, zone),
            clock.local_day(row.ended_at, zone),
            WORDS.get(row.waiting_for, "jeda"),
        )
        for row in session().scalars(query.order_by(Pause.started_at))
        if row.ended_at is not None
    ]


def count_closed(change: Change, *, on_time: bool) -> None:
    """Grow the month's figures; an archived case is no solved one and does not count."""
    if change.case.closed_how in {"confirmed", "automatic"}:
        change.figures[counters.month(change.moment, "closed")] = 1
        change.figures[counters.month(change.moment, "on_time")] = int(on_time)


def explained(row: DeadlineRow) -> Deadline:
    """A kept clock as pages show it."""
    days: dict[str, Any] = row.days
    return Deadline(
        step=row.step,
        due_at=row.due_at,
        started_at=row.started_at,
        amount=row.amount,
        unit=row.unit,
        days_counted=tuple(date.fromisoformat(day) for day in days.get("counted", ())),
        skipped=tuple(SkippedDay(date.fromisoformat(day), why) for day, why in days.get("skipped", ())),
        document=row.document,
        authority=row.authority,
        due_on=row.due_on,
    )


def resolved_in_time(complaint_id: UUID) -> bool:
    """True when the answer came before every time limit for solving it."""
    return all(row.done_at is not None and row.done_at <= row.due_at for row in last_resolve(complaint_id))


def take_back_answer(complaint_id: UUID) -> None:
    """Let the time limit for solving run on, because the answer did not solve it."""
    for row in last_resolve(complaint_id):
        row.done_at = None


def last_resolve(complaint_id: UUID) -> list[DeadlineRow]:
    """The clocks for solving it, of the last time it was taken up."""
    query = select(DeadlineRow).where(DeadlineRow.complaint_id == complaint_id, DeadlineRow.step == "resolve")
    rows = list(session().scalars(query.order_by(DeadlineRow.started_at.desc())))
    return [row for row in rows if row.started_at == rows[0].started_at]
