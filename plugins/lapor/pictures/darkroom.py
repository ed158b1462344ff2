"""Decoding, in the worker only: take time and place out of a picture, then keep it small and without them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from plugins.lapor.pictures.hashes import Fingerprint, fingerprint
from plugins.lapor.pictures.imagesize import MAX_PIXELS
from plugins.lapor.pictures.mark import Mark
from plugins.lapor.pictures.marks import marks

FULL, THUMB = 1600, 400


class BrokenPicture(ValueError):
    """It cannot be decoded; the message is for the sender."""


@dataclass(frozen=True, slots=True)
class Developed:
    """The two WebP pictures, the size of the larger one, and what EXIF told (degrees, UTC)."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: datetime | None
    lat: float | None
    lng: float | None
    fingerprint: Fingerprint | None = None
    marks: tuple[Mark, ...] = ()


def develop(data: bytes, mimetype: str, zone: ZoneInfo) -> Developed:
    """Decode, turn upright, shrink to 1600 and 400 px, drop all metadata. Raises BrokenPicture."""
    if mimetype == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _develop(data, zone)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
    ) as error:
        raise BrokenPicture("Foto tidak dapat dibuka. Kirim ulang dari galeri Anda.") from error


def fingerprint_of(data: bytes) -> Fingerprint | None:
    """The fingerprint of a picture that was developed before."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        return fingerprint(opened.convert("RGB"))


def thumb(data: bytes) -> bytes:
    """The small rendition of a picture that was developed before."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        small = opened.convert("RGB")
    small.thumbnail((THUMB, THUMB))
    return _webp(small)


def _develop(data: bytes, zone: ZoneInfo) -> Developed:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "HEIF")) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        taken_at, (lat, lng) = _taken(opened, zone), _place(opened)
        if opened.format == "PNG":
            opened.load()  # texts may stand behind the pixels
        told = marks(opened, data)
        opened.draft("RGB", (FULL, FULL))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((FULL, FULL))
    small = picture.copy()
    small.thumbnail((THUMB, THUMB))
    return Developed(
        full=_webp(picture),
        thumb=_webp(small),
        width=picture.width,
        height=picture.height,
        taken_at=taken_at,
        lat=lat,
        lng=lng,
        fingerprint=fingerprint(picture),
        marks=told,
    )


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4, exif=b"", icc_profile=b"")
    return out.getvalue()


def _taken(opened: Image.Image, zone: ZoneInfo) -> datetime | None:
    """The time on the camera's clock, read in the tenant's zone unless EXIF states an offset."""
    detail = opened.getexif().get_ifd(ExifTags.IFD.Exif)
    raw = detail.get(ExifTags.Base.DateTimeOriginal)
    try:
        local = datetime.strptime(str(raw)[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    offset = str(detail.get(ExifTags.Base.OffsetTimeOriginal) or "")
    try:
        aware = datetime.fromisoformat(f"{local.isoformat()}{offset}")
    except ValueError:
        aware = local
    return (aware if aware.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def _place(opened: Image.Image) -> tuple[float | None, float | None]:
    gps = opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")))
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 else (None, None)


def _degrees(parts: tuple[float, float, float], side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.upper().startswith(("S", "W")) else value
