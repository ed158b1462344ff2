"""What goes in and out of LAPOR: frozen values, never rows. Other plugins may import this file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

T = TypeVar("T")

Kind = Literal["complaint", "aspiration", "information"]
Channel = Literal["web", "api", "phone", "whatsapp", "counter", "social", "email", "national"]
Status = Literal[
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
]
Box = Literal["mine", "agency", "unverified", "overdue", "all"]
WaitingFor = Literal["reporter", "institution"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where it is. `lat`/`lng` in degrees WGS84, both or neither; `area_code` like `51.71.01.1001`."""

    lat: float | None = None
    lng: float | None = None
    address: str = ""
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the reporter; every part may be empty. Kept apart from the case."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it has a number. `lapor_enrich` may answer with a changed copy.

    `category` None means "I don't know". `words` are those of the citizen's that spoke for a
    guessed category. `agency_code` is set when the desk enters a report already addressed.
    """

    kind: Kind
    title: str
    body: str
    category: str | None = None
    occurred_on: date | None = None
    location: Location = field(default_factory=Location)
    reporter: Contact = field(default_factory=Contact)
    anonymous: bool = False
    secret: bool = False
    channel: Channel = "web"
    source_url: str = ""
    agency_code: str | None = None
    guessed: bool = False
    words: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


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
class SkippedDay:
    """A day that did not count, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise that explains itself.

    `step` is verify, follow_up, resolve or confirm; `authority` national or tenant; `unit` is
    `wd` (working days) or `d` (calendar days); `due_at` is the end of the local due day, in UTC.
    """

    step: str
    due_at: datetime
    started_at: datetime
    amount: int
    unit: str
    days_counted: tuple[date, ...] = ()
    skipped: tuple[SkippedDay, ...] = ()
    document: str = ""
    authority: str = "national"
    due_on: date | None = None  # in the tenant's zone


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo as it came: the sender's file name is kept for messages only."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """A unit, as pages name it."""

    id: UUID
    code: str
    name: str
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a report. `ticket` opens the reporter's own view; `claim_token` only from the desk."""

    id: UUID
    number: str
    pin: str
    status: Status
    agency: AgencyRef | None
    tracking_path: str
    deadlines: tuple[Deadline, ...]
    ticket: str
    claim_token: str | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What a step of handling left behind."""

    id: UUID
    number: str
    status: Status
    version: int


@dataclass(frozen=True, slots=True)
class ClockChip:
    """The clock of one case now. `state` ok, near, late, paused or done; `share` 0..1 of time used.

    `days_left` counts working days (negative when late).
    """

    state: Literal["ok", "near", "late", "paused", "done"]
    text: str
    share: float
    due_at: datetime | None
    days_left: int = 0
    waiting_for: str = ""


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
    outside: Mapping[str, str] = field(default_factory=dict)  # the state in outside registers' words


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


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; `next` is the cursor of the following part, None at the end."""

    items: Sequence[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A kind of matter that can be reported."""

    code: str
    name: str
    group: str
    question: str
    examples: tuple[str, ...]
    urgent: str = ""


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """A guessed category. `strength` 1..3; `words` are the citizen's own that spoke for it."""

    category: CategoryView
    strength: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The share kept in time, with its base: `on_time` of `closed` cases in this month and those before."""

    received: int
    open: int
    closed: int
    on_time: int
    months: int
