"""A citizen joins a report of somebody else with a voice of their own, follows it, and may leave again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Channel, Contact, Done, Draft, Kind, Location, PublicView, Receipt, Upload
from plugins.lapor.models import Complaint, Incident
from plugins.lapor.service.case import REPORTER, done
from plugins.lapor.service.incident.gather import gather, split
from plugins.lapor.service.redact import redact
from plugins.lapor.service.submit import submit
from plugins.lapor.service.track import opened_by, tidy_number
from plugins.lapor.service.validate import optional
from plugins.lapor.service.views import public_part
from plugins.lapor.states import OPEN
from superapp.sdk import Conflict, NotFound, session, work


def join(
    number: str,
    *,
    text: str = "",
    contact: Contact = Contact(),
    anonymous: bool = False,
    location: Location | None = None,
    answers: Mapping[str, Any] | None = None,
    channel: Channel = "web",
    photos: Sequence[Upload] = (),
    key: str | None = None,
) -> Receipt:
    """Report the same incident: a number and PIN of one's own, the same news, the same answer.

    Nothing has to be said and nobody has to be named. Without a point of one's own the lead's counts.
    Raises NotFound for a report that is not public or is over, Invalid for a wrong contact or photo.
    """
    said = optional("text", text, most=9000)
    with work():
        lead = joinable(number)
        body = said or f"Ikut melaporkan {lead.number}: {redact(lead.title)}"
        receipt = submit(
            Draft(
                kind=cast(Kind, lead.kind),
                title=redact(lead.title),
                body=body,
                category=lead.category_code,
                location=location or Location(lead.lat, lead.lng, redact(lead.address), lead.area_code),
                reporter=contact,
                anonymous=anonymous,
                channel=channel,
                answers=answers or {},
            ),
            photos,
            key,
        )
        if not receipt.repeated:
            gather(lead.id, [receipt.id], actor=REPORTER)
    return receipt


def join_with(ticket: str, number: str) -> Done:
    """Let a report that was already sent follow another one, in one tap.

    Raises NotFound as `join`, Conflict for a secret report, one that is over or follows one already.
    """
    with work():
        case, lead = opened_by(ticket), joinable(number)
        if case.incident_id is not None:
            raise Conflict(_("Laporan Anda sudah ikut sebuah kejadian."))
        gather(lead.id, [case.id], actor=REPORTER)
        return _done(case.id)


def leave(ticket: str) -> Done:
    """Stop following: the report is handled alone from where it stands. Raises Conflict for one that is."""
    return split(opened_by(ticket).id, actor=REPORTER)


def joinable(number: str) -> Complaint:
    """The lead of a public report's incident, or that report itself, while it is open. Raises NotFound."""
    query = select(Complaint).where(Complaint.number == tidy_number(number))
    case = session().scalars(query).one_or_none()
    if case is not None and case.incident_id is not None and _public(case):
        lead_id = select(Incident.lead_id).where(Incident.id == case.incident_id).scalar_subquery()
        case = session().scalars(select(Complaint).where(Complaint.id == lead_id)).one_or_none()
    if case is None or not _public(case) or case.status not in OPEN:
        raise NotFound(
            _("Laporan ini tidak ada, atau sudah selesai."),
            _("Buat laporan baru, atau pilih laporan lain dari daftar."),
        )
    return case


def public_lead(number: str) -> PublicView:
    """The report that one would join, as everybody may read it. Raises NotFound as `joinable`."""
    return public_part(joinable(number))


def _public(case: Complaint) -> bool:
    return case.published and not case.secret and not case.whistle


def _done(case_id: UUID) -> Done:
    return done(session().scalars(select(Complaint).where(Complaint.id == case_id)).one())
