"""Covering faces and plates before a photo is published; the uncovered one is kept apart.

The public, the reporter and the desk's usual pages see the covered rendition alone. Who opens the
original says what for, and leaves a line. Only from the original can a cover be taken away again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.models import Complaint, Photo, Redaction
from plugins.lapor.pictures.areas import MOST_AREAS, Area, readable
from plugins.lapor.service import seen
from plugins.lapor.service.case import active_assignments, locked
from plugins.lapor.service.line import write_line
from plugins.lapor.service.validate import require
from superapp.sdk import (
    Actor,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    audit,
    current_actor,
    defer,
    new_id,
    now,
    session,
    storage,
    work,
)

COVERS, OPENS = "lapor.redact", "lapor.original"


def photo_of(photo_id: UUID) -> tuple[Photo, Complaint]:
    """A ready photo that the actor may see, and its case. Raises NotFound."""
    query = select(Photo, Complaint).join(Complaint, Complaint.id == Photo.complaint_id)
    row = session().execute(query.where(Photo.id == photo_id)).one_or_none()
    if row is None or row[0].state != "ready":
        raise NotFound(_("Foto ini tidak ada."))
    photo, case = row
    if not seen.may_see(current_actor(), case, [each.agency_id for each in active_assignments(case.id)]):
        raise NotFound(_("Foto ini tidak ada."))
    return photo, case


def areas_of(photo_id: UUID) -> list[Area]:
    """What is covered now, or will be once the worker is done."""
    row = _latest(photo_id)
    return readable(row.areas) if row is not None else []


def cover(photo_id: UUID, areas: Sequence[Sequence[float]]) -> None:
    """Cover these rectangles and no others. The worker draws them; until then only the desk sees the photo.

    Raises Invalid without a rectangle or for one outside of the picture, Forbidden without the right.
    """
    try:
        wanted = readable(areas)
    except (ValueError, TypeError) as error:
        told = _("Kotak harus berada di dalam foto.")
        raise Invalid(errors=[FieldError("areas", told, "range")]) from error
    if not 1 <= len(wanted) <= MOST_AREAS:
        told = _("Tandai 1 sampai %(most)s bagian foto.", most=MOST_AREAS)
        raise Invalid(errors=[FieldError("areas", told, "count")])
    with work():
        photo, case, actor = _taken(photo_id, COVERS)
        _end(photo.id, "replaced")
        row = Redaction(
            id=new_id(),
            photo_id=photo.id,
            areas=[[each.left, each.top, each.right, each.bottom] for each in wanted],
            state="waiting",
            actor_id=actor.id,
            actor_name=actor.name,
        )
        session().add(row)
        photo.review = "waiting"
        defer("lapor.redact", redaction_id=str(row.id))
        _line(case, actor, "redact", "", photo, areas=len(wanted))


def clear(photo_id: UUID) -> None:
    """Say that nothing in the photo has to be covered. Raises Conflict when something is."""
    with work():
        photo, case, actor = _taken(photo_id, COVERS)
        if photo.review in {"waiting", "redacted"}:
            raise Conflict(_("Foto ini sedang disamarkan."), _("Pulihkan dahulu dari aslinya."))
        photo.review = "cleared"
        _line(case, actor, "redact", "", photo, areas=0)


def restore(photo_id: UUID, *, reason: str) -> None:
    """Take the covers away, from the original that was kept. Raises Invalid, Forbidden, Conflict."""
    why = require("reason", reason, most=500)
    with work():
        photo, case, actor = _taken(photo_id, OPENS)
        if photo.review not in {"waiting", "redacted"}:
            raise Conflict(_("Foto ini tidak disamarkan."))
        _end(photo.id, "undone")
        photo.review = "waiting" if photo.original else "none"
        if photo.original:
            defer("lapor.unredact", photo_id=str(photo.id))
        _line(case, actor, "redact", why, photo, areas=0, undone=True)


def original(photo_id: UUID, *, purpose: str) -> tuple[bytes, str]:
    """The uncovered picture, for a purpose that is written down. Raises Invalid, Forbidden, NotFound."""
    why = require("purpose", purpose, most=500)
    with work():
        photo, case, actor = _taken(photo_id, OPENS)
        name = photo.original or photo.full
        _line(case, actor, "original", why, photo)
        audit.record("lapor.original", "photo", photo.id, number=case.number)
    return storage.read(name), "image/webp"


def _taken(photo_id: UUID, permission: str) -> tuple[Photo, Complaint, Actor]:
    """The photo under its case's lock."""
    actor = current_actor()
    photo, case = photo_of(photo_id)
    if not seen.may_step(actor, case, permission):
        raise Forbidden()
    locked(case.id)
    session().refresh(photo)
    return photo, case, actor


def _end(photo_id: UUID, state: Literal["undone", "replaced"]) -> None:
    row = _latest(photo_id)
    if row is not None:
        row.state, row.ended_at = state, now()


def _latest(photo_id: UUID) -> Redaction | None:
    query = select(Redaction).where(Redaction.photo_id == photo_id, Redaction.state.in_(("waiting", "done")))
    return session().scalars(query.order_by(Redaction.created_at.desc()).limit(1)).first()


def _line(case: Complaint, actor: Actor, kind: str, text: str, photo: Photo, **facts: int | bool) -> None:
    write_line(case, kind, actor=actor, text=text, data={"photo": str(photo.id), **facts})
