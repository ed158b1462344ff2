"""The contract of the JSON transport: data that says how the other side wants to be spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from plugins.lapor.contracts import Status
from plugins.lapor.contracts.outside import Step

STEPS: Final[tuple[Step, ...]] = (
    *("new", "verified", "disposed", "held", "progress", "answer", "returned", "closed", "reopened"),
    *("archived", "withdrawn", "reply", "corrected"),
)
NEWS: Final = (
    *("number", "progress", "answer", "closing", "return", "question", "reply"),
    *("solved", "unsolved", "withdrawn"),
)
CASE: Final = "case"  # the kind of news that is a report of theirs for us
STATUSES: Final[tuple[Status, ...]] = (
    *("received", "verified", "dispositioned", "returned", "in_progress", "on_hold"),
    *("answered", "closed", "archived", "forwarded"),
)
KINDS: Final = ("complaint", "aspiration", "information")
# What of ours may stand in a field: see plugins.sp4n.outgoing.
OURS: Final = (
    *("number", "kind", "title", "body", "category_main", "category_sub", "category", "category_code"),
    *("anonymous", "secret", "received_at", "due_at", "owner", "agency", "address", "area_code", "lat"),
    *("lng", "reporter_name", "reporter_phone", "reporter_email", "tracking_url", "photos", "step"),
    *("status", "text", "at", "reason", "rating", "foreign_id", "second_id", "parcel"),
)
ITEM: Final = ("id", "at", "type", "foreign_id", "second_id", "number", "text", "word", "who", "rating")
REPORT: Final = (
    *("title", "body", "kind", "category_main", "category_sub", "anonymous", "secret", "address"),
    *("area_code", "lat", "lng", "occurred_on", "agency", "name", "phone", "email"),
)
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in the text of a contract. `line` counts from 1, 0 is the whole text."""

    line: int
    key: str
    message: str


class BadContract(Exception):
    """The text is no contract; `faults` say why, in order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{each.line} {each.key}: {each.message}" for each in faults[:5]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Send:
    """How some steps are sent. `fields`: the name of theirs (dotted) -> a text with {names} of ours."""

    steps: tuple[Step, ...]
    method: str
    path: str
    fields: Names


@dataclass(frozen=True, slots=True)
class Answer:
    """Where in an answer is what; paths are dotted, "" is nowhere."""

    ok: str = ""
    ok_values: tuple[object, ...] = (True,)
    message: str = ""
    foreign_id: str = ""
    second_id: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """How news are asked for. `types`: their kind of news -> ours, or "case"."""

    method: str
    path: str
    query: Names
    list: str
    cursor: str
    more: str
    item: Names
    case: Names
    types: Names


@dataclass(frozen=True, slots=True)
class Compare:
    """How the state of some reports is asked for, `batch` at a time."""

    method: str
    path: str
    query: Names
    list: str
    batch: int
    foreign_id: str
    number: str
    word: str
    at: str


@dataclass(frozen=True, slots=True)
class Words:
    """Their words: for kinds, steps and states of ours; `meaning`: their state -> those of ours that fit."""

    kind: Names = field(default_factory=dict)
    step: Names = field(default_factory=dict)
    status: Names = field(default_factory=dict)
    meaning: Mapping[str, tuple[Status, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contract:
    """A whole contract. Without `pull` there is nothing to ask for, without `compare` nothing to compare."""

    title: str
    header: str
    value: str
    idempotency: str
    sends: tuple[Send, ...]
    answer: Answer
    pull: Pull | None
    compare: Compare | None
    words: Words

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that can be told, in their order of life."""
        known = {step for send in self.sends for step in send.steps}
        return tuple(step for step in STEPS if step in known)

    @property
    def repeatable(self) -> bool:
        """True when the other side recognises a parcel that comes twice."""
        return bool(self.idempotency)

    def send_of(self, step: Step) -> Send | None:
        """How this step is sent; None when it is not."""
        return next((send for send in self.sends if step in send.steps), None)
