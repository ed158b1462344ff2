"""One step of an incident's lead, done with another report of it: state, parts, clocks and words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from plugins.lapor.contracts import Status
from plugins.lapor.models import Assignment, CaseEvent, Complaint
from plugins.lapor.service import counters
from plugins.lapor.service.case import Change, active_assignments, changing
from plugins.lapor.service.handle import end
from plugins.lapor.service.time import clocks
from plugins.lapor.states import Action
from superapp.sdk import SYSTEM, Actor, session

FINISHED: Final[dict[str, tuple[str, ...]]] = {
    "dispose": ("verify",),
    "progress": ("verify", "follow_up"),
    "answered": ("verify", "follow_up", "resolve"),
    "give_back": ("verify", "follow_up"),
    "forward": ("verify", "follow_up"),
}
STARTED: Final = {"dispose": "follow_up", "answered": "confirm", "give_back": "verify"}
# Lines whose type is not the action that led to them, and where an action that follows from the parts leads.
ACTION_OF: Final[dict[str, Action]] = {
    "part_answer": "answer",
    "heard_answer": "hear",
    "report_up": "pass_on",
    "hand_up": "pass_on",
}
USUAL: Final[dict[Action, Status]] = {
    "dispose": "dispositioned",
    "answer": "answered",
    "give_back": "returned",
    "hear": "forwarded",
    "reject_proof": "in_progress",
}
MIRRORED: Final = ("agency_id", "suggested_id", "bounces", "open_returns", "external_id")
OWN_TO_A_PART: Final = frozenset({"tenant_id", "id", "complaint_id", "parent_id", "officer_id"})
# What a part that is there already takes over from the lead's.
FOLLOWING: Final = ("state", "instruction", "answered_at", "external_id", "heard_at")


def step(
    case_id: UUID, action: Action, lead: Complaint, line: CaseEvent | None, actor: Actor | None = None
) -> None:
    """Do one of the lead's steps with another report of its incident."""
    with changing(case_id, action, actor=SYSTEM) as change:
        change.actor = actor or _speaker(line)
        change.data = {**_facts(line), "lead": lead.number}
        if line is not None:
            change.text, change.public = line.text, line.public
            change.kind = line.type if line.type in ACTION_OF else ""
            change.data["lead_event"] = str(line.id)
        if action == "hold":
            change.case.held_from = change.case.status
            change.case.waiting_for, change.case.hold_until = "institution", lead.hold_until
            clocks.pause(change, "institution", str(change.data.get("reason", "")))
        elif action == "resume":
            clocks.unpause(change)
        elif action == "archive":
            clocks.unpause(change)
            end(change, "archived")
        else:
            _mirror(change, lead)
            _run_clocks(change, _arrive(change, action, line))
            if action == "reject_proof":
                change.case.priority = True
                change.finish("confirm")
                clocks.take_back_answer(change.case.id)


def _mirror(change: Change, lead: Complaint) -> None:
    """Give a report the units and the owner of its lead, each part as it stands there."""
    case = change.case
    case.published = case.published or (lead.published and not case.secret)
    if lead.status in {"received", "verified"}:
        return
    for name in MIRRORED:
        setattr(case, name, getattr(lead, name))
    if "returned" in lead.routing:
        case.routing = {**case.routing, "returned": lead.routing["returned"]}
    case.officer_id = None
    change.assignments = _same_parts(change.assignments, active_assignments(lead.id), case.id, change.moment)


def _same_parts(
    held: Sequence[Assignment], wanted: Sequence[Assignment], case_id: UUID, moment: datetime
) -> list[Assignment]:
    """Make a report's parts those of its lead: what a unit has already stays its part, others end."""
    mine = {(part.agency_id, part.role): part for part in held if part.active}
    theirs = {(part.agency_id, part.role): part for part in wanted}
    for key, part in mine.items():
        if key not in theirs:
            part.active, part.state = False, "ended"
            part.ended_at, part.ended_how = moment, "replaced"
    session().flush()  # the ended ones have to leave the unique index first
    kept = [part for key, part in mine.items() if key in theirs]
    for part in kept:
        for name in FOLLOWING:
            setattr(part, name, getattr(theirs[part.agency_id, part.role], name))
    return kept + copies([part for key, part in theirs.items() if key not in mine], case_id)


def follow(voice: Complaint, lead: Complaint, line: CaseEvent) -> None:
    """Take over how the lead's units have shared the work; the state stays."""
    if voice.status == lead.status:
        held = active_assignments(voice.id)
        before = counters.boxes(voice, held)
        now_held = _same_parts(held, active_assignments(lead.id), voice.id, line.at)
        voice.agency_id = lead.agency_id
        session().flush()
        counters.add(counters.moved(before, counters.boxes(voice, now_held)))
    news(voice, line, public=False)


def copies(parts: Sequence[Assignment], case_id: UUID) -> list[Assignment]:
    """The same parts for another case; a part given on hangs on the copy of the part it came from."""
    names = [each.name for each in Assignment.__table__.columns if each.name not in OWN_TO_A_PART]
    made: dict[UUID, Assignment] = {}
    for part in sorted(parts, key=lambda each: getattr(each, "parent_id", None) is not None):
        facts: dict[str, Any] = {name: getattr(part, name) for name in names}
        above = made.get(getattr(part, "parent_id", None) or part.id)
        if above is not None:
            facts["parent_id"] = above.id
        made[part.id] = Assignment(complaint_id=case_id, **facts)
        session().add(made[part.id])
        session().flush()
    return list(made.values())


def _arrive(change: Change, action: Action, line: CaseEvent | None) -> str:
    """Let a step that follows from the parts lead where it led the lead; answers which clocks it is."""
    if change.arrow.to == "PARTS":
        reached = cast("Status | None", line.to_status if line is not None else None)
        change.to = reached if reached in change.arrow.ends else USUAL[action]
    if change.to == "answered":
        return "answered"
    return "progress" if action in {"answer", "hear"} else action


def _run_clocks(change: Change, what: str) -> None:
    change.finish(*FINISHED.get(what, ()))
    started = STARTED.get(what)
    if started and not change.running(started):
        clocks.start(change, started)


def news(voice: Complaint, line: CaseEvent, *, public: bool = True) -> None:
    """Tell a report that cannot follow a step what it said; or note for the desk that it was taken over."""
    session().add(
        CaseEvent(
            complaint_id=voice.id,
            type="shared",
            from_status=voice.status,
            to_status=voice.status,
            actor_kind=line.actor_kind,
            actor_id=line.actor_id,
            actor_name=line.actor_name,
            agency_id=line.agency_id,
            public=public,
            text=line.text if public else "",
            data={"lead_event": str(line.id)},
        )
    )


def _facts(line: CaseEvent | None) -> dict[str, Any]:
    """What the lead's line says, without what is true of the lead's own clocks only."""
    return {} if line is None else {key: value for key, value in line.data.items() if key != "moved"}


def _speaker(line: CaseEvent | None) -> Actor:
    if line is None or line.actor_kind not in ("officer", "api"):
        return SYSTEM
    return Actor(
        "officer" if line.actor_kind == "officer" else "api",
        line.actor_id,
        line.actor_name,
        agency_id=line.agency_id,
    )
