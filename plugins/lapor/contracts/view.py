"""A case as everybody, its reporter and the desk see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from plugins.lapor.contracts.clock import ClockChip, Deadline
from plugins.lapor.contracts.owner import AgencyRef, Assignment, Evidence, Suggestion, UnitView
from plugins.lapor.contracts.report import Contact
from plugins.lapor.contracts.words import Kind, Status


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A stored photo. `state` is waiting, ready or rejected; names are for `service.open_photo`."""

    id: UUID
    state: Literal["waiting", "ready", "rejected"]
    stage: Literal["report", "progress", "answer"]
    public: bool
    taken_at: datetime | None
    reason: str = ""
    width: int = 0
    height: int = 0
    distance_m: int | None = None  # from the report's point to where it was taken
    review: Literal["none", "waiting", "cleared", "redacted"] = "none"
    edition: str = ""  # changes with each rendition, so that no browser shows an older one


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened, newest first in views. `by` is a unit or role, never a person."""

    type: str
    at: datetime
    by: str
    text: str
    from_status: Status | None
    to_status: Status | None
    public: bool
    data: Mapping[str, Any]
    photos: tuple[PhotoView, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicView:
    """What everybody may see of a case that is not secret."""

    number: str
    kind: Kind
    title: str
    body: str
    status: Status
    category_code: str
    category: str
    area_code: str | None
    area: str
    address: str
    lat: float | None
    lng: float | None
    anonymous: bool
    channel: str
    agency: AgencyRef | None
    routing_reason: str
    received_at: datetime
    updated_at: datetime
    clock: ClockChip
    deadlines: tuple[Deadline, ...]
    timeline: tuple[TimelineItem, ...]
    photos: tuple[PhotoView, ...]
    rating: int | None = None
    version: int = 1
    published: bool = True  # False: its photos are not for everybody yet
    incident_id: UUID | None = None  # reported by others, too
    units: tuple[UnitView, ...] = ()  # who has it now, the leading one first; referrals are left out


@dataclass(frozen=True, slots=True)
class ReporterView:
    """The reporter's own page: the public part, secret or not, and what they may do now."""

    case: PublicView
    secret: bool
    contact: Contact
    actions: tuple[str, ...]  # of: confirm, reopen, reply, withdraw
    question: str  # asked by an officer and not answered yet
    confirm_by: datetime | None


@dataclass(frozen=True, slots=True)
class DeskView:
    """A case as an officer sees it. `contact` is None unless the actor may see who reported."""

    id: UUID
    case: PublicView
    secret: bool
    version: int
    bounces: int
    source_url: str
    contact: Contact | None
    has_contact: bool
    actions: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    assignments: tuple[Assignment, ...]
    notes: tuple[TimelineItem, ...]
    routing: Mapping[str, Any]
    ownership_question: str
    occurred_on: date | None
    hold: Mapping[str, Any] | None
    priority: bool = False
    climbed: bool = False
    unsolved: int = 0
    open_returns: int = 0
    whistle: str = ""  # the path of whistle-blowers: inspectorate or leader
    accused: AgencyRef | None = None  # the unit complained of, told to who investigates
    evidence: Evidence | None = None  # of the first suggestion
    outside: Mapping[str, str] = field(default_factory=dict)  # the state in outside registers' words
