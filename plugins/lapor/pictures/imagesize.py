"""What a picture says of itself in its first bytes: kind and size, without decoding a pixel."""

from __future__ import annotations

import struct

MAX_PIXELS = 50_000_000
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
NO_SIZE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def kind_of(data: bytes) -> str | None:
    """The MIME type by magic bytes: JPEG, PNG, WebP or HEIC; None for everything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "image/heic"
    return None


def size_of(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in pixels as the header states them; None when it does not."""
    readers = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/heic": _heic}
    try:
        return readers[kind](data)
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(data) - 9:
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in NO_SIZE_MARKERS:
            at += 2
        elif marker in SIZE_MARKERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return None


def _heic(data: bytes) -> tuple[int, int] | None:
    """The largest picture named by an `ispe` box: tiles name smaller ones."""
    found: list[tuple[int, int]] = []
    at = data.find(b"ispe")
    while at != -1 and len(found) < 1000:
        width, height = struct.unpack(">II", data[at + 8 : at + 16])
        found.append((width, height))
        at = data.find(b"ispe", at + 4)
    return max(found, key=lambda size: size[0] * size[1], default=None)
