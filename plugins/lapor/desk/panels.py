"""What stands on a case's page beside the next step: one maker for each panel, in the order of reading.

A maker looks at the case and answers a Panel, or None when there is nothing to show. Its template
is included with `p`, the panel's facts, and imports the macros that it uses.
"""

from __future__ import annotations

from collections.abc import Callable

from plugins.lapor import clock_story
from plugins.lapor.contracts import DeskView
from plugins.lapor.desk import beside, coach, evidence, outside, owners, same, story, suggesting, undo
from plugins.lapor.desk.panel import Panel, Place
from plugins.lapor.desk.place import map_of
from plugins.lapor.present import day_strip, running, sentence
from superapp.sdk import Actor

__all__ = ["PANELS", "Panel", "Place", "panels"]


def place(view: DeskView, actor: Actor) -> Panel:
    """Where it is, on a cut of the drawn city."""
    case = view.case
    return Panel(
        "lapor/desk/panels/place.html",
        {"drawing": map_of(case.lat, case.lng), "place": story.place(view), "lat": case.lat, "lng": case.lng},
    )


def clocks(view: DeskView, actor: Actor) -> Panel:
    """The days of the clock that runs, and each limit with its last day."""
    clock = running(view.case)
    return Panel(
        "lapor/desk/panels/clocks.html",
        {
            "strip": day_strip(clock) if clock else [],
            "strip_words": sentence(clock) if clock else "",
            "clocks": story.clocks(view),
            "history": clock_story.history({id(x): x for x in (*view.case.timeline, *view.notes)}.values()),
            "version": clock.calendar if clock else None,
        },
    )


def answers(view: DeskView, actor: Actor) -> Panel | None:
    """What the category asked and was answered, and how the report read before it was corrected."""
    facts = coach.answer_facts(view)
    return Panel("lapor/desk/panels/answers.html", facts, "main") if facts else None


def proof(view: DeskView, actor: Actor) -> Panel | None:
    """Photos before and after side by side, documents, and what speaks against them."""
    facts = evidence.proof_facts(view, actor)
    return Panel("lapor/desk/panels/proof.html", facts, "main") if facts else None


Maker = Callable[[DeskView, Actor], "Panel | None"]
PANELS: tuple[Maker, ...] = (
    beside.here,
    undo.last_step,
    suggesting.sent_alone,
    same.led,
    owners.panel,
    outside.panel,
    proof,
    place,
    clocks,
    same.neighbours,
    answers,
    beside.checklist,
    beside.macro,
    beside.linked,
)


def panels(view: DeskView, actor: Actor) -> dict[Place, list[Panel]]:
    """All panels that have something to show, by their place."""
    found: dict[Place, list[Panel]] = {"top": [], "main": [], "side": []}
    for make in PANELS:
        panel = make(view, actor)
        if panel is not None:
            found[panel.place].append(panel)
    return found
