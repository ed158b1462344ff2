"""What stands on the tracking page beside the story itself: one maker for each part, in the order of reading.

A maker gets the case and, on the reporter's own page, what the reporter may do; it answers a Part or
None. Its template is included with `p`, the part's facts, and `own`; it imports the macros it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.lapor.citizen import data, papers, same
from plugins.lapor.citizen.own import correcting
from plugins.lapor.contracts import PublicView, ReporterView
from plugins.lapor.service.coach.answers import told_in
from plugins.lapor.service.coaching.reporter import own_page

Place = Literal["ask", "main", "side", "steps"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: `ask` on top, `main` below the story, `side` beside it, `steps` among what
    the reporter may do."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: Place = "main"


def answers(case: PublicView, own: ReporterView | None) -> Part | None:
    """What the category asked and what was answered: all of it for the reporter, else the public ones."""
    found = [(each.label, each.text) for each in own_page(case.number).answers] if own else []
    if own is None:
        found = [(each["label"], each["text"]) for each in told_in(case.timeline)]
    return Part("lapor/citizen/parts/answers.html", {"pairs": found}, "side") if found else None


def correction(case: PublicView, own: ReporterView | None) -> Part | None:
    """Setting right what was written, until an officer has read it."""
    if own is None or case.status != "received":
        return None
    page = own_page(case.number)
    return (
        Part("lapor/citizen/parts/correct.html", correcting(case, page), "steps")
        if page.correct_until
        else None
    )


def ending(case: PublicView, own: ReporterView | None) -> Part | None:
    """Why an archived case ended, by which rule, and what the reporter can do with one tap."""
    if case.status != "archived":
        return None
    last = next((item for item in case.timeline if item.type == "archive"), None)
    if last is None or not last.data.get("reason_title"):
        return None
    return Part("lapor/citizen/parts/ending.html", {"item": last, "mine": own}, "ask")


def same_report(case: PublicView, own: ReporterView | None) -> Part | None:
    """Reports near by that the reporter may follow instead."""
    found = same.offered(case, own)
    return Part("lapor/citizen/parts/same.html", {"offers": found, "page": "own"}, "ask") if found else None


def voices(case: PublicView, own: ReporterView | None) -> Part | None:
    """Who else reports it; joining and leaving."""
    facts = same.voices(case, own)
    return Part("lapor/citizen/parts/voices.html", facts, "side") if facts else None


def documents(case: PublicView, own: ReporterView | None) -> Part | None:
    """The documents of the answer, for the reporter alone."""
    found = papers.lines(case, own)
    return Part("lapor/citizen/parts/papers.html", {"papers": found}) if found else None


def looks(case: PublicView, own: ReporterView | None) -> Part | None:
    """Who looked at the reporter's name, and the way to the own data."""
    found = data.latest(case, own)
    return Part("lapor/citizen/parts/looks.html", found, "side") if found else None


Maker = Callable[[PublicView, "ReporterView | None"], "Part | None"]
PARTS: tuple[Maker, ...] = (ending, same_report, documents, voices, answers, correction, looks)


def parts(case: PublicView, own: ReporterView | None) -> dict[Place, list[Part]]:
    """All parts that have something to show, by their place."""
    found: dict[Place, list[Part]] = {"ask": [], "main": [], "side": [], "steps": []}
    for make in PARTS:
        part = make(case, own)
        if part is not None:
            found[part.place].append(part)
    return found
