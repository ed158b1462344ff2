"""Pictures: judged before anything decodes them, kept as sent, made ready by the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import PhotoView, Upload
from plugins.lapor.models import Photo
from plugins.lapor.pictures import imagesize
from plugins.lapor.settings import setting
from superapp.sdk import (
    FieldError,
    Invalid,
    defer,
    new_id,
    now,
    session,
    storage,
)

MAX_PHOTOS = 5
MAX_BYTES = 10 * 1024 * 1024
MAX_CASE_PHOTOS = 40
Audience = Literal["public", "reporter", "desk"]
SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}


def inspect(photos: Sequence[Upload]) -> None:
    """Raise Invalid naming each picture that cannot be taken, by its place and file name."""
    errors = []
    if len(photos) > MAX_PHOTOS:
        errors.append(FieldError("photos", f"Paling banyak {MAX_PHOTOS} foto sekali kirim.", "count"))
    for place, photo in enumerate(photos[:MAX_PHOTOS], start=1):
        if wrong := _fault(photo.data):
            name = "".join(c for c in photo.filename[:60] if c.isprintable())
            errors.append(FieldError("photos", f"Foto {place} ({name}): {wrong}", "photo"))
    if errors:
        raise Invalid(errors=errors)


def keep(
    complaint_id: UUID,
    photos: Sequence[Upload],
    *,
    stage: Literal["report", "progress", "answer"],
    public: bool,
    event_id: UUID | None = None,
) -> list[Photo]:
    """Store inspected pictures under names of our own and ask the worker to make them ready.

    Belongs inside of work(). Raises Invalid when the case has too many already.
    """
    if not photos:
        return []
    before = session().scalars(select(Photo.id).where(Photo.complaint_id == complaint_id)).all()
    if len(before) + len(photos) > MAX_CASE_PHOTOS:
        raise Invalid(errors=[FieldError("photos", f"Satu laporan memuat {MAX_CASE_PHOTOS} foto.", "count")])
    kept = []
    for photo in photos:
        kind = imagesize.kind_of(photo.data) or ""
        row = Photo(
            id=new_id(),
            complaint_id=complaint_id,
            event_id=event_id,
            stage=stage,
            public=public,
            state="waiting",
            reason="",
            mimetype=kind,
            size=len(photo.data),
            sha256=hashlib.sha256(photo.data).digest(),
            raw=storage.put("lapor_raw", photo.data, SUFFIX[kind]),
            created_at=now(),
        )
        session().add(row)
        defer("lapor.photo", photo_id=str(row.id))
        kept.append(row)
    return kept


def adopt(event_ids: Sequence[UUID], *, event_id: UUID, public: bool) -> list[dict[str, Any]]:
    """Show the pictures of these lines of the timeline with another one; belongs inside of work().

    Returns what changed as `kept.steps.remember` takes it.
    """
    changes = []
    query = select(Photo).where(Photo.event_id.in_(event_ids))
    for photo in session().scalars(query) if event_ids else ():
        before = {"event_id": str(photo.event_id), "public": photo.public}
        photo.event_id, photo.public = event_id, public
        after = {"event_id": str(event_id), "public": public}
        changes.append({"table": "photo", "key": {"id": str(photo.id)}, "before": before, "after": after})
    return changes


def view(row: Photo, audience: Audience = "desk") -> PhotoView:
    """A picture as pages name it; one that the audience may not see yet is still waiting for it."""
    return PhotoView(
        id=row.id,
        state=cast(Any, row.state if shown_to(row, audience) else "waiting"),
        stage=cast(Any, row.stage),
        public=row.public,
        taken_at=row.taken_at,
        reason=row.reason or "",
        width=row.width or 0,
        height=row.height or 0,
        distance_m=row.distance_m,
        review=cast(Any, row.review or "none"),
        edition=(row.full or "").rpartition("-")[2][:8],
    )


def shown_to(row: Photo, audience: Audience) -> bool:
    """True when nothing stands between a ready picture and these readers.

    While it is being covered only the desk sees it; a city may want each looked at before the public does.
    """
    if audience == "desk" or row.state != "ready":
        return True
    if row.review == "waiting":
        return False
    return audience == "reporter" or row.review in {"cleared", "redacted"} or not setting("photo_review")


def _fault(data: bytes) -> str:
    if not data:
        return "berkasnya kosong. Pilih foto lain."
    if len(data) > MAX_BYTES:
        return "lebih dari 10 MB. Perkecil dahulu."
    kind = imagesize.kind_of(data)
    if kind is None:
        return "bukan foto JPEG, PNG, WebP, atau HEIC."
    size = imagesize.size_of(data, kind)
    if size is None or 0 in size:
        return "berkas fotonya rusak. Pilih foto lain."
    if size[0] * size[1] > imagesize.MAX_PIXELS:
        return "lebih dari 50 megapiksel. Perkecil dahulu."
    return ""
