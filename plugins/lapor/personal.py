"""A person's own data (UU 27/2022): a copy of them, and taking them away."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, update

from plugins.lapor.models import Complaint, Reporter
from superapp.sdk import PersonalData, session, work


def export(contact: str) -> PersonalData | None:
    """All reports under an e-mail address or phone number, with what is kept of the person."""
    query = select(Complaint, Reporter).join(Reporter, Reporter.complaint_id == Complaint.id)
    rows = session().execute(query.where(_under(contact)).order_by(Complaint.received_at)).all()
    if not rows:
        return None
    reports = [
        {
            "number": case.number,
            "received_at": case.received_at.isoformat(),
            "title": case.title,
            "body": case.body,
            "address": case.address,
            "name": who.name,
            "phone": who.phone,
            "email": who.email,
        }
        for case, who in rows
    ]
    return PersonalData("Laporan", {"reports": reports})


def erase(contact: str) -> int | None:
    """Blank name, phone and e-mail; the reports stay, because others have acted on them."""
    with work() as unit:
        gone = unit.execute(update(Reporter).where(_under(contact)).values(name="", phone="", email=""))
    return int(getattr(gone, "rowcount", 0)) or None


def _under(contact: str) -> ColumnElement[bool]:
    return or_(Reporter.email == contact, Reporter.phone == contact)
