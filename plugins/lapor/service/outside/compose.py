"""A parcel's words, put together when it is sent: what became secret meanwhile does not leave any more."""

from __future__ import annotations

from typing import Any, cast
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import and_, select

from plugins.lapor import photos as pictures
from plugins.lapor.contracts import Contact, Upload
from plugins.lapor.contracts.outside import Destination, OutsideCase, Parcel
from plugins.lapor.models import CaseEvent, Complaint, DestinationRow, OutsideRef, ParcelRow, Photo
from plugins.lapor.service import views
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.coach import answers
from plugins.lapor.service.outside.destinations import view
from plugins.lapor.service.vault import people
from plugins.lapor.states import OPEN
from superapp.sdk import NotFound, address, current_tenant, session, storage

# Facts of a line that an outside register may read.
TOLD = frozenset(
    {
        *("agency", "agency_back", "owner", "reason_code", "reason_title", "rule", "remedy", "rating"),
        *("waiting_for", "until", "party", "answered", "units", "heard", "no_work", "actions"),
    }
)


def parcel_id(destination_id: UUID, event_id: UUID) -> UUID:
    """The id under which the other side knows a parcel, the same at every try."""
    return uuid5(NAMESPACE_OID, f"{current_tenant().id}:{destination_id}:{event_id}")


def stays(case: Complaint, ref: OutsideRef | None, target: DestinationRow) -> str:
    """Why a parcel must not leave (any more); "" when it may.

    `secret`: whistle-blowing, and secrets that are not theirs. `taken_back`: the case was handed over and
    taken back before they heard of it.
    """
    theirs = ref is not None and ref.came_from_there
    if case.whistle or (case.secret and not theirs):
        return "secret"
    unheard = ref is not None and ref.sent_at is None and not ref.foreign_id
    if target.takes == "forwarded" and unheard and ref is not None and not ref.owner:
        return "taken_back"
    return ""


def _of_line(line: CaseEvent, told: OutsideCase) -> tuple[UUID, ...]:
    if not told.photos:
        return ()
    mine = session().scalars(select(Photo.id).where(Photo.event_id == line.id)).all()
    return tuple(each for each in told.photos if each in mine)


def about(row: ParcelRow) -> tuple[Complaint, OutsideRef | None, CaseEvent]:
    """The case, both its numbers and the line of a parcel, in one round trip."""
    there = and_(
        OutsideRef.tenant_id == Complaint.tenant_id,
        OutsideRef.complaint_id == Complaint.id,
        OutsideRef.destination_id == row.destination_id,
    )
    line = and_(CaseEvent.tenant_id == Complaint.tenant_id, CaseEvent.id == row.event_id)
    query = (
        select(Complaint, OutsideRef, CaseEvent)
        .join(CaseEvent, line)
        .outerjoin(OutsideRef, there)
        .where(Complaint.id == row.complaint_id)
    )
    found = session().execute(query, execution_options={"populate_existing": True}).one()
    return found[0], found[1], found[2]


def parcel(
    row: ParcelRow,
    target: DestinationRow,
    case: Complaint,
    ref: OutsideRef | None,
    line: CaseEvent,
    contact: Contact | None,
) -> Parcel:
    """What is sent. `contact` is the reporter's, or None where it must not travel."""
    found = view(target)
    told = _case(case, contact)
    return Parcel(
        id=parcel_id(target.id, row.event_id),
        destination=found,
        step=cast(Any, row.step),
        at=line.at,
        text=line.text if line.public or line.type == "reply" else "",
        case=told,
        owner=row.owner,
        came_from_there=ref is not None and ref.came_from_there,
        foreign_id=ref.foreign_id if ref else "",
        second_id=ref.second_id if ref else "",
        data={**{name: line.data[name] for name in TOLD & set(line.data)}, "line": line.type},
        attempt=row.tries,
        photos=_of_line(line, told),
    )


def wants_identity(destination: Destination, case: Complaint) -> bool:
    """True when the reporter's name and numbers travel by the destination's rule."""
    return destination.identity and not (case.anonymous or case.secret or case.whistle)


def contact_of(case: Complaint) -> Contact | None:
    """The reporter's contact; None when none was left."""
    found = people.kept(case.id).contact
    return found if found != Contact() else None


def photo(complaint_id: UUID, photo_id: UUID) -> Upload:
    """A public picture of a case, without its metadata. Raises NotFound."""
    row = (
        session()
        .scalars(select(Photo).where(Photo.id == photo_id, Photo.complaint_id == complaint_id))
        .one_or_none()
    )
    if row is None or not _open(row):
        raise NotFound("Foto ini tidak ada.")
    return Upload(f"{photo_id}.webp", storage.read(row.full or ""))


def _open(row: Photo) -> bool:
    return row.public and row.state == "ready" and pictures.shown_to(row, "public")


def _case(case: Complaint, contact: Contact | None) -> OutsideCase:
    unit = agency_ref(case.agency_id)
    photos = session().scalars(select(Photo).where(Photo.complaint_id == case.id).order_by(Photo.id))
    return OutsideCase(
        id=case.id,
        number=case.number,
        kind=cast(Any, case.kind),
        title=case.title,
        body=case.body,
        status=cast(Any, case.status),
        category_code=case.category_code or "",
        category=views.category_name(case.category_code),
        area_code=case.area_code,
        address=case.address,
        lat=case.lat,
        lng=case.lng,
        anonymous=case.anonymous,
        secret=case.secret,
        received_at=case.received_at,
        agency=unit.name if unit else "",
        due_at=case.due_at if case.status in OPEN else None,
        tracking_url=address(f"/lapor/lacak/{case.number}"),
        answers=tuple((each["label"], each["text"]) for each in answers.public_of_case(case.id)),
        reporter=contact,
        photos=() if case.secret else tuple(each.id for each in photos if _open(each)),
    )
