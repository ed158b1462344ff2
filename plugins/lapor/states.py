"""The life of a complaint as data: who may do what in which state, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from plugins.lapor.contracts import Status
from superapp.sdk import Conflict

Action = Literal[
    "verify",
    "dispose",
    "recall",
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
    "pass_on",
    "hear",
    "move",
]
Who = Literal["officer", "reporter", "system"]
Target = Literal["SAME", "HELD", "PARTS"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
OPEN: Final[frozenset[Status]] = frozenset(STATUSES) - {"closed", "archived"}
UNVERIFIED: Final[frozenset[Status]] = frozenset({"received", "returned"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `to` SAME stays, HELD returns to the state a held case came from, PARTS follows from how
    far its units are: one of `ends`."""

    action: Action
    sources: tuple[Status, ...]
    to: Status | Target
    who: Who
    permission: str = ""
    ends: tuple[Status, ...] = ()


_TRIAGE: Final[tuple[Status, ...]] = ("received", "verified", "returned")
_WITH_UNIT: Final[tuple[Status, ...]] = ("dispositioned", "in_progress")
_MOVING: Final[tuple[Status, ...]] = (*_TRIAGE, *_WITH_UNIT)
_RUNNING: Final[tuple[Status, ...]] = (*_WITH_UNIT, "forwarded")
_AGAIN: Final[tuple[Status, ...]] = ("in_progress", "forwarded")
_REOPENED: Final[tuple[Status, ...]] = (*_AGAIN, "received")

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("verify", ("received",), "verified", "officer", "lapor.verify"),
    Transition(
        "dispose", (*_MOVING, "forwarded"), "PARTS", "officer", "lapor.dispose", (*_RUNNING, "answered")
    ),
    Transition("recall", ("dispositioned",), "verified", "officer", "lapor.dispose"),
    Transition("give_back", _WITH_UNIT, "PARTS", "officer", "lapor.handle", ("returned", *_RUNNING)),
    Transition("pass_on", _WITH_UNIT, "SAME", "officer", "lapor.handle"),
    Transition("hold", _MOVING, "on_hold", "officer", "lapor.handle"),
    Transition("resume", ("on_hold",), "HELD", "officer", "lapor.handle"),
    Transition("progress", _WITH_UNIT, "in_progress", "officer", "lapor.handle"),
    Transition("progress", ("forwarded",), "SAME", "officer", "lapor.handle"),
    Transition(
        "answer",
        _RUNNING,
        "PARTS",
        "officer",
        "lapor.handle",
        ("answered", "in_progress", "forwarded", "returned"),
    ),
    Transition("hear", _RUNNING, "PARTS", "officer", "lapor.forward", (*_RUNNING, "answered", "returned")),
    Transition("archive", (*_MOVING, "on_hold", "forwarded"), "archived", "officer", "lapor.archive"),
    Transition("forward", (*_MOVING, "forwarded"), "forwarded", "officer", "lapor.forward"),
    Transition("move", (*_RUNNING, "on_hold", "answered"), "SAME", "system"),
    Transition("solved", ("answered",), "closed", "reporter"),
    Transition("unsolved", ("answered",), "PARTS", "reporter", ends=_AGAIN),
    Transition("autoclose", ("answered",), "closed", "system"),
    Transition("reject_proof", ("answered",), "PARTS", "officer", "lapor.proof", _AGAIN),
    Transition("false_closing", ("closed",), "PARTS", "officer", "lapor.audit", _REOPENED),
    Transition("reopen", ("closed",), "PARTS", "reporter", ends=_REOPENED),
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
