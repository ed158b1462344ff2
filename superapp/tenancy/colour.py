"""Colours as numbers: contrast as WCAG 2.2 defines it, lightness as the eye sees it.

OKLCH (Ottosson, 2020) is used for moving, because there a hue stays the same hue at every
lightness; in HSL a blue that is made lighter turns violet and equal steps look unequal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

HEX = re.compile(r"#[0-9a-f]{6}")
STEP = 1 / 512

_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_LAB_TO_LMS = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LMS_TO_RGB = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Oklch:
    """Lightness 0..1, chroma 0..about 0.4, hue in radians."""

    lightness: float
    chroma: float
    hue: float


def parse(text: str) -> str:
    """`#RRGGBB` in lower case. Raises ValueError for anything else."""
    colour = text.strip().lower()
    if not HEX.fullmatch(colour):
        raise ValueError(f"{text!r} is no colour; write it as #2a3580.")
    return colour


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklch(colour: str) -> Oklch:
    """`#rrggbb` in OKLCH."""
    lms = _times(_LMS, _linear(colour))
    lightness, a, b = _times(_LAB, (math.cbrt(lms[0]), math.cbrt(lms[1]), math.cbrt(lms[2])))
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Oklch) -> str:
    """The nearest `#rrggbb` of the same hue and lightness; chroma gives way where screens end."""
    rgb = _rgb(colour)
    if not _shown(rgb):
        low, high = 0.0, colour.chroma
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if _shown(_rgb(replace(colour, chroma=middle))) else (low, middle)
        rgb = _rgb(replace(colour, chroma=low))
    return "#" + "".join(f"{round(_gamma(min(max(part, 0.0), 1.0)) * 255):02x}" for part in rgb)


def moved(start: str | Oklch, fits: Callable[[str], bool], *, lighter: bool) -> str:
    """The first colour from `start` on, changing lightness only, that `fits`; ends at white or black."""
    here = to_oklch(start) if isinstance(start, str) else start
    colour = start if isinstance(start, str) else to_hex(here)
    while not fits(colour):
        lightness = here.lightness + (STEP if lighter else -STEP)
        if not 0 <= lightness <= 1:
            return "#ffffff" if lighter else "#000000"
        here = replace(here, lightness=lightness)
        colour = to_hex(here)
    return colour


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Vector:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _ungamma(red), _ungamma(green), _ungamma(blue)


def _ungamma(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _rgb(colour: Oklch) -> Vector:
    a, b = colour.chroma * math.cos(colour.hue), colour.chroma * math.sin(colour.hue)
    root = _times(_LAB_TO_LMS, (colour.lightness, a, b))
    return _times(_LMS_TO_RGB, (root[0] ** 3, root[1] ** 3, root[2] ** 3))


def _shown(rgb: Vector) -> bool:
    return all(-1e-6 <= part <= 1 + 1e-6 for part in rgb)


def _times(matrix: tuple[Vector, Vector, Vector], vector: Vector) -> Vector:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three
