"""Making pictures ready."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from plugins.lapor import darkroom
from plugins.lapor.models import Photo
from superapp.sdk import current_tenant, session, storage, work


def develop_photo(photo_id: str) -> None:
    """Make a picture ready, or say why it cannot be. A repeat finds nothing to do."""
    row = (
        session()
        .scalars(select(Photo).where(Photo.id == UUID(photo_id), Photo.state == "waiting"))
        .one_or_none()
    )
    if row is None:
        return
    raw = row.raw
    try:
        made = darkroom.develop(storage.read(raw), row.mimetype, ZoneInfo(current_tenant().timezone))
    except darkroom.BrokenPicture as error:
        values: dict[str, object] = {"state": "rejected", "reason": str(error), "raw": ""}
    else:
        values = {
            "state": "ready",
            "full": storage.put("lapor_photo", made.full, ".webp"),
            "thumb": storage.put("lapor_thumb", made.thumb, ".webp"),
            "width": made.width,
            "height": made.height,
            "taken_at": made.taken_at,
            "lat": made.lat,
            "lng": made.lng,
            "raw": "",
        }
    with work() as unit:
        unit.execute(update(Photo).where(Photo.id == row.id, Photo.state == "waiting").values(**values))
    storage.delete(raw)
