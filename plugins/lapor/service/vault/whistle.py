"""Taking a case onto the path of whistle-blowers, and off it again.

A category can be recognised wrongly: the reporter may choose the path, an officer may see later that
a case belongs there. Then it leaves all other views in the same commit. Who investigates may let a
case go that is none; it stays secret, because its reporter trusted that it would be.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from plugins.lapor.contracts import Done, Status
from plugins.lapor.events import AFTER
from plugins.lapor.models import Complaint, DeadlineRow, Photo
from plugins.lapor.service import counters, seen
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.case import (
    UNKNOWN,
    Change,
    active_assignments,
    changing,
    check_version,
    done,
    locked,
)
from plugins.lapor.service.kept import steps
from plugins.lapor.service.line import write_line
from plugins.lapor.service.owners import assign
from plugins.lapor.service.reference import reference
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import require
from plugins.lapor.service.vault import people
from plugins.lapor.service.ways import path_to, unit_of, ways_of
from plugins.lapor.states import OPEN, TABLE
from superapp.sdk import (
    SYSTEM,
    Conflict,
    Forbidden,
    NotFound,
    audit,
    current_actor,
    emit,
    new_id,
    now,
    session,
    work,
)

MARK: Final = "lapor.whistle.mark"
# How far the investigator's part is, by the state in which the case is found to belong there.
STATE_OF: Final = {"dispositioned": "given", "answered": "answered"}
FOUND: Final = "Jenis laporan ini hanya diperiksa Inspektorat."


def mark(complaint_id: UUID, *, version: int | None = None, reason: str, accused: str = "") -> Done:
    """Take a case onto the path; it leaves the sight of all who do not investigate, in this commit.

    `accused` is the code of the unit complained of. Raises NotFound, Forbidden, Conflict when it is on
    the path already or was changed meanwhile, Invalid without a reason or for an unknown unit.
    """
    why = require("reason", reason, most=500)
    unit = chosen(accused, field="accused").id if accused else None
    with work():
        case = _judged(complaint_id, version)
        if not current_actor().may(MARK):
            raise Forbidden()
        if case.whistle:
            raise Conflict(_("Laporan ini sudah di jalur pengaduan pegawai."))
        _take(case, unit, why)
        return done(case)


def follow(case: Complaint) -> None:
    """Take a case onto the path when its category says so; belongs inside of work()."""
    category = reference().categories.get(case.category_code or "")
    if category is not None and category.confidential and not case.whistle:
        _take(case, None, FOUND)


def release(complaint_id: UUID, *, version: int | None = None, reason: str) -> Done:
    """Let a case go that is no complaint of officials: back to the coordinator, still secret."""
    why = require("reason", reason, most=500)
    with work():
        case = _judged(complaint_id, version)
        if case.whistle not in ways_of(current_actor()) or case.status not in OPEN:
            raise Conflict(_("Hanya pengaduan tentang pegawai yang masih terbuka yang bisa dilepaskan."))
        change = _by_hand(case)
        before = counters.boxes(case, change.assignments)
        _end_assignments(change)
        case.whistle, case.accused_id = "", None
        case.status, case.held_from, case.agency_id, case.officer_id = "received", None, None, None
        case.suggested_id = None
        clocks.unpause(change)
        change.finish("verify", "follow_up", "confirm")
        clocks.start(change, "verify")
        session().flush()
        for row in change.running("verify"):
            case.due_step, case.due_from, case.due_at, case.overdue = (
                "verify",
                row.started_at,
                row.due_at,
                False,
            )
        people.put(case.id, people.kept(case.id).contact, unknown=case.anonymous)
        _told(change, "release", why)
        counters.add({**counters.moved(before, counters.boxes(case)), **_figures(case, 1)})
        return done(case)


def give(complaint_id: UUID, unit: UUID | None) -> Status:
    """Hand a case on the path to who investigates it, as the system; None: to the leader, without a unit."""
    with changing(complaint_id, "dispose", actor=SYSTEM) as change:
        _assign(change, unit, "given")
        change.to = "dispositioned"
        change.finish("verify")
        if not change.running("follow_up"):
            clocks.start(change, "follow_up")
        owner = agency_ref(unit)
        change.data = {
            "agency": owner.name if owner else "Pimpinan",
            "agency_code": owner.code if owner else "",
        }
    return change.done.status


def _judged(complaint_id: UUID, version: int | None) -> Complaint:
    case = locked(complaint_id)
    assigned = [each.agency_id for each in active_assignments(complaint_id)]
    if not seen.may_see(current_actor(), case, assigned):
        raise NotFound(UNKNOWN)
    check_version(case, version)
    return case


def _take(case: Complaint, accused: UUID | None, why: str) -> None:
    path, change = path_to(accused), _by_hand(case)
    held = change.assignments
    before = counters.boxes(case, held)
    case.whistle, case.accused_id, case.secret, case.published = path.way, accused, True, False
    case.officer_id = None
    session().execute(update(Photo).where(Photo.complaint_id == case.id).values(public=False))
    people.make_unknown(case.id)
    _told(change, "whistle", why)
    steps.cannot(case, "whistle", change.event_id, "Hanya yang memeriksa yang bisa melepaskannya.")
    session().flush()
    counters.add({**counters.moved(before, counters.boxes(case, held)), **_figures(case, -1)})
    if (case.status, "dispose") in TABLE:
        give(case.id, unit_of(path.way))
        return
    before = counters.boxes(case, held)
    _assign(change, unit_of(path.way), STATE_OF.get(case.held_from or case.status, "working"))
    session().flush()
    after = counters.boxes(case, change.assignments)
    counters.add(counters.moved(before, after))
    emit(AFTER["dispose"](str(case.id), case.number, case.status, str(change.event_id)))


def _by_hand(case: Complaint) -> Change:
    """A change outside of the state table: the path is no state, it holds in each."""
    arrow = TABLE["received", "dispose"]
    return Change(case, arrow, current_actor(), now(), active_assignments(case.id), event_id=new_id())


def _end_assignments(change: Change) -> None:
    """The units lose it; the clock of their first follow-up runs on for who has it next."""
    case = change.case
    for each in change.assignments:
        if each.active:
            each.active, each.state = False, "ended"
            each.ended_at, each.ended_how = change.moment, "replaced"
    case.open_returns = 0
    running = (DeadlineRow.complaint_id == case.id, DeadlineRow.done_at.is_(None))
    session().execute(update(DeadlineRow).where(*running).values(agency_id=None))
    session().flush()  # the ended ones have to leave the unique index first


def _assign(change: Change, unit: UUID | None, state: str) -> None:
    _end_assignments(change)
    change.assignments = []
    if unit is not None and change.case.status in OPEN:
        assign.add(change, unit, "owner", state=state)
    change.case.agency_id, change.case.officer_id = unit, None


def _told(change: Change, kind: str, why: str) -> None:
    """A line that the reporter reads, and one in the host's trail without the number."""
    case, actor = change.case, change.actor
    write_line(case, kind, actor=actor, text=why, public=True, event_id=change.event_id)
    case.version += 1
    case.updated_at = change.moment
    audit.record(f"lapor.{kind}")


def _figures(case: Complaint, step: int) -> dict[str, int]:
    """Take a case out of the figures that everybody reads, or put it back."""
    found = {counters.month(case.received_at, "received"): step}
    if case.closed_at is not None and case.closed_how in {"confirmed", "automatic"}:
        found[counters.month(case.closed_at, "closed")] = step
        found[counters.month(case.closed_at, "on_time")] = step * int(clocks.resolved_in_time(case.id))
    return found
