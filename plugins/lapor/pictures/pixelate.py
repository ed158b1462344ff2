"""Covering parts of a picture for good: a few averaged blocks under a veil, no blur to be undone."""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image

from plugins.lapor.pictures.areas import Area

BLOCKS = 4  # blocks along the longer side of an area: no face or plate can be read from four
VEIL = (87, 82, 74)
VEIL_SHARE = 0.35
THUMB = 400


def pixelate(data: bytes, areas: Iterable[Area]) -> tuple[bytes, bytes]:
    """The picture with its areas covered, large and small, as WebP without any metadata."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        picture = opened.convert("RGB")
    for area in areas:
        box = area.pixels(*picture.size)
        picture.paste(_covered(picture.crop(box)), box)
    small = picture.copy()
    small.thumbnail((THUMB, THUMB))
    return _webp(picture), _webp(small)


def _covered(part: Image.Image) -> Image.Image:
    longer = max(part.size)
    width, height = (max(1, round(side * min(BLOCKS, longer) / longer)) for side in part.size)
    coarse = part.resize((width, height), Image.Resampling.BOX)
    coarse = coarse.resize(part.size, Image.Resampling.NEAREST)
    return Image.blend(coarse, Image.new("RGB", part.size, VEIL), VEIL_SHARE)


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4, exif=b"", icc_profile=b"")
    return out.getvalue()
