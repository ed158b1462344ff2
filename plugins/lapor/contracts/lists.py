"""Lists of cases, what narrows them, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from plugins.lapor.contracts.clock import ClockChip
from plugins.lapor.contracts.owner import AgencyRef
from plugins.lapor.contracts.words import Kind, Status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of a list at the desk."""

    id: UUID
    number: str
    title: str
    status: Status
    kind: Kind
    category: str
    area: str
    address: str
    channel: str
    agency: AgencyRef | None
    suggestion: str
    strength: int
    received_at: datetime
    due_at: datetime
    clock: ClockChip
    bounces: int
    anonymous: bool
    secret: bool
    version: int
    note: str = ""
    rung: int = 0  # how far it climbed the ladder of escalation, and who was told last
    rung_who: str = ""
    priority: bool = False
    unsolved: int = 0


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of the public list."""

    number: str
    title: str
    status: Status
    kind: Kind
    category: str
    area: str
    agency: AgencyRef | None
    received_at: datetime
    updated_at: datetime
    clock: ClockChip


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrows a list; empty means any. `category` is a code or a code's first part (`LIGHT`)."""

    category: str = ""
    area: str = ""
    channel: str = ""
    status: str = ""
    agency: str = ""
    search: str = ""
    reporter: str = ""  # anonymous or secret
    order: str = ""  # "" the nearest due first, "new" the newest, "old" the oldest


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; `next` is the cursor of the following part, None at the end."""

    items: Sequence[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A kind of matter that can be reported. `national`: its main and sub category in SP4N-LAPOR!."""

    code: str
    name: str
    group: str
    question: str
    examples: tuple[str, ...]
    urgent: str = ""
    national: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """A guessed category. `strength` 1..3; `words` are the citizen's own that spoke for it."""

    category: CategoryView
    strength: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The share kept in time, with its base: `on_time` of `closed` cases in this month and those before.

    `received`, `open` and `closed` count reports; `incidents` counts what they were about: each report
    that another one leads is left out of it, in the month that it came in.
    """

    received: int
    open: int
    closed: int
    on_time: int
    months: int
    incidents: int = 0
