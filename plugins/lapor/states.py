"""The life of a complaint as data: who may do what in which state, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from plugins.lapor.contracts import Status
from superapp.sdk import Conflict

Action = Literal[
    "verify",
    "dispose",
    "give_back",
    "hold",
    "resume",
    "progress",
    "answer",
    "archive",
    "forward",
    "solved",
    "unsolved",
    "autoclose",
    "reopen",
    "reply",
    "correct",
    "withdraw",
    "reject_proof",
    "false_closing",
]
Who = Literal["officer", "reporter", "system"]
Target = Literal["SAME", "HELD"]

STATUSES: Final[tuple[Status, ...]] = (
    "received",
    "verified",
    "dispositioned",
    "returned",
    "in_progress",
    "on_hold",
    "answered",
    "closed",
    "archived",
    "forwarded",
)
OPEN: Final[frozenset[Status]] = frozenset(STATUSES) - {"closed", "archived"}
UNVERIFIED: Final[frozenset[Status]] = frozenset({"received", "returned"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `to` SAME stays, HELD returns to the state a held case came from."""

    action: Action
    sources: tuple[Status, ...]
    to: Status | Target
    who: Who
    permission: str = ""


_TRIAGE: Final[tuple[Status, ...]] = ("received", "verified", "returned")
_WITH_UNIT: Final[tuple[Status, ...]] = ("dispositioned", "in_progress")
_MOVING: Final[tuple[Status, ...]] = (*_TRIAGE, *_WITH_UNIT)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("verify", ("received",), "verified", "officer", "lapor.verify"),
    Transition("dispose", (*_MOVING, "forwarded"), "dispositioned", "officer", "lapor.dispose"),
    Transition("give_back", _WITH_UNIT, "returned", "officer", "lapor.handle"),
    Transition("hold", _MOVING, "on_hold", "officer", "lapor.handle"),
    Transition("resume", ("on_hold",), "HELD", "officer", "lapor.handle"),
    Transition("progress", _WITH_UNIT, "in_progress", "officer", "lapor.handle"),
    Transition("progress", ("forwarded",), "SAME", "officer", "lapor.handle"),
    Transition("answer", (*_WITH_UNIT, "forwarded"), "answered", "officer", "lapor.handle"),
    Transition("archive", (*_MOVING, "on_hold", "forwarded"), "archived", "officer", "lapor.archive"),
    Transition("forward", _MOVING, "forwarded", "officer", "lapor.forward"),
    Transition("solved", ("answered",), "closed", "reporter"),
    Transition("unsolved", ("answered",), "in_progress", "reporter"),
    Transition("autoclose", ("answered",), "closed", "system"),
    Transition("reject_proof", ("answered",), "in_progress", "officer", "lapor.proof"),
    Transition("false_closing", ("closed",), "in_progress", "officer", "lapor.audit"),
    Transition("reopen", ("closed",), "in_progress", "reporter"),
    Transition("reopen", ("archived",), "received", "reporter"),
    Transition("reply", ("on_hold",), "HELD", "reporter"),
    Transition("reply", (*_MOVING, "forwarded", "answered"), "SAME", "reporter"),
    Transition("correct", ("received",), "SAME", "reporter"),
    Transition("withdraw", (*_MOVING, "on_hold", "answered", "forwarded"), "archived", "reporter"),
)

TABLE: Final[dict[tuple[Status, Action], Transition]] = {
    (source, each.action): each for each in TRANSITIONS for source in each.sources
}


def allowed(state: Status, who: Who | None = None) -> tuple[Action, ...]:
    """The actions that may follow `state`, in the order of the table; of one kind of actor if given."""
    return tuple(each.action for each in TRANSITIONS if state in each.sources and who in (None, each.who))


def transition(state: Status, action: Action) -> Transition:
    """The arrow for `action` out of `state`. Raises Conflict (409) that names what is allowed instead."""
    found = TABLE.get((state, action))
    if found is None:
        instead = ", ".join(allowed(state)) or "tidak ada"
        raise Conflict(
            f"Tindakan {action} tidak berlaku pada keadaan {state}.", f"Yang bisa dilakukan: {instead}."
        )
    return found
