"""Units, and why one of them should have a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from plugins.lapor.contracts.clock import ClockChip, Deadline

Role = Literal["owner", "co_owner", "referral", "delegate"]
PartState = Literal["given", "working", "answered", "informed", "ended"]
Ended = Literal["", "returned", "replaced", "moved", "forwarded", "closed"]
Heard = Literal["progress", "answer", "closing", "return"]


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """A unit, as pages name it."""

    id: UUID
    code: str
    name: str
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Who should have it and why. `confidence` 0..1; `reason` is a plain sentence for officers."""

    agency_code: str
    reason: str
    confidence: float = 1.0
    words: tuple[str, ...] = ()
    rule_id: UUID | None = None
    document: str = ""
    source: str = "rule"  # rule, model, or default: the rule for everything else


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that could own it, with the words that speak for it. `strength` 1 (weak) to 3, `sure` 0..1,
    `source` rule, default, model, guess, returned, or the name of a plugin."""

    agency: AgencyRef
    strength: int
    words: tuple[str, ...]
    reason: str
    source: str = "rule"
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """How often the first suggestion was right on similar reports: `right` of `cases`."""

    cases: int
    right: int


@dataclass(frozen=True, slots=True)
class Order:
    """A unit that a case is handed to, with its own instruction; a referral only gets to see it."""

    agency_code: str
    instruction: str = ""
    referral: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A unit's part of a case, also one that ended: together they are the chain.

    `instruction`, `why` and `answer` are "" where the reader is another unit. `parent_id` is the part
    from which a delegate got it, `from_agency` who passed it on (None: the desk). `clock` is the
    part's own; None for a referral and for what has ended.
    """

    id: UUID
    agency: AgencyRef
    instruction: str
    active: bool
    answered_at: datetime | None
    assigned_at: datetime
    role: Role = "owner"
    state: PartState = "given"
    version: int = 1
    outside: bool = False
    parent_id: UUID | None = None
    from_agency: AgencyRef | None = None
    why: str = ""
    document: str = ""
    answer: str = ""
    ended_at: datetime | None = None
    ended_how: Ended = ""
    ended_why: str = ""
    external_id: str = ""
    heard_at: datetime | None = None
    clock: ClockChip | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit's part as everybody may see it: who, since when, how far, and the answer in its words."""

    agency: AgencyRef
    role: Role
    state: PartState
    since: datetime
    answered_at: datetime | None = None
    answer: str = ""
    parent: AgencyRef | None = None  # the unit that stays responsible, for a delegate
    outside: bool = False
    external_id: str = ""
    heard_at: datetime | None = None
