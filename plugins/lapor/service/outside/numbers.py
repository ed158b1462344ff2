"""Both numbers of a case, kept for life, and the one line that says where else it lives."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from plugins.lapor.contracts import Status
from plugins.lapor.contracts.outside import CaseRef
from plugins.lapor.models import Assignment, CaseEvent, Complaint, DestinationRow, OutsideRef
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.line import write_line
from superapp.sdk import log, session

LONGEST = 200


def ref_of(destination_id: UUID, complaint_id: UUID, *, lock: bool = False) -> OutsideRef | None:
    """Both numbers of a case at a register."""
    query = select(OutsideRef).where(
        OutsideRef.destination_id == destination_id, OutsideRef.complaint_id == complaint_id
    )
    query = query.with_for_update() if lock else query
    return session().scalars(query, execution_options={"populate_existing": True}).one_or_none()


def find(destination_id: UUID, *, foreign_id: str = "", number: str = "") -> OutsideRef | None:
    """The case that they call `foreign_id` or we `number`, theirs first; only one between both sides."""
    named = []
    if foreign_id:
        named.append(OutsideRef.foreign_id == foreign_id[:LONGEST])
    if number:
        named.append(OutsideRef.complaint_id.in_(select(Complaint.id).where(Complaint.number == number)))
    if not named:
        return None
    query = select(OutsideRef).where(OutsideRef.destination_id == destination_id, or_(*named))
    found = session().scalars(query, execution_options={"populate_existing": True}).all()
    theirs = [each for each in found if foreign_id and each.foreign_id == foreign_id[:LONGEST]]
    return next(iter(theirs or found), None)


def learn_number(ref: OutsideRef, foreign_id: str, second_id: str = "") -> None:
    """Keep their ids for life; a different one later is logged and never replaces the first.

    Nor is a number kept that another case has there: one of theirs is one of ours.
    """
    given, second = foreign_id.strip()[:LONGEST], second_id.strip()[:LONGEST]
    if given and ref.foreign_id and given != ref.foreign_id:
        log.get(__name__).warning("outside_number_differs", destination=str(ref.destination_id))
        return
    if given and not ref.foreign_id:
        other = find(ref.destination_id, foreign_id=given)
        if other is not None and other.complaint_id != ref.complaint_id:
            log.get(__name__).warning("outside_number_taken", destination=str(ref.destination_id))
            return
    ref.foreign_id, ref.second_id = ref.foreign_id or given, ref.second_id or second


def tell_sent(case: Complaint, target: DestinationRow, ref: OutsideRef, *, first: bool = False) -> None:
    """The line of the case that it lives there, too: one for each register, whenever the number comes.

    `first` saves the look whether it was written: nothing of the case was sent or heard there before.

    The part of the outside owner carries the number. The line has it when it is known by then; later
    ones are read beside it (`missing_numbers`), because lines are never changed.
    """
    part = outside_part(target, case) if ref.owner else None
    if part is not None and ref.foreign_id and not part.external_id:
        part.external_id = ref.foreign_id[:100]
        case.external_id = case.external_id or ref.foreign_id[:100]
    known = select(CaseEvent.id).where(
        CaseEvent.complaint_id == case.id,
        CaseEvent.type == "sent_outside",
        CaseEvent.data["destination"].astext == str(target.id),
    )
    if not first and session().scalars(known.limit(1)).first() is not None:
        return
    facts = {"to": target.title, "destination": str(target.id), "external_id": ref.foreign_id}
    write_line(case, "sent_outside", public=not case.secret, data=facts)


def outside_part(target: DestinationRow, case: Complaint) -> Assignment | None:
    """The part of the outside owner that this register stands for."""
    query = select(Assignment).where(
        Assignment.complaint_id == case.id, Assignment.active, Assignment.outside
    )
    for each in session().scalars(query.order_by(Assignment.assigned_at, Assignment.id)):
        unit = agency_ref(each.agency_id)
        if unit is not None and unit.code == target.agency_code:
            return each
    return None


def ref(destination_id: UUID, *, foreign_id: str = "", number: str = "") -> CaseRef | None:
    """The case that they call `foreign_id` or we `number`; None when it was never between us."""
    found = find(destination_id, foreign_id=foreign_id, number=number)
    if found is None:
        return None
    case = session().scalars(select(Complaint).where(Complaint.id == found.complaint_id)).one()
    return as_ref(found, case)


def as_ref(row: OutsideRef, case: Complaint) -> CaseRef:
    """A case that both sides know, as connectors see it."""
    status: Status = case.status  # type: ignore[assignment]
    return CaseRef(
        complaint_id=row.complaint_id,
        number=case.number,
        status=status,
        foreign_id=row.foreign_id,
        second_id=row.second_id,
        owner=row.owner,
        came_from_there=row.came_from_there,
        sent_at=row.sent_at,
        heard_at=row.heard_at,
        last_word=row.last_word,
    )
