"""What is kept of a person: that mails went and came; words only while a mail waits."""

from __future__ import annotations

from sqlalchemy import select

from plugins.surel.intake import content, mail
from plugins.surel.models import Delivery, Incoming
from plugins.surel.names import address_hash
from superapp.sdk import PersonalData, session


def export(contact: str) -> PersonalData | None:
    """The deliveries to this address and the mails from it, oldest first; None when there are none."""
    tag = address_hash(contact)
    sent = session().scalars(
        select(Delivery).where(Delivery.address_hash == tag).order_by(Delivery.created_at)
    )
    came = session().scalars(select(Incoming).where(Incoming.sender_tag == tag).order_by(Incoming.at))
    found = {
        "deliveries": [{"key": d.key, "state": d.state, "at": d.updated_at.isoformat()} for d in sent],
        "received": [
            {"at": m.at.isoformat(), "state": m.state, "number": m.number, "words": _words(m)} for m in came
        ],
    }
    told = {name: rows for name, rows in found.items() if rows}
    return PersonalData("Email", told) if told else None


def _words(row: Incoming) -> str:
    """The words of a mail that still waits; all others are in the report or gone."""
    return content.said(mail.read(content.kept(row.kept))) if row.kept else ""
