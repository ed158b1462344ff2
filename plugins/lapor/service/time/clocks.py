"""The clocks of a case: start, pause, run on, and the figures when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from plugins.lapor.service.time import calendars, sla
from superapp.sdk import current_tenant, session

# As they are kept with the days that were left out; pages translate them.
WORDS = {"reporter": "menunggu pelapor", "institution": "menunggu instansi lain"}
OWN = ("national", "tenant")  # the authorities whose limits stand in limits.csv


def start(change: Change, *steps: str, agency_id: UUID | None = None) -> None:
    """Start the clocks of these steps from this moment; those of one unit with `agency_id`."""
    for each in sla.deadlines(draft_of(change.case), change.moment, steps, agency_id):
        session().add(row_of(change.case.id, each))


def row_of(complaint_id: UUID, each: Deadline) -> DeadlineRow:
    """A clock as it is kept."""
    return DeadlineRow(
        complaint_id=complaint_id,
        step=each.step,
        authority=each.authority,
        amount=each.amount,
        unit=each.unit,
        started_at=each.started_at,
        due_at=each.due_at,
        due_on=each.due_on,
        days=days_json(each),
        document=each.document,
        agency_id=each.agency_id,
        calendar=each.calendar,
    )


def pause(change: Change, waiting_for: str, reason: str, party: str = "") -> None:
    """Stop all clocks of the case; `party` names the institution that they wait for."""
    session().add(
        Pause(
            complaint_id=change.case.id,
            waiting_for=waiting_for,
            party=party,
            reason=reason,
            started_at=change.moment,
        )
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
    change.data["moved"] = reckon(change.running(), calendars.stored(), pauses_of(case.id, zone), zone)


def reclassify(change: Change) -> None:
    """Reckon the running clocks anew, because the kind or category was set right.

    Each takes the limit that holds for the case as it is now; one without any runs on as it was.
    """
    case, zone = change.case, ZoneInfo(current_tenant().timezone)
    rows = change.running()
    for row in rows:
        day = clock.local_day(row.started_at, zone)
        for limit in sla.limits_for(case.kind, case.category_code, day, (row.step,)):
            if limit.authority == row.authority:
                row.amount, row.unit, row.document = limit.amount, limit.unit, limit.document
    moved = reckon(rows, calendars.stored(), pauses_of(case.id, zone), zone)
    if moved:
        change.data["moved"] = moved


def reckon(
    rows: Sequence[DeadlineRow],
    version: calendars.Version,
    stops: Sequence[clock.Pause],
    zone: ZoneInfo,
) -> list[dict[str, str]]:
    """Bring rows to what their own limits say by this version; returns those whose moment moved."""
    moved = []
    for row in rows:
        new = anew(row, version, stops, zone)
        if new.due_at != row.due_at:
            moved.append(move(row, new))
        write(row, new)
    return moved


def anew(
    row: DeadlineRow, version: calendars.Version, stops: Sequence[clock.Pause], zone: ZoneInfo
) -> Deadline:
    """What a kept clock says by this version."""
    work = version.work(row.agency_id, authority=row.authority, unit=row.unit)
    made = clock.due(row.started_at, row.amount, row.unit, work, zone, pauses=stops)
    return replace(made, calendar=version.number)


def write(row: DeadlineRow, new: Deadline) -> None:
    """Keep what was reckoned; one that is not over any more is no breach."""
    if new.due_at > row.due_at:
        row.breached_at = None
    row.due_at, row.due_on, row.days = new.due_at, new.due_on or row.due_on, days_json(new)
    row.calendar = new.calendar


def move(row: DeadlineRow, new: Deadline) -> dict[str, str]:
    """A move as timelines keep it: days, with the hour for limits in hours."""
    if row.unit == new.unit == "h":
        return {"step": row.step, "from": row.due_at.isoformat(), "to": new.due_at.isoformat()}
    return {"step": row.step, "from": row.due_on.isoformat(), "to": str(new.due_on)}


def pauses_of(complaint_id: UUID, zone: ZoneInfo) -> list[clock.Pause]:
    """The ended pauses of a case, on the wall."""
    query = select(Pause).where(Pause.complaint_id == complaint_id, Pause.ended_at.is_not(None))
    return [on_wall(row, zone) for row in session().scalars(query.order_by(Pause.started_at))]


def on_wall(row: Any, zone: ZoneInfo) -> clock.Pause:
    """An ended pause (started_at, ended_at, waiting_for, party) as the arithmetic takes it."""
    began, ended = (moment.astimezone(zone).replace(tzinfo=None) for moment in (row.started_at, row.ended_at))
    return clock.Pause(began, ended, waited_for(row.waiting_for, row.party))


def waited_for(waiting_for: str, party: str) -> str:
    """Whom a clock waited for, as it is kept with the days: "menunggu Dinas PUPR"."""
    return f"menunggu {party}" if party else WORDS.get(waiting_for, "jeda")


def count_closed(change: Change, *, on_time: bool) -> None:
    """Grow the month's figures; an archived case is no solved one and does not count.

    Nor does a whistle-blower's: the unit complained of reads the figures too.
    """
    if not change.case.whistle and change.case.closed_how in {"confirmed", "automatic"}:
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
        minutes=tuple(days.get("minutes", ())),
        agency_id=row.agency_id,
        calendar=row.calendar,
        done_at=row.done_at,
        breached_at=row.breached_at,
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
