"""Finding a reporter's cases by a whole phone number, e-mail address or NIK.

For an officer with the right, for a purpose, slowed down, and told to each reporter who was found.
Nobody is found who asked to be anonymous or blew the whistle: their contacts carry no tags at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.models import Complaint, VaultContact
from plugins.lapor.service import seen
from plugins.lapor.service.validate import require
from plugins.lapor.service.vault import access, crypt, keys
from superapp.sdk import (
    FieldError,
    Forbidden,
    Invalid,
    audit,
    current_actor,
    rate_limit,
    session,
    work,
)

MOST, TRIES, WINDOW_SECONDS = 50, 20, 3600


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found. Of its reporter nothing is said."""

    id: UUID
    number: str
    title: str
    status: str
    received_at: datetime


def find(value: str, *, purpose: str) -> tuple[Hit, ...]:
    """The cases under this value that the actor may see, the newest first.

    Raises Forbidden without the right, Invalid for something that is no whole number or address or
    without a purpose, TooMany after 20 searches within an hour.
    """
    why, actor = require("purpose", purpose, most=500), current_actor()
    if not actor.may(seen.IDENTITY):
        raise Forbidden()
    field = crypt.kind_of(value.strip()[:254])
    if field is None:
        remedy = _("Tulis seluruh nomor telepon, alamat surel, atau NIK 16 angka.")
        raise Invalid(errors=[FieldError("value", remedy, "format")])
    rate_limit("lapor.vault.search", str(actor.id), TRIES, WINDOW_SECONDS, fail_open=False)
    with work():
        tagged = select(VaultContact.complaint_id).where(
            getattr(VaultContact, f"{field}_tag") == crypt.tag(keys.ring().index, field, value)
        )
        columns = (Complaint.id, Complaint.number, Complaint.title, Complaint.status, Complaint.received_at)
        query = select(*columns).where(Complaint.id.in_(tagged), seen.seen_by(actor))
        rows = session().execute(
            query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(MOST)
        )
        found = tuple(Hit(*row) for row in rows)
        for hit in found:
            access.note("search", hit.id, why)
        if not found:
            access.note("search", None, why)
        audit.record("lapor.identity.search", "complaint", field=field, found=len(found))
    return found
