"""Fingerprints of what a picture shows, and how near ones are found by equality alone.

A 64-bit fingerprint is kept in four bands of 16 bits. Two fingerprints that differ in at most 11 bits
differ in at most 2 bits in at least one band, because four bands with 3 or more make 12. So all within
11 bits are found by asking for each band's 137 values that lie within 2 bits of it: equality on plain
smallint columns, which an index serves under Row Level Security, where no distance operator may.

The thresholds were measured on drawn scenes of 1600 x 1200: saved again at quality 40, shrunk to 640 or
25 % brighter 0-7 bits; 2-4 % cut off 2-10; 10 % cut off 6-18; another scene 24-38.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

from PIL import Image, ImageStat

BANDS, BAND_BITS, RADIUS = 4, 16, 2
GUARANTEED = BANDS * (RADIUS + 1) - 1
ALIKE, ALIKE_BY_EDGES = 10, 14  # bits of the one and the other fingerprint that may differ
SAME, SAME_BY_EDGES = 4, 6
FLAT = 4.0  # standard deviation of 256 greys below which a picture shows nothing to compare


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`phash` of the coarse waves, `dhash` of the edges; both signed, as bigint keeps them."""

    phash: int
    dhash: int


def fingerprint(picture: Image.Image) -> Fingerprint | None:
    """The fingerprint of an upright picture; None for a blank one, which would be like every other."""
    import imagehash

    grey = picture.convert("L")
    if ImageStat.Stat(grey).stddev[0] < FLAT:
        return None
    return Fingerprint(
        signed(int(str(imagehash.phash(grey)), 16)), signed(int(str(imagehash.dhash(grey)), 16))
    )


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def bands(value: int) -> tuple[int, ...]:
    """The four bands of a fingerprint, highest first, signed, as smallint keeps them."""
    whole = value & (2**64 - 1)
    return tuple(_signed16((whole >> (BAND_BITS * place)) & 0xFFFF) for place in reversed(range(BANDS)))


def near(band: int) -> list[int]:
    """The 137 values of a band within RADIUS bits of `band`, itself first."""
    return [_signed16((band ^ mask) & 0xFFFF) for mask in _masks()]


def alike(one: Fingerprint, other: Fingerprint) -> bool:
    """True when both show the same picture, saved again, shrunk or slightly cut."""
    return distance(one.phash, other.phash) <= ALIKE and distance(one.dhash, other.dhash) <= ALIKE_BY_EDGES


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """True when hardly anything differs: no second shot from the same spot comes that near."""
    return distance(one.phash, other.phash) <= SAME and distance(one.dhash, other.dhash) <= SAME_BY_EDGES


def signed(value: int) -> int:
    """64 bits as a signed number."""
    return value - 2**64 if value >= 2**63 else value


def _signed16(value: int) -> int:
    return value - 2**16 if value >= 2**15 else value


@cache
def _masks() -> tuple[int, ...]:
    flips = [bits for size in range(RADIUS + 1) for bits in combinations(range(BAND_BITS), size)]
    return tuple(sum(1 << bit for bit in bits) for bits in flips)
