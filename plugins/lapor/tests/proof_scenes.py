"""Drawn photos for the tests of proof: scenes, copies of them, and what cameras write into files."""

from __future__ import annotations

import io
import random
from datetime import datetime

from PIL import ExifTags, Image, ImageDraw, ImageFilter

SIZE = (640, 480)


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A street of boxes and balls under a sky; another seed is another place."""
    dice, (width, height) = random.Random(seed), size
    picture = Image.new("RGB", size, (dice.randrange(120, 200), dice.randrange(140, 210), 210))
    draw = ImageDraw.Draw(picture)
    ground = tuple(dice.randrange(60, 140) for _ in range(3))
    draw.rectangle((0, int(height * dice.uniform(0.35, 0.6)), width, height), fill=ground)
    for _ in range(25):
        left, top = dice.randrange(width), dice.randrange(height)
        right, bottom = (
            left + dice.randrange(8, max(9, width // 4)),
            top + dice.randrange(8, max(9, height // 4)),
        )
        shape = draw.ellipse if dice.random() < 0.4 else draw.rectangle
        shape((left, top, right, bottom), fill=tuple(dice.randrange(256) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(1))


def cut(picture: Image.Image, share: float) -> Image.Image:
    """Without a border of `share` of each side."""
    across, down = int(picture.width * share), int(picture.height * share)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def saved(
    picture: Image.Image,
    *,
    quality: int = 90,
    taken: datetime | None = None,
    at: tuple[float, float] | None = None,
    software: str = "",
) -> bytes:
    """As a JPEG, with the camera's time (local, as cameras write it), place and program."""
    exif = Image.Exif()
    if software:
        exif[ExifTags.Base.Software] = software
    if taken:
        exif[ExifTags.Base.Make] = "KAMERA"
        stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = stamp
    if at:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = (-at[0], 0.0, 0.0), "S"
        place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = (at[1], 0.0, 0.0), "E"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def pdf(body: bytes = b"<< /Type /Page >>") -> bytes:
    """A PDF with one object, whole enough for its first checks."""
    return b"%PDF-1.4\n1 0 obj\n" + body + b"\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
