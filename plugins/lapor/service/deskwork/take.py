"""Taking a case as one's own task ("tugas saya"): nothing moves but who works on it."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.contracts import Done
from plugins.lapor.service import counters
from plugins.lapor.service.case import active_assignments, check_version, done
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.service.kept import steps
from plugins.lapor.service.line import write_line
from plugins.lapor.service.owners.parts import of_agency
from plugins.lapor.states import OPEN
from superapp.sdk import Conflict, current_actor, new_id, now, session, work


def take(complaint_id: UUID, *, version: int | None = None) -> Done:
    """Put the case under the actor's own tasks. Raises Conflict for one that ended or is theirs already."""
    actor = current_actor()
    with work():
        case = opened(complaint_id, "lapor.handle")
        check_version(case, version)
        if case.status not in OPEN:
            raise Conflict("Laporan ini sudah ditutup.")
        held = active_assignments(complaint_id)
        part = of_agency(held, actor.agency_id)
        if actor.id in (case.officer_id, part.officer_id if part else None):
            raise Conflict("Laporan ini sudah menjadi tugas Anda.")
        image = steps.before(actor, case.id)
        before = counters.boxes(case, held)
        event_id = new_id()
        if part is not None:
            part.officer_id = actor.id
        if part is None or part.agency_id == case.agency_id:
            case.officer_id = actor.id
        case.version, case.updated_at = case.version + 1, now()
        write_line(case, "take", actor=actor, event_id=event_id)
        session().flush()
        counters.add(counters.moved(before, counters.boxes(case, held)))
        steps.after(image, case, "take", event_id, {})
        return done(case)
