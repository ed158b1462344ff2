"""How long identities are kept after a case was closed: months for each class, set by the tenant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from plugins.lapor.models import Complaint, VaultContact
from plugins.lapor.service.vault import people
from plugins.lapor.settings import setting
from superapp.sdk import log, now, session

CLASSES = ("complaint", "aspiration", "information", "whistle")
BATCH = 200


def shred() -> int:
    """Destroy the contacts whose time is over; logs nothing but how many.

    Each in a commit of its own, so that a run that is cut short goes on the next night.
    """
    total = 0
    for name in CLASSES:
        months = int(str(setting(f"keep_{name}_months")))
        while months and (due := _due(name, before(now(), months))):
            total += sum(people.forget(complaint_id, how="retention") for complaint_id in due)
    if total:
        log.get(__name__).info("identities_shredded", count=total)
    return total


def before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier; the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _due(name: str, until: datetime) -> list[UUID]:
    of_class: ColumnElement[bool] = Complaint.whistle != ""
    if name != "whistle":
        of_class = (Complaint.whistle == "") & (Complaint.kind == name)
    query = (
        select(Complaint.id)
        .join(VaultContact, VaultContact.complaint_id == Complaint.id)
        .where(Complaint.closed_at < until, of_class, VaultContact.erased_at.is_(None))
    )
    return list(session().scalars(query.order_by(Complaint.closed_at, Complaint.id).limit(BATCH)))
