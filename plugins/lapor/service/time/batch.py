"""One batch of a recount: many cases in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select

from plugins.lapor import clock
from plugins.lapor.events import ClockMoved
from plugins.lapor.models import Assignment, Complaint, DeadlineRow, Pause
from plugins.lapor.service import counters
from plugins.lapor.service.case import shown_steps
from plugins.lapor.service.store import days_json
from plugins.lapor.service.time import statements
from plugins.lapor.service.time.calendars import Version
from plugins.lapor.service.time.clocks import on_wall
from plugins.lapor.service.time.judge import Maker, Slate, judge
from superapp.sdk import current_tenant, emit, new_id, now, session

CASE = ("id", "number", "kind", "category_code", "held_from")
COUNTED = tuple(counters.Counted.__annotations__)  # what decides in which boxes a case lies
SHOWN = ("due_step", "due_unit", "due_from", "due_at")
CLOCK = ("id", "complaint_id", "step", "authority", "amount", "unit", "started_at", "due_at", "due_on")
CHANGED = ("due_at", "due_on", "amount", "unit", "document")
BEGUN = ("step", "authority", "amount", "unit", "started_at", "due_at", "due_on", "document", "agency_id")
KEPT = ("days", "document", "agency_id", "calendar")


@dataclass(slots=True)
class Outcome:
    """What a batch did: clocks seen and moved, and cases moved by unit."""

    seen: int = 0
    moved: int = 0
    units: dict[str, int] = field(default_factory=dict)


def next_cases(reached: UUID, size: int) -> list[UUID]:
    """The next cases with a running clock, in the order of their ids."""
    given = {"tenant": current_tenant().id, "reached": reached, "size": size}
    return list(session().execute(statements.NEXT, given).scalars())


def reckon(ids: Sequence[UUID], version: Version, reason: str) -> Outcome:
    """Bring the running clocks of these cases to what limits and calendar say now. Inside of work()."""
    zone = ZoneInfo(current_tenant().timezone)
    cases = _cases(ids)
    rows, stops = _clocks(list(cases)), _pauses(list(cases), zone)
    slate, made = Slate(), Maker(version, zone)
    for complaint_id, case in cases.items():
        judge(case, rows[complaint_id], stops[complaint_id], made, slate)
    _write(slate, version)
    shown = _show(cases, rows, slate)
    _tell(cases, slate, shown, reason)
    outcome = Outcome(seen=sum(map(len, rows.values())), moved=sum(map(len, slate.moves.values())))
    for units in slate.units.values():
        for unit in units:
            outcome.units[str(unit)] = outcome.units.get(str(unit), 0) + 1
    return outcome


def _cases(ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The cases, held until the batch commits: an officer who acts waits, and then sees the new day."""
    columns = [getattr(Complaint, name) for name in (*CASE, *COUNTED, *SHOWN)]
    query = select(*columns).where(Complaint.id.in_(ids)).order_by(Complaint.id).with_for_update()
    return {row.id: row for row in session().execute(query)}


def _clocks(ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    columns = [getattr(DeadlineRow, name) for name in (*CLOCK, *KEPT)]
    query = select(*columns).where(DeadlineRow.complaint_id.in_(ids), DeadlineRow.done_at.is_(None))
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in session().execute(query.order_by(DeadlineRow.due_at, DeadlineRow.id)):
        found[row.complaint_id].append(row)
    return found


def _pauses(ids: Sequence[UUID], zone: ZoneInfo) -> dict[UUID, tuple[clock.Pause, ...]]:
    columns = (Pause.complaint_id, Pause.started_at, Pause.ended_at, Pause.waiting_for, Pause.party)
    query = select(*columns).where(Pause.complaint_id.in_(ids), Pause.ended_at.is_not(None))
    found: dict[UUID, tuple[clock.Pause, ...]] = defaultdict(tuple)
    for row in session().execute(query.order_by(Pause.started_at)):
        found[row.complaint_id] += (on_wall(row, zone),)
    return found


def _write(slate: Slate, version: Version) -> None:
    given = {"tenant": current_tenant().id, "calendar": version.number, "now": now()}
    if slate.same:
        session().execute(statements.SAME, {**given, "id": slate.same})
    if slate.changed:
        days: dict[str, int] = {}
        rows = [
            {"id": row.id, "place": days.setdefault(_json(days_json(new)), len(days) + 1)}
            | {name: getattr(new, name) for name in CHANGED}
            for row, new in slate.changed
        ]
        told = {"rows": _json(rows), "days": f"[{','.join(days)}]"}
        session().execute(statements.WRITE, {**given, **told})
    if slate.added:
        rows = [
            {"id": new_id(), "complaint_id": complaint_id, "days": days_json(new), "calendar": version.number}
            | {name: getattr(new, name) for name in BEGUN}
            for complaint_id, new in slate.added
        ]
        session().execute(statements.ADD, {"tenant": given["tenant"], "rows": _json(rows)})


def _show(cases: Mapping[UUID, Any], rows: Mapping[UUID, list[Any]], slate: Slate) -> dict[UUID, Any]:
    """Let each moved case show its clock; returns those whose shown day became another one."""
    moment, zone = now(), ZoneInfo(current_tenant().timezone)
    new = {row.id: made for row, made in slate.changed}
    begun: dict[UUID, list[Any]] = defaultdict(list)
    for complaint_id, made in slate.added:
        begun[complaint_id].append(made)
    shown, steps = {}, dict[str, int]()
    lines: list[dict[str, Any]] = []
    for complaint_id in slate.moves:
        case = cases[complaint_id]
        running = [new.get(row.id, row) for row in rows[complaint_id]] + begun[complaint_id]
        best = _shown_clock(case, running)
        if best is None or (best.step, best.due_at) == (case.due_step, case.due_at):
            continue
        overdue = case.overdue and moment > best.due_at
        if case.overdue and not overdue:
            _count(steps, case)
        line = {"id": complaint_id, "step": best.step, "unit": best.unit, "due_from": best.started_at}
        lines.append({**line, "due_at": best.due_at, "overdue": overdue})
        if clock.local_day(best.due_at, zone) != clock.local_day(case.due_at, zone) or best.unit == "h":
            shown[complaint_id] = best
    if lines:
        given = {"tenant": current_tenant().id, "now": moment, "rows": _json(lines)}
        session().execute(statements.SHOW, given)
    counters.add(dict(sorted(steps.items())))
    return shown


def _shown_clock(case: Any, running: Sequence[Any]) -> Any | None:
    """As a step of handling would choose it: the earliest of the state's step, else of solving it."""
    for wanted in (shown_steps(case), {"resolve"}):
        found = [each for each in running if each.step in wanted]
        if found:
            return min(found, key=lambda each: each.due_at)
    return None


def _count(steps: dict[str, int], case: Any) -> None:
    """Take a case that is not late any more out of the late boxes."""
    columns = (Assignment.agency_id, Assignment.officer_id, Assignment.role, Assignment.active)
    parts = select(*columns).where(Assignment.complaint_id == case.id, Assignment.active)
    held = cast(Any, session().execute(parts).all())
    kept = {name: getattr(case, name) for name in COUNTED}
    was, now_is = (SimpleNamespace(**{**kept, "overdue": late}) for late in (True, False))
    before, after = (counters.boxes(cast(Any, each), held) for each in (was, now_is))
    for key, step in counters.moved(before, after).items():
        steps[key] = steps.get(key, 0) + step


def _tell(cases: Mapping[UUID, Any], slate: Slate, shown: Mapping[UUID, Any], reason: str) -> None:
    if not slate.moves:
        return
    ids = {complaint_id: new_id() for complaint_id in slate.moves}
    rows = [
        {
            "id": event_id,
            "complaint_id": complaint_id,
            "status": cases[complaint_id].status,
            "data": {"moved": slate.moves[complaint_id]},
        }
        for complaint_id, event_id in ids.items()
    ]
    given = {"tenant": current_tenant().id, "now": now(), "reason": reason, "rows": _json(rows)}
    session().execute(statements.TELL, given)
    for complaint_id in shown:
        case = cases[complaint_id]
        emit(ClockMoved(str(complaint_id), case.number, case.status, str(ids[complaint_id])))


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
