"""Changing a case: lock, judge, change, tell, count. Every step of handling passes here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Done, Draft, Location, Status
from plugins.lapor.events import AFTER, AFTER_KIND
from plugins.lapor.models import Assignment, CaseEvent, Complaint, DeadlineRow
from plugins.lapor.service import counters, outbox, voice
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.coach import asking
from plugins.lapor.service.kept import checks, steps
from plugins.lapor.service.seen import ALL, may_see, may_step
from plugins.lapor.states import OPEN, Action, Transition, transition
from superapp.sdk import (
    SYSTEM,
    Actor,
    Conflict,
    Forbidden,
    NotFound,
    current_actor,
    emit,
    new_id,
    now,
    session,
    work,
)

REPORTER = Actor(kind="anonymous", name="Pelapor")
UNKNOWN = "Laporan ini tidak ada."
# A whistle-blower's case takes none of these: they would show it to another unit.
LEAVING: frozenset[Action] = frozenset({"dispose", "give_back", "forward", "pass_on"})
# The clock that runs in a state; where a case has none of it, that of the whole matter.
STEP: Mapping[str, str] = {
    "received": "verify",
    "verified": "verify",
    "returned": "verify",
    "dispositioned": "follow_up",
    "answered": "confirm",
}


@dataclass(slots=True)
class Change:
    """A case while it is being changed; `case` is the locked row."""

    case: Complaint
    arrow: Transition
    actor: Actor
    moment: datetime
    assignments: list[Assignment]
    event_id: UUID = field(default_factory=new_id)
    text: str = ""
    public: bool = True
    data: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    to: Status | None = None  # the state that followed from the parts
    kind: str = ""  # the line's type where it is not the action
    parts: list[Assignment] | None = None  # those it was about; None: the case itself, so all of them

    @property
    def done(self) -> Done:
        """What the step leaves behind, once the change is over."""
        return done(self.case)

    def running(self, *steps: str, agency_id: UUID | None = None) -> list[DeadlineRow]:
        """The case's clocks that are not done, of some steps or of all; of one unit with `agency_id`."""
        query = select(DeadlineRow).where(
            DeadlineRow.complaint_id == self.case.id, DeadlineRow.done_at.is_(None)
        )
        if steps:
            query = query.where(DeadlineRow.step.in_(steps))
        if agency_id is not None:
            query = query.where(DeadlineRow.agency_id == agency_id)
        return list(session().scalars(query.order_by(DeadlineRow.due_at, DeadlineRow.id)))

    def finish(self, *steps: str, agency_id: UUID | None = None) -> None:
        """Stop the clocks of these steps; with `agency_id` only those of this unit."""
        for row in self.running(*steps, agency_id=agency_id):
            row.done_at = self.moment


@contextmanager
def changing(
    complaint_id: UUID, action: Action, *, version: int | None = None, actor: Actor | None = None
) -> Iterator[Change]:
    """Lock a case for one action and write what follows from it, in one unit of work.

    Raises NotFound when the actor may not see it, Conflict for a wrong version or an action that
    the state does not allow, Forbidden without the permission. Nothing is changed then.
    """
    actor = actor or current_actor()
    with work():
        case = locked(complaint_id)
        assignments = active_assignments(complaint_id)
        by_reporter = actor is REPORTER
        if not by_reporter and not may_see(actor, case, [each.agency_id for each in assignments]):
            raise NotFound(UNKNOWN)
        check_version(case, version)
        place = voice.place_of(case)
        arrow = transition(cast(Status, case.status), action)
        if arrow.permission and not may_step(actor, case, arrow.permission):
            raise Forbidden()
        if case.whistle and action in LEAVING and actor is not SYSTEM:
            raise Conflict(
                _("Pengaduan tentang pegawai tidak boleh keluar dari yang memeriksanya."),
                _("Bila bukan pengaduan tentang pegawai, lepaskan dulu dengan alasan."),
            )
        if arrow.who == "officer" and not _may_act(actor, assignments):
            raise Forbidden(
                _("Unit Anda hanya menerima tembusan."), _("Tulis catatan untuk unit pemiliknya.")
            )
        before = counters.boxes(case, assignments)
        came_from = case.status
        change = Change(case, arrow, actor, now(), assignments)
        checks.demand(case, action, actor)
        image = steps.before(actor, case.id)
        yield change
        voice.check(place, case, action, actor)
        if came_from == "on_hold":
            asking.finish(change, action)
        case.status = _arrives(change)
        if case.status != "on_hold":
            case.held_from = None
        _set_clock(change)
        case.version += 1
        case.updated_at = change.moment
        _touch(change)
        write_event(change, change.kind or action, came_from)
        session().flush()
        after = counters.boxes(case, change.assignments)
        counters.add({**counters.moved(before, after), **change.figures})
        steps.after(image, case, action, change.event_id, change.figures)
        told = AFTER_KIND.get(change.kind, AFTER[action])
        emit(told(str(case.id), case.number, case.status, str(change.event_id)))
        outbox.put(
            case,
            change.kind or action,
            change.event_id,
            change.moment,
            actor,
            public=change.public,
            owners=_handed_over(change),
            lost=_taken_from(change),
        )
        voice.pass_on(place, case, action, by_reporter=by_reporter)


def locked(complaint_id: UUID) -> Complaint:
    """The row, held until the unit of work ends. Raises NotFound."""
    query = select(Complaint).where(Complaint.id == complaint_id).with_for_update()
    found = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def active_assignments(complaint_id: UUID) -> list[Assignment]:
    """The units that have it now."""
    query = select(Assignment).where(Assignment.complaint_id == complaint_id, Assignment.active)
    return list(session().scalars(query.order_by(Assignment.assigned_at, Assignment.id)))


def check_version(case: Complaint, version: int | None) -> None:
    """Raise Conflict when somebody changed the case after the caller looked."""
    if version is not None and version != case.version:
        raise Conflict(
            "Laporan ini sudah berubah sejak Anda membukanya.",
            f"Sekarang keadaannya {case.status}, versi {case.version}. Muat ulang lalu putuskan lagi.",
        )


def target(case: Complaint, arrow: Transition) -> Status:
    """Where an arrow leads for this case; one that follows from the parts leads where they say."""
    if arrow.to == "HELD":
        return cast(Status, case.held_from or "received")
    if arrow.to in ("SAME", "PARTS"):
        return cast(Status, case.status)
    return arrow.to  # type: ignore[return-value]


def _arrives(change: Change) -> Status:
    reached = change.to or target(change.case, change.arrow)
    if change.arrow.to == "PARTS" and reached not in change.arrow.ends:
        raise RuntimeError(f"{change.arrow.action} may not lead to {reached}: see states.TRANSITIONS.")
    return reached


def _may_act(actor: Actor, parts: Sequence[Assignment]) -> bool:
    """False for a unit that only got a copy (tembusan): it reads, and writes notes."""
    mine = next((each for each in parts if actor.agency_id and each.agency_id == actor.agency_id), None)
    return actor.kind == "system" or actor.may(ALL) or mine is None or mine.role != "referral"


def _touch(change: Change) -> None:
    """The version of a part grows with each change that its unit has to see: of the case, or of the part."""
    for each in change.assignments:
        if change.parts is None and each.active:
            each.version += 1


def write_event(change: Change, kind: str, came_from: str | None) -> None:
    """Add the line of the timeline."""
    actor, case = change.actor, change.case
    session().add(
        CaseEvent(
            id=change.event_id,
            complaint_id=case.id,
            type=kind,
            from_status=came_from,
            to_status=case.status,
            actor_kind="reporter" if actor is REPORTER else actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            agency_id=actor.agency_id,
            public=change.public,
            text=change.text,
            data=change.data,
            at=change.moment,
        )
    )


def done(case: Complaint) -> Done:
    """A case's answer to whoever changed it."""
    return Done(case.id, case.number, cast(Status, case.status), case.version)


def draft_of(case: Complaint) -> Draft:
    """The report as hooks see it; without the reporter, whom they have no need to know."""
    return Draft(
        kind=cast(Any, case.kind),
        title=case.title,
        body=case.body,
        category=case.category_code,
        occurred_on=case.occurred_on,
        location=Location(case.lat, case.lng, case.address, case.area_code),
        anonymous=case.anonymous,
        secret=case.secret,
        channel=cast(Any, case.channel),
        words=tuple(case.routing.get("words", ())),
    )


def _handed_over(change: Change) -> list[str]:
    """Codes of the outside owners that got it with this step."""
    return outside_codes(
        each for each in change.assignments if each.active and each.assigned_at == change.moment
    )


def _taken_from(change: Change) -> list[str]:
    """Codes of the outside owners that have it no more with this step."""
    return outside_codes(
        each for each in change.assignments if not each.active and each.ended_at == change.moment
    )


def outside_codes(parts: Iterable[Assignment]) -> list[str]:
    """Codes of the outside owners among these parts."""
    units = [agency_ref(each.agency_id) for each in parts if each.outside]
    return [unit.code for unit in units if unit is not None]


def _set_clock(change: Change) -> None:
    """Show the clock of the new state; a late one stays late until it is paused or done."""
    case = change.case
    if case.status not in OPEN:
        case.overdue = False
        return
    session().flush()
    rows = change.running()
    row = first_of(rows, *shown_steps(case)) or first_of(rows, "resolve")
    if row is not None:
        show(case, row)
    case.overdue = case.status != "on_hold" and change.moment > case.due_at


def show(case: Complaint, row: DeadlineRow) -> None:
    """Let the case show this clock. Another promise begins at the foot of the ladder."""
    if (case.due_step, case.due_at) != (row.step, row.due_at):
        case.rung, case.rung_who = 0, ""
    case.due_step, case.due_unit = row.step, row.unit
    case.due_from, case.due_at = row.started_at, row.due_at


def shown_steps(case: Any) -> set[str]:
    """The steps of which the nearest one is the case's clock now.

    While units work at their parts, one that has not begun may be late; so may the coordinator who
    has to decide about a part that came back.
    """
    state = case.held_from or case.status
    shown = {STEP.get(state, "resolve")}
    if state == "in_progress":
        shown.add("follow_up")
    return shown | {"verify"} if case.open_returns else shown


def first_of(rows: Sequence[DeadlineRow], *steps: str) -> DeadlineRow | None:
    """The earliest clock of these steps."""
    return next((row for row in rows if row.step in steps), None)
