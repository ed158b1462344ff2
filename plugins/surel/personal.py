"""What is kept of a person: that mails went to the address, not what they said."""

from __future__ import annotations

from sqlalchemy import select

from plugins.surel.models import Delivery
from plugins.surel.service import address_hash
from superapp.sdk import PersonalData, session


def export(contact: str) -> PersonalData | None:
    """The deliveries to this address, oldest first; None when there are none."""
    query = (
        select(Delivery).where(Delivery.address_hash == address_hash(contact)).order_by(Delivery.created_at)
    )
    found = [
        {"key": d.key, "state": d.state, "at": d.updated_at.isoformat()} for d in session().scalars(query)
    ]
    return PersonalData("Email", {"deliveries": found}) if found else None
