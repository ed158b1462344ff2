"""The parts of a case as values for pages: for the desk with its chain, for everybody in short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, func, select

from plugins.lapor import clock, clock_words
from plugins.lapor.contracts import Assignment, ClockChip, UnitView
from plugins.lapor.models import Assignment as Row
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.owners import parts
from plugins.lapor.service.time import calendars
from plugins.lapor.service.time.clocks import explained
from superapp.sdk import Actor, current_tenant, now, session

SHOWN = ("id", "agency_id", "role", "state", "parent_id", "outside", "assigned_at", "answered_at")
MORE = ("answer_id", "external_id", "heard_at")


def as_json() -> ScalarSelect[Any]:
    """The active parts of a case as one column beside it: who follows a case pays no further round trip."""
    facts = func.jsonb_build_object(*(x for name in (*SHOWN, *MORE) for x in (name, getattr(Row, name))))
    ours = (Row.tenant_id == Complaint.tenant_id, Row.complaint_id == Complaint.id, Row.active)
    return select(func.jsonb_agg(facts)).where(*ours).correlate(Complaint).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Held:
    """An active part as it came beside its case."""

    id: UUID
    agency_id: UUID
    role: str
    state: str
    parent_id: UUID | None
    outside: bool
    assigned_at: datetime
    answered_at: datetime | None
    answer_id: UUID | None
    external_id: str
    heard_at: datetime | None
    active: bool = True


def from_json(found: Sequence[Mapping[str, Any]]) -> list[Held]:
    """The parts of `as_json` with their ids and moments."""
    ids, moments = ("id", "agency_id", "parent_id", "answer_id"), ("assigned_at", "answered_at", "heard_at")
    return [
        Held(
            **{
                **each,
                **{name: UUID(each[name]) if each[name] else None for name in ids},
                **{name: datetime.fromisoformat(each[name]) if each[name] else None for name in moments},
            }
        )
        for each in found
    ]


def units_of(found: Sequence[Any], answers: Mapping[UUID, str]) -> tuple[UnitView, ...]:
    """Who has it, the leading unit first, delegates under the one that stays responsible.

    `found` are parts as rows; `answers` the texts of the timeline by its lines' ids. Copies are left out.
    """
    shown = [each for each in found if each.active and each.role != "referral"]
    by_id = {each.id: each for each in shown}
    order = sorted(shown, key=lambda each: _place(each, by_id))
    return tuple(
        UnitView(
            agency=ref,
            role=cast(Any, each.role),
            state=cast(Any, each.state),
            since=each.assigned_at,
            answered_at=each.answered_at if each.role != "delegate" else None,
            answer=answers.get(each.answer_id, "") if each.answer_id and each.role != "delegate" else "",
            parent=agency_ref(by_id[each.parent_id].agency_id) if each.parent_id in by_id else None,
            outside=each.outside,
            external_id=each.external_id,
            heard_at=each.heard_at if each.outside else None,
        )
        for each in order
        if (ref := agency_ref(each.agency_id)) is not None
    )


def rows_of(complaint_id: UUID) -> list[Row]:
    """All parts that there ever were, in the order they were given."""
    query = select(Row).where(Row.complaint_id == complaint_id)
    return list(session().scalars(query.order_by(Row.assigned_at, Row.id)))


def assignments(case: Complaint, actor: Actor, events: Sequence[CaseEvent]) -> tuple[Assignment, ...]:
    """The chain as an officer may read it; what other units were told and said is for the whole desk."""
    rows = rows_of(case.id)
    answers = {each.id: each.text for each in events}
    query = select(DeadlineRow).where(DeadlineRow.complaint_id == case.id)
    clocks = list(session().scalars(query.order_by(DeadlineRow.started_at, DeadlineRow.due_at)))
    return tuple(_part(row, case, actor, rows, answers, clocks) for row in rows if agency_ref(row.agency_id))


def may_read(actor: Actor, case: Complaint, row: Row, rows: Sequence[Row]) -> bool:
    """True for the whole desk, the unit itself, and the units above it that handed it onward."""
    if parts.whole_desk(actor, case) or row.agency_id == actor.agency_id:
        return True
    return any(each.agency_id == actor.agency_id for each in parts.above(rows, row))


def _part(
    row: Row,
    case: Complaint,
    actor: Actor,
    rows: Sequence[Row],
    answers: Mapping[UUID, str],
    clocks: Sequence[DeadlineRow],
) -> Assignment:
    ref = agency_ref(row.agency_id)
    if ref is None:
        raise LookupError(f"Agency {row.agency_id} is gone.")
    open_to = may_read(actor, case, row, rows)
    mine = _clock_row(row, clocks)
    return Assignment(
        id=row.id,
        agency=ref,
        instruction=row.instruction if open_to else "",
        active=row.active,
        answered_at=row.answered_at,
        assigned_at=row.assigned_at,
        role=cast(Any, row.role),
        state=cast(Any, row.state),
        version=row.version,
        outside=row.outside,
        parent_id=row.parent_id,
        from_agency=agency_ref(row.from_agency_id),
        why=row.why if open_to else "",
        document=row.document,
        answer=answers.get(row.answer_id, "") if row.answer_id and open_to else "",
        ended_at=row.ended_at,
        ended_how=cast(Any, row.ended_how),
        ended_why=row.ended_why if open_to else "",
        external_id=row.external_id,
        heard_at=row.heard_at,
        clock=_chip(row, case, mine),
        deadline=explained(mine) if mine is not None else None,
    )


def _clock_row(row: Row, clocks: Sequence[DeadlineRow]) -> DeadlineRow | None:
    """The part's own clock: its first follow-up while it has not begun, then the limit of the matter."""
    if not row.active or row.role == "referral":
        return None
    own = [each for each in clocks if each.agency_id == row.agency_id]
    first = [each for each in own if each.step == "follow_up" and each.done_at is None]
    whole = [each for each in clocks if each.step == "resolve" and each.agency_id in (None, row.agency_id)]
    last = max((each.started_at for each in whole), default=None)
    return next(iter(first or [each for each in whole if each.started_at == last]), None)


def _chip(row: Row, case: Complaint, mine: DeadlineRow | None) -> ClockChip | None:
    if mine is None:
        return None
    zone = ZoneInfo(current_tenant().timezone)
    state = "done" if row.state == "answered" else "paused" if case.status == "on_hold" else "running"
    moment = row.answered_at if state == "done" and row.answered_at else now()
    work = calendars.current().work(row.agency_id, unit=mine.unit)
    reading = clock.read(
        cast(Any, state),
        mine.started_at,
        mine.due_at,
        moment,
        work if mine.unit == "h" else clock.WorkingTime(work.days),
        zone,
        unit=mine.unit,
    )
    made = clock_words.chip(reading, mine.due_at, zone, mine.unit, case.waiting_for)
    return replace(made, text=_("dijawab")) if state == "done" else made


def _place(each: Any, by_id: Mapping[UUID, Any]) -> tuple[Any, ...]:
    """Below the unit that stays responsible: its place, then the depth, then the day."""
    depth, top, seen = 0, each, set[UUID]()
    while top.parent_id in by_id and top.id not in seen:
        seen.add(top.id)
        top, depth = by_id[top.parent_id], depth + 1
    return (
        top.role != "owner",
        str(top.assigned_at),
        str(top.id),
        depth,
        str(each.assigned_at),
        str(each.id),
    )
