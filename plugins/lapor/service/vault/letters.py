"""Mail to a reporter: the one door, so that nobody else needs the address.

A link that opens the reporter's page stands in the mail of an open report alone. Whoever reads the
mailbox of one who reported in secret must not come into the case: there the mail names the number and
asks for the PIN, or carries a link that ends after the hours that the tenant set.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from plugins.lapor.models import Complaint, OutsideRef, Reporter
from plugins.lapor.service import codes
from plugins.lapor.service.vault import people
from plugins.lapor.settings import setting
from superapp.sdk import Message, address, current_tenant, notify, now, session

CLOSED = "Ada kabar tentang laporan Anda. Isinya hanya tampil di halaman laporan."


def to_reporter(case: Complaint, told: str, key: str, kind: str = "") -> bool:
    """Send a line to the reporter when an address was left; `key` keeps it from being sent twice.

    `kind` is the type of the event that it tells.

    Of a secret case the line itself stays away too. Who reported elsewhere follows it there, under the
    number and PIN of that place. Returns whether there was somebody to write to.
    """
    to = people.kept(case.id).contact.email
    who = session().get(Reporter, (current_tenant().id, case.id)) if to else None
    if who is None or _reported_elsewhere(case):
        return False
    text = f"{CLOSED if case.secret else told}\n\nNomor: {case.number}\n{link(case, who.salt)}\n\n"
    # With the ticket an answer by mail finds the case; of a secret one nothing but the link travels.
    values = {"number": case.number}
    if not case.secret:
        values["ticket"] = codes.ticket(case.id, who.salt)
    subject, whole = f"Laporan {case.number}", f"{text}{current_tenant().name}\n"
    notify(Message("email", to, subject, whole, key=key, kind=kind, values=values))
    return True


def _reported_elsewhere(case: Complaint) -> bool:
    query = select(OutsideRef.complaint_id).where(
        OutsideRef.complaint_id == case.id, OutsideRef.came_from_there
    )
    return session().scalars(query.limit(1)).first() is not None


def link(case: Complaint, salt: bytes) -> str:
    """The address to follow: with a ticket for an open report, without or with a short one for a secret."""
    if not case.secret:
        return address(f"/lapor/buka/{codes.ticket(case.id, salt)}")
    hours = int(str(setting("secret_link_hours")))
    if not hours:
        return address(f"/lapor/lacak?nomor={case.number}")
    return address(f"/lapor/buka/{codes.short_ticket(case.id, salt, now() + timedelta(hours=hours))}")
