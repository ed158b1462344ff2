"""What citizens' pages tell of likeness and incidents, asked by number."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from plugins.lapor.contracts import Offer, TogetherView
from plugins.lapor.models import Complaint, Incident
from plugins.lapor.service.alike import offers
from plugins.lapor.service.redact import redact
from superapp.sdk import session

NONE: Final = TogetherView(1, True, "", "")


def offers_for(number: str) -> tuple[Offer, ...]:
    """Reports that the reporter of this one may follow instead; what was asked is never secret."""
    case = session().scalars(select(Complaint).where(Complaint.number == number)).one_or_none()
    return offers.for_report(case) if case is not None else ()


def together(number: str, incident_id: UUID) -> TogetherView:
    """The voices of a report's incident and its lead, as everybody may know them."""
    query = (
        select(Complaint).join(Incident, Incident.lead_id == Complaint.id).where(Incident.id == incident_id)
    )
    lead = session().scalars(query).one_or_none()
    if lead is None:
        return NONE
    count = select(func.count()).select_from(Complaint).where(Complaint.incident_id == incident_id)
    voices = int(session().execute(count).scalar_one())
    if lead.number == number:
        return TogetherView(voices, True, number, "")
    if not lead.published or lead.secret or lead.whistle:
        return TogetherView(voices, False, "", "")
    return TogetherView(voices, False, lead.number, redact(lead.title))
