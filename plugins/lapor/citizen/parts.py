"""What stands on the tracking page beside the story itself: one maker for each part, in the order of reading.

A maker gets the case and, on the reporter's own page, what the reporter may do; it answers a Part or
None. Its template is included with `p`, the part's facts, and `own`; it imports the macros it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.lapor.contracts import PublicView, ReporterView

Place = Literal["ask", "main", "side", "steps"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: `ask` on top, `main` below the story, `side` beside it, `steps` among what
    the reporter may do."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: Place = "main"


Maker = Callable[[PublicView, "ReporterView | None"], "Part | None"]
PARTS: tuple[Maker, ...] = ()


def parts(case: PublicView, own: ReporterView | None) -> dict[Place, list[Part]]:
    """All parts that have something to show, by their place."""
    found: dict[Place, list[Part]] = {"ask": [], "main": [], "side": [], "steps": []}
    for make in PARTS:
        part = make(case, own)
        if part is not None:
            found[part.place].append(part)
    return found
