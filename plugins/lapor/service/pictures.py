"""Showing a picture: to everybody, to the reporter, to the desk, or to nobody."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import select

from plugins.lapor import photos as pictures
from plugins.lapor.models import Complaint, Photo
from plugins.lapor.service import codes, seen
from plugins.lapor.service.case import active_assignments
from plugins.lapor.service.track import opened_by
from superapp.sdk import NotFound, current_actor, session, storage

MISSING = "Foto ini tidak ada."


def open_photo(
    photo_id: UUID, size: Literal["full", "thumb"] = "full", *, ticket: str = ""
) -> tuple[bytes, str]:
    """The picture and its MIME type, for everybody, the ticket's holder or an officer who may see the case.

    Raises NotFound when it is not ready or not theirs to see.
    """
    query = select(Photo, Complaint).join(Complaint, Complaint.id == Photo.complaint_id)
    row = session().execute(query.where(Photo.id == photo_id)).one_or_none()
    if row is None or row[0].state != "ready" or not _may_open(row[0], row[1], ticket):
        raise NotFound(MISSING)
    name = row[0].thumb if size == "thumb" else row[0].full
    return storage.read(name), "image/webp"


def _may_open(photo: Photo, case: Complaint, ticket: str) -> bool:
    if photo.public and case.published and not case.secret and pictures.shown_to(photo, "public"):
        return True
    if ticket and codes.id_in(ticket) == case.id:
        mine = photo.public or photo.stage == "report" or (case.secret and photo.stage == "answer")
        return mine and pictures.shown_to(photo, "reporter") and opened_by(ticket).id == case.id
    actor = current_actor()
    if actor.kind not in {"officer", "api", "system"} or not actor.may("lapor.inbox"):
        return False
    return seen.may_read(actor, case, [each.agency_id for each in active_assignments(case.id)])
