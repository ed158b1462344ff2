"""Cases that have to do with each other: related, following, caused by. Seen from both."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from plugins.lapor.contracts.desk import LinkView
from plugins.lapor.models import Complaint, Link
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.service.kept import images, steps
from plugins.lapor.service.seen import seen_by
from plugins.lapor.service.track import tidy_number
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    current_actor,
    new_id,
    now,
    session,
    work,
)

KINDS: Final = ("related", "follows", "caused_by")
# How the other case calls it.
SEEN_FROM_THERE: Final = {"related": "related", "follows": "followed_by", "caused_by": "causes"}
MOST: Final = 50


def link(complaint_id: UUID, number: str, kind: str) -> None:
    """Say that this case is related to, follows, or was caused by another one.

    Raises Invalid for an unknown number, the case itself or a kind that is none; Conflict when the
    two are linked in this way already.
    """
    if kind not in KINDS:
        raise Invalid(errors=[FieldError("kind", "Pilih hubungannya dari daftar.", "choice")])
    with work():
        case = opened(complaint_id, "lapor.handle")
        other = _other(number)
        if other == case.id:
            raise Invalid(errors=[FieldError("number", "Ini nomor laporan ini sendiri.", "same")])
        both_ways = or_(_from_to(case.id, other), _from_to(other, case.id))
        known = session().scalars(select(Link.id).where(both_ways, Link.kind == kind)).first()
        if known is not None:
            raise Conflict("Kedua laporan sudah dihubungkan begitu.")
        row = Link(id=new_id(), complaint_id=case.id, other_id=other, kind=kind, made_at=now())
        row.actor_name, row.agency_id = current_actor().name, current_actor().agency_id
        session().add(row)
        session().flush()
        steps.remember("rows", case, "link", None, [images.added("link", {"id": row.id})])


def unlink(complaint_id: UUID, link_id: UUID) -> None:
    """Take a link away, from either of its cases. Raises NotFound."""
    with work():
        case = opened(complaint_id, "lapor.handle")
        ours = or_(Link.complaint_id == case.id, Link.other_id == case.id)
        row = session().scalars(select(Link).where(Link.id == link_id, ours)).one_or_none()
        before = images.row_of("link", {"id": link_id})
        if row is None or before is None:
            raise NotFound("Hubungan ini sudah tidak ada.")
        session().delete(row)
        session().flush()
        steps.remember("rows", case, "unlink", None, [images.removed("link", before)])


def links_of(complaint_id: UUID) -> list[LinkView]:
    """The linked cases that the actor may see too, the newest link first; of others nothing at all."""
    ours = or_(
        and_(Link.complaint_id == complaint_id, Complaint.id == Link.other_id),
        and_(Link.other_id == complaint_id, Complaint.id == Link.complaint_id),
    )
    same = Link.tenant_id == Complaint.tenant_id
    query = select(Link, Complaint.number, Complaint.title, Complaint.status).join(
        Complaint, and_(same, ours)
    )
    rows = session().execute(query.where(seen_by(current_actor())).order_by(Link.id.desc()).limit(MOST))
    return [_view(row, complaint_id, number, title, status) for row, number, title, status in rows]


def _view(row: Link, complaint_id: UUID, number: str, title: str, status: str) -> LinkView:
    ours = row.complaint_id == complaint_id
    kind = row.kind if ours else SEEN_FROM_THERE[row.kind]
    return LinkView(row.id, kind, ours, number, title, status)


def _other(number: str) -> UUID:
    try:
        known = tidy_number(number)
    except NotFound:
        known = ""
    query = select(Complaint.id).where(Complaint.number == known, seen_by(current_actor()))
    found = session().scalars(query).one_or_none()
    if found is None:
        raise Invalid(
            errors=[
                FieldError("number", "Tidak ada laporan dengan nomor ini. Tulis seperti DPS-2026-000123.")
            ]
        )
    return found


def _from_to(one: UUID, other: UUID) -> ColumnElement[bool]:
    return and_(Link.complaint_id == one, Link.other_id == other)
