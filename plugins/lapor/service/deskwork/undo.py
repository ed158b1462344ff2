"""Taking a step back within a minute, or saying why that cannot be.

Undoing puts back the columns that the step changed (`kept.images`), unless the case moved on
meanwhile. The timeline keeps both the step and its undoing; the version only grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from plugins.lapor.contracts.desk import Outcome
from plugins.lapor.events import Undone
from plugins.lapor.models import CaseEvent, Complaint, UndoEntry
from plugins.lapor.service import counters, outbox
from plugins.lapor.service.case import active_assignments, locked, outside_codes
from plugins.lapor.service.deskwork.drafts import put_back
from plugins.lapor.service.kept import images
from plugins.lapor.service.kept.steps import WINDOW
from superapp.sdk import AppError, Conflict, NotFound, current_actor, emit, now, session, work

NOTHING: Final = "Langkah ini tidak ada atau bukan langkah Anda."


def undo(batch_id: UUID) -> list[Outcome]:
    """Take back all that one deed did, each case in a unit of work of its own.

    Raises NotFound for a batch that is not the actor's. What could not be taken back says why.
    """
    actor = current_actor()
    query = select(UndoEntry.complaint_id, Complaint.number).join(
        Complaint, Complaint.id == UndoEntry.complaint_id
    )
    mine = query.where(UndoEntry.batch_id == batch_id, UndoEntry.officer_id == actor.id)
    cases = session().execute(mine.distinct().order_by(Complaint.number)).all()
    if not cases or actor.id is None:
        raise NotFound(NOTHING)
    return [_outcome(batch_id, complaint_id, number) for complaint_id, number in cases]


def _outcome(batch_id: UUID, complaint_id: UUID, number: str) -> Outcome:
    try:
        with work():
            _take_back(batch_id, complaint_id)
    except AppError as error:
        return Outcome(complaint_id, number, False, f"{error.title} {error.detail}".strip())
    except IntegrityError:  # a warning already stands on a clock that would have to go
        return Outcome(complaint_id, number, False, "Sistem sudah menindaklanjuti langkah itu.")
    return Outcome(complaint_id, number, True)


def _take_back(batch_id: UUID, complaint_id: UUID) -> None:
    case = locked(complaint_id)
    query = select(UndoEntry).where(UndoEntry.batch_id == batch_id, UndoEntry.complaint_id == complaint_id)
    entries = list(session().scalars(query.order_by(UndoEntry.id.desc()).with_for_update()))
    _judge(case, entries)
    came_from, assigned = case.status, active_assignments(complaint_id)
    boxes = counters.boxes(case, assigned)
    for entry in entries:
        images.restore(entry.changes)
        entry.undone_at = now()
    session().flush()
    session().expire_all()
    case = locked(complaint_id)
    if all(entry.event_id is None for entry in entries):
        return  # ticks and links are in no timeline and no box
    if any(entry.kind == "case" for entry in entries):
        case.version += 1
        case.updated_at = now()
        for part in active_assignments(complaint_id):
            part.version += 1
    event = _tell(case, entries, came_from)
    assigned = active_assignments(complaint_id)
    steps = counters.moved(boxes, counters.boxes(case, assigned))
    for entry in entries:
        steps |= {key: steps.get(key, 0) - value for key, value in entry.figures.items()}
    counters.add(steps)
    undone = [entry.event_id for entry in entries if entry.event_id]
    outbox.undo(case.id, undone, holders=outside_codes(assigned))
    emit(Undone(str(case.id), case.number, case.status, str(event.id)))


def _judge(case: Complaint, entries: Sequence[UndoEntry]) -> None:
    """Raise Conflict with the reason when these steps stand for good."""
    if any(entry.undone_at is not None for entry in entries):
        raise Conflict("Langkah ini sudah diurungkan.")
    fixed = next((entry.reason for entry in entries if entry.kind == "fixed"), "")
    if fixed:
        raise Conflict("Langkah ini tidak bisa diurungkan.", fixed)
    if min(entry.made_at for entry in entries) + WINDOW < now():
        raise Conflict(
            "Waktu untuk mengurungkan sudah lewat.", "Batasnya satu menit. Perbaiki dengan langkah baru."
        )
    last = next((entry for entry in entries if entry.kind == "case"), None)
    if last is not None and case.version != last.version:
        raise Conflict("Langkah ini tidak bisa diurungkan.", _since(case, last))


def _since(case: Complaint, entry: UndoEntry) -> str:
    query = select(CaseEvent).where(CaseEvent.complaint_id == case.id, CaseEvent.id > entry.event_id)
    follower = session().scalars(query.order_by(CaseEvent.at, CaseEvent.id).limit(1)).one_or_none()
    if follower is not None and follower.actor_kind == "reporter":
        return "Pelapor sudah menanggapinya."
    name = follower.actor_name if follower is not None else ""
    return f"{name or 'Petugas lain'} sudah melanjutkannya."


def _tell(case: Complaint, entries: Sequence[UndoEntry], came_from: str) -> CaseEvent:
    """The line of the timeline; what was written goes back into the officer's draft."""
    ids = [entry.event_id for entry in entries if entry.event_id]
    undone = {row.id: row for row in session().scalars(select(CaseEvent).where(CaseEvent.id.in_(ids)))}
    if len(entries) == 1 and entries[0].event_id in undone:
        put_back(case.id, undone[entries[0].event_id])
    actor = current_actor()
    event = CaseEvent(
        complaint_id=case.id,
        type="undo",
        from_status=came_from,
        to_status=case.status,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        agency_id=actor.agency_id,
        public=any(row.public for row in undone.values()),
        data={
            "undone": [str(each) for each in ids],
            "actions": [entry.action for entry in reversed(entries)],
        },
        at=now(),
    )
    session().add(event)
    session().flush()
    return event
