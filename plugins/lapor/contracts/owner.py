"""Units, and why one of them should have a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that could own it, with the words that speak for it. `strength` 1 (weak) to 3."""

    agency: AgencyRef
    strength: int
    words: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A unit's part of a case."""

    id: UUID
    agency: AgencyRef
    instruction: str
    active: bool
    answered_at: datetime | None
    assigned_at: datetime
