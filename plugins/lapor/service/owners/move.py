"""Moving a part to the unit that took over, with the document it stands on. Done by the reviewed batch."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from plugins.lapor.contracts import AgencyRef, Done
from plugins.lapor.models import Assignment, DeadlineRow
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.case import Change, changing
from plugins.lapor.service.owners import assign, parts
from superapp.sdk import SYSTEM, Conflict, session


def move_part(complaint_id: UUID, assignment_id: UUID, agency_code: str, *, document: str, by: str) -> Done:
    """Let another unit take over a part as it is: role, instruction, answer and clocks go along.

    `by` is the role that decided. Raises Conflict when the part has ended meanwhile or the state of
    the case does not let it move, Invalid for a unit that does not exist today.
    """
    unit = chosen(agency_code)
    with changing(complaint_id, "move", actor=SYSTEM) as change:
        part = next((each for each in change.assignments if each.id == assignment_id), None)
        if part is None or not part.active:
            raise Conflict(_("Bagian ini sudah tidak dipegang unit itu."))
        before = agency_ref(part.agency_id)
        made = _take_over(change, part, unit, document)
        parts.set_lead(change)
        change.parts = [part, made]
        change.data = {
            "from": before.name if before else "",
            "agency": unit.name,
            "agency_code": unit.code,
            "document": document,
            "by": by,
        }
    return change.done


def _take_over(change: Change, part: Assignment, unit: AgencyRef, document: str) -> Assignment:
    """The new unit's part; one that it has already takes the rest along."""
    was = {name: getattr(part, name) for name in ("role", "state", "instruction", "answer_id", "answered_at")}
    children = [each for each in change.assignments if each.active and each.parent_id == part.id]
    above = next((each for each in change.assignments if each.id == part.parent_id), None)
    part.active, part.state = False, "ended"
    part.ended_at, part.ended_how, part.ended_why = change.moment, "moved", document
    part.version += 1
    session().flush()  # it has to leave the unique index first
    here = parts.of_agency(change.assignments, unit.id)
    if here is None or here.role == "referral" != was["role"]:
        if here is not None:
            parts.end(change, here, "replaced", document)
            session().flush()
        here = assign.add(change, unit.id, was["role"], was["instruction"], state=was["state"], above=above)
        here.answer_id, here.answered_at = was["answer_id"], was["answered_at"]
    elif was["role"] == "owner":
        here.role = "owner"
    here.document = document
    here.version += 1
    for child in children:
        child.parent_id = here.id
    _clocks(change, part, here)
    return here


def _clocks(change: Change, part: Assignment, here: Assignment) -> None:
    """What runs for the old unit runs for the new one: a reorganisation gives nobody more time."""
    mine = (DeadlineRow.complaint_id == change.case.id, DeadlineRow.agency_id == part.agency_id)
    session().flush()
    session().execute(update(DeadlineRow).where(*mine).values(agency_id=here.agency_id))
