"""Reports that may be the same incident, and incidents with their voices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plugins.lapor.contracts.owner import AgencyRef
from plugins.lapor.contracts.words import Status


@dataclass(frozen=True, slots=True)
class Offer:
    """An open report that everybody may read and that a new one may be like.

    `metres` is None where one of both has no point; `voices` counts all who report it, `day` is local.
    """

    number: str
    title: str
    category: str
    status: Status
    metres: int | None
    day: date
    voices: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A report that an officer may gather with another. `id` and `number` are its incident's lead's."""

    id: UUID
    number: str
    title: str
    status: Status
    metres: int | None
    day: date
    voices: int
    score: float
    same_text: bool
    agency: AgencyRef | None


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One report of an incident. `word` is what its reporter said last: waiting, solved, unsolved or ""."""

    id: UUID
    number: str
    title: str
    body: str
    status: Status
    leads: bool
    metres: int | None
    received_at: datetime
    anonymous: bool
    area: str
    agency: AgencyRef | None
    word: str
    version: int


@dataclass(frozen=True, slots=True)
class DeedView:
    """A gathering or parting: by which role, when, of which reports, and whether it was undone."""

    id: UUID
    kind: str
    by: str
    at: datetime
    numbers: tuple[str, ...]
    reason: str
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as an officer may see it; `hidden` counts voices that are not theirs to see."""

    id: UUID
    lead: VoiceRow
    voices: tuple[VoiceRow, ...]
    hidden: int
    deeds: tuple[DeedView, ...]
    opened_at: datetime
    ended: bool
    dissolved: bool
    unsolved: int


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """A line of the list of incidents."""

    id: UUID
    number: str
    title: str
    status: Status
    category: str
    area: str
    agency: AgencyRef | None
    voices: int
    unsolved: int
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TwinView:
    """Two reports of the same text that lie with different units."""

    one: VoiceRow
    other: VoiceRow
    likeness: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What a report's own page tells of its incident. `lead_number` is "" where the lead is not public."""

    voices: int
    leads: bool
    lead_number: str
    lead_title: str
