"""A tenant's colours: two are given, the others follow by rules that can be computed.

Only lightness moves until every pair of PAIRS holds in both themes; hue stays, and tints carry a
fixed share of the brand's chroma. A colour that would have to move further than FURTHEST is not
the city's colour any more and is refused, naming the nearest that works.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from superapp.tenancy.colour import Oklch, contrast, moved, parse, to_oklch

Mode = Literal["light", "dark"]
MODES: tuple[Mode, Mode] = ("light", "dark")
WHITE = "#ffffff"
ON_ACCENT = "#1c1a16"
FURTHEST = 0.25

# The product's own colours that a tenant's stand on, or under.
GROUND: dict[Mode, dict[str, str]] = {
    "light": {"paper": "#f8f6f2", "surface": "#ffffff", "ink": "#1c1a16", "ink-2": "#57524a"},
    "dark": {"paper": "#121319", "surface": "#1c1e26", "ink": "#f1f0ec", "ink-2": "#b7b6b1"},
}

# (what stands, on what, at least this ratio), in either theme.
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("on-brand", "brand", 7.0),
    ("on-brand-2", "brand", 4.5),
    ("brand-ink", "surface", 7.0),
    ("brand-ink", "paper", 4.5),
    ("brand-ink", "brand-soft", 4.5),
    ("on-btn", "btn", 7.0),
    ("on-accent", "accent", 7.0),
    ("accent", "brand", 3.0),
    ("ink", "brand-soft", 7.0),
    ("ink-2", "brand-soft", 4.5),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A given colour that had to change: before, after, and which rule asked for it."""

    role: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Custom properties for both themes (`brand`, `btn`, ...), and what had to move."""

    light: dict[str, str]
    dark: dict[str, str]
    moved: tuple[Moved, ...]

    def value(self, mode: Mode, role: str) -> str:
        """The colour of a role, the product's or the tenant's."""
        own = self.light if mode == "light" else self.dark
        return own.get(role) or GROUND[mode][role]

    def stored(self) -> dict[str, Any]:
        """As the tenant's row keeps it."""
        return {
            "light": self.light,
            "dark": self.dark,
            "moved": [
                {"role": m.role, "before": m.before, "after": m.after, "reason": m.reason} for m in self.moved
            ],
        }


class NoTheme(ValueError):
    """A given colour is too far from any that works; `nearest` is one that does."""

    def __init__(self, role: str, given: str, nearest: str, reason: str) -> None:
        self.role, self.given, self.nearest, self.reason = role, given, nearest, reason
        super().__init__(f"{role} {given}: {reason}; {nearest} works")


def derive(brand: str, accent: str) -> Theme:
    """The theme of two colours `#rrggbb`. Raises ValueError for no colour, NoTheme for a hopeless one."""
    brand, accent = parse(brand), parse(accent)
    field = moved(brand, lambda c: contrast(WHITE, c) >= 7, lighter=False)
    night = moved(_tint(field, to_oklch(field).lightness * 0.84, 0.82), _holds(WHITE, 7), lighter=False)
    button = moved(
        accent,
        lambda c: contrast(ON_ACCENT, c) >= 7 and min(contrast(c, field), contrast(c, night)) >= 3,
        lighter=True,
    )
    changes = _judged("brand", brand, field, "putih di atasnya perlu 7:1")
    changes += _judged("accent", accent, button, "tulisan gelap di atasnya perlu 7:1, dan 3:1 di atas brand")
    shared = {"on-brand": WHITE, "accent": button, "on-accent": ON_ACCENT}
    shared["on-brand-2"] = moved(
        _tint(field, 0.9, 0.33), lambda c: min(contrast(c, field), contrast(c, night)) >= 4.5, lighter=True
    )
    return Theme(_light(field) | shared, _dark(field, night) | shared, changes)


def shortfalls(theme: Theme) -> list[tuple[Mode, str, str, float, float]]:
    """Pairs that miss their ratio: theme, what, on what, ratio, wanted. Empty for every derived theme."""
    found = [
        (mode, front, back, contrast(theme.value(mode, front), theme.value(mode, back)), wanted)
        for mode in MODES
        for front, back, wanted in PAIRS
    ]
    return [miss for miss in found if miss[3] < miss[4]]


def _light(field: str) -> dict[str, str]:
    ground = GROUND["light"]
    soft = moved(_tint(field, 0.943, 0.2, most=0.02), _carries_text(ground), lighter=True)
    ink = moved(
        field,
        lambda c: (
            contrast(c, ground["surface"]) >= 7
            and min(contrast(c, soft), contrast(c, ground["paper"])) >= 4.5
        ),
        lighter=False,
    )
    return {"brand": field, "brand-ink": ink, "btn": ink, "on-btn": WHITE, "brand-soft": soft}


def _dark(field: str, night: str) -> dict[str, str]:
    ground = GROUND["dark"]
    soft = moved(_tint(field, 0.308, 0.52), _carries_text(ground), lighter=False)
    ink = moved(
        _tint(field, 0.83, 1.1, most=0.09),
        lambda c: (
            contrast(c, ground["surface"]) >= 7
            and min(contrast(c, soft), contrast(c, ground["paper"])) >= 4.5
        ),
        lighter=True,
    )
    on_btn = moved(_tint(field, 0.23, 0.52), _holds(ink, 7), lighter=False)
    return {"brand": night, "brand-ink": ink, "btn": ink, "on-btn": on_btn, "brand-soft": soft}


def _tint(colour: str, lightness: float, share: float, most: float = 1.0) -> Oklch:
    here = to_oklch(colour)
    return replace(here, lightness=lightness, chroma=min(here.chroma * share, most))


def _holds(other: str, ratio: float) -> Any:
    return lambda colour: contrast(colour, other) >= ratio


def _carries_text(ground: dict[str, str]) -> Any:
    return lambda colour: contrast(ground["ink"], colour) >= 7 and contrast(ground["ink-2"], colour) >= 4.5


def _judged(role: str, given: str, works: str, reason: str) -> tuple[Moved, ...]:
    if works == given:
        return ()
    if abs(to_oklch(works).lightness - to_oklch(given).lightness) > FURTHEST:
        raise NoTheme(role, given, works, reason)
    return (Moved(role, given, works, reason),)
