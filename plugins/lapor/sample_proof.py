"""Drawn photos for the demo: what reporters send, and what units prove their work with."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from plugins.lapor.contracts import Upload
from plugins.lapor.models import Complaint
from plugins.lapor.service.proof.rules import NO_WORK, needed
from superapp.sdk import current_tenant, now, session

SIZE = (480, 360)
NO_WORK_SHARE, OLD_SHARE, USED_SHARE = 0.12, 0.03, 0.03
STREETS = 12  # places of which the same photo is sent again by who has nothing new to show


def with_answer(complaint_id: UUID, dice: random.Random) -> dict[str, Any]:
    """What a made-up unit sends along with its answer, as its category asks for it."""
    columns = (Complaint.category_code, Complaint.kind, Complaint.lat, Complaint.lng, Complaint.received_at)
    case = session().execute(select(*columns).where(Complaint.id == complaint_id)).one()
    if needed(case.category_code, case.kind, "in_progress") == "none":
        return {}
    if dice.random() < NO_WORK_SHARE:
        return {"no_work": dice.choice(NO_WORK)}
    taken = now() - timedelta(minutes=dice.randint(10, 300))
    if dice.random() < OLD_SHARE:
        taken = case.received_at - timedelta(days=dice.randint(20, 200))
    seed = f"lama:{dice.randrange(STREETS)}" if dice.random() < USED_SHARE else f"{complaint_id}"
    return {"photos": [photo(seed, max(taken, case.received_at - timedelta(days=200)), case.lat, case.lng)]}


def with_report(key: str) -> list[Upload]:
    """The photo that a made-up reporter sends, in four of ten cases."""
    return [photo(key)] if random.Random(f"foto:{key}").random() < 0.4 else []


def photo(
    seed: str, taken: datetime | None = None, lat: float | None = None, lng: float | None = None
) -> Upload:
    """A street of boxes under a sky, other for each seed, with a camera's time and place some metres away."""
    from PIL import ExifTags, Image, ImageDraw

    dice, (width, height) = random.Random(f"gambar:{seed}"), SIZE
    picture = Image.new("RGB", SIZE, (dice.randrange(120, 200), dice.randrange(140, 210), 205))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, int(height * dice.uniform(0.35, 0.6)), width, height), fill=_colour(dice, 60, 140))
    for _ in range(18):
        left, top = dice.randrange(width), dice.randrange(height)
        shape = draw.ellipse if dice.random() < 0.3 else draw.rectangle
        corner = (left + dice.randrange(20, 140), top + dice.randrange(20, 120))
        shape((left, top, *corner), fill=_colour(dice, 0, 256))
    exif, out = Image.Exif(), io.BytesIO()
    if taken is not None:
        exif[ExifTags.Base.Make] = "Contoh"
        local = taken.astimezone(ZoneInfo(current_tenant().timezone))
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = local.strftime("%Y:%m:%d %H:%M:%S")
    if lat is not None and lng is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        near_lat, near_lng = (point + dice.gauss(0, 0.0002) for point in (lat, lng))
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = (
            _parts(near_lat),
            "NS"[near_lat < 0],
        )
        place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = _parts(near_lng), "E"
    picture.save(out, "JPEG", quality=82, exif=exif)
    return Upload("contoh.jpg", out.getvalue())


def _colour(dice: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return dice.randrange(low, high), dice.randrange(low, high), dice.randrange(low, high)


def _parts(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, as cameras write them."""
    whole, rest = divmod(abs(degrees) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    return whole, minutes, round(seconds, 3)
