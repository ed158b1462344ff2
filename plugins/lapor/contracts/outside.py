"""Other registers: where cases go to, come from and are followed, and what travels.

A plugin that speaks with another register is a connector. It connects destinations through OUTSIDE and
implements `lapor_push` (send one parcel), `lapor_pull` (fetch what is new there), `lapor_compare` (how
cases stand there) and `lapor_card` (the parcel in the words of their form, for re-keying). Everything
else is LAPOR's: what is due when, order, repeats, manual days, numbers of both sides, differences.

    from plugins.lapor.contracts.outside import OUTSIDE
    made = use(OUTSIDE).connect("sp4n", "national", title="SP4N-LAPOR!", takes="all", steps=STEPS)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from plugins.lapor.contracts.report import Contact, Draft, Upload
from plugins.lapor.contracts.words import Kind, Status
from superapp.sdk import Port

Mode = Literal["auto", "manual", "paused"]
Takes = Literal["forwarded", "all", "categories"]
# What we tell a register about a case, in its order of life.
Step = Literal[
    "new",
    "verified",
    "disposed",
    "held",
    "progress",
    "answer",
    "returned",
    "closed",
    "reopened",
    "archived",
    "withdrawn",
    "reply",
    "corrected",
]
# What a register tells us about a case that it or we passed on. `number` only names its id there.
News = Literal[
    "number",
    "progress",
    "answer",
    "closing",
    "return",
    "question",
    "reply",
    "solved",
    "unsolved",
    "withdrawn",
]


class Busy(Exception):
    """It was surely not taken and may be later: down, slow, limited. `after` in seconds, if they said."""

    def __init__(self, why: str, after: int | None = None) -> None:
        super().__init__(why)
        self.after = after


class Refused(Exception):
    """The other side will never take it as it is; the message says why, in words an officer can act on."""


class Unsure(Exception):
    """It was handed over and no clear answer came: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Destination:
    """One register that this government is connected with. `id` and `key` stay for life.

    `takes`: "forwarded" gets only cases that are forwarded to `agency_code`, the outside owner that
    stands for it among the agencies; "all" gets a copy of every case, "categories" of these; secret
    cases and those about staff go nowhere but back to where they came from. `steps` are those its
    connector can tell. `identity` lets names and numbers of reporters who are not anonymous travel.
    `repeatable`: a parcel sent twice with the same id makes one there; otherwise an unsure one waits
    for an officer. `facts` are the connector's own, without secrets.
    """

    id: UUID
    plugin: str
    key: str
    title: str
    mode: Mode
    takes: Takes
    agency_code: str
    categories: tuple[str, ...]
    steps: tuple[Step, ...]
    identity: bool
    repeatable: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutsideCase:
    """A case as it may leave the house at the moment of sending. `reporter` only by the rule of identity."""

    id: UUID
    number: str
    kind: Kind
    title: str
    body: str
    status: Status
    category_code: str
    category: str
    area_code: str | None
    address: str
    lat: float | None
    lng: float | None
    anonymous: bool
    secret: bool
    received_at: datetime
    agency: str
    due_at: datetime | None
    tracking_url: str
    answers: tuple[tuple[str, str], ...] = ()  # label and words of public answers
    reporter: Contact | None = None
    photos: tuple[UUID, ...] = ()  # public ones; OUTSIDE.photo reads them


@dataclass(frozen=True, slots=True)
class Parcel:
    """One step of one case for one destination. `id` is the same at every try: the idempotency key.

    `owner` says that the case is handed over, not only copied. `text` are the step's public words,
    `data` its facts; `foreign_id` and `second_id` their ids for this case, "" before they answered.
    A "new" with a `foreign_id` is a case that they know: one of which they had a copy, or which they gave
    back, is handed over (again). `came_from_there`: it is their case, which they gave to us. `photos` are
    the step's own public pictures; `case.photos` are all of them.
    """

    id: UUID
    destination: Destination
    step: Step
    at: datetime
    text: str
    case: OutsideCase
    owner: bool = False
    came_from_there: bool = False
    foreign_id: str = ""
    second_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    attempt: int = 1
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Pushed:
    """It was taken. Ids that they answered; "" for those not told (they may come later as news)."""

    foreign_id: str = ""
    second_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One piece of news from a register. `id` is theirs and unique there: what came twice counts once.

    With `draft` it is a case of theirs for us (`foreign_id` their number); else `news` about the case
    that they know as `foreign_id` or we as `number`. `at` is when it happened there; news that arrive
    late are kept and change nothing. `word` is their own status word.
    """

    id: str
    at: datetime
    foreign_id: str = ""
    second_id: str = ""
    number: str = ""
    news: News | None = None
    text: str = ""
    word: str = ""
    who: str = ""  # the unit there, in their words
    draft: Draft | None = None
    photos: tuple[Upload, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was new there, the oldest first, and where to go on. `more`: ask again at once."""

    arrivals: Sequence[Arrival]
    cursor: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case that both sides know: our number, their ids, and what each last said."""

    complaint_id: UUID
    number: str
    status: Status
    foreign_id: str
    second_id: str
    owner: bool  # the register has it now
    came_from_there: bool
    sent_at: datetime | None
    heard_at: datetime | None
    last_word: str = ""  # their own status word that came with the newest news


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands there, for comparing. `statuses` are ours that fit their `word`; empty: unknown."""

    foreign_id: str
    word: str
    statuses: tuple[Status, ...] = ()
    number: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CardLine:
    """A field of the register's own form, ready to copy."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of news: `applied` to the case, or kept only, and `why`. `repeated`: known before."""

    complaint_id: UUID | None
    number: str = ""
    applied: bool = False
    repeated: bool = False
    why: str = ""


class Outside(Protocol):
    """What a connector may do. Errors are those of LAPOR's services."""

    def connect(
        self,
        plugin: str,
        key: str,
        *,
        title: str,
        takes: Takes = "forwarded",
        agency_code: str = "",
        categories: Sequence[str] = (),
        steps: Sequence[Step] = (),
        identity: bool = False,
        repeatable: bool = False,
        facts: Mapping[str, Any] | None = None,
    ) -> Destination:
        """Make a destination or change it; its id, mode, queue and numbers stay. Raises Invalid."""

    def disconnect(self, destination_id: UUID, *, reason: str) -> None:
        """End it: what still waits is dropped with the reason, numbers and log stay. Raises NotFound."""

    def destinations(self, plugin: str = "") -> tuple[Destination, ...]:
        """The living ones, of one connector or all, by title."""

    def take(self, destination_id: UUID, arrival: Arrival) -> Taken:
        """Take in what was told to us without our asking (a webhook). Each id counts once.

        In a unit of work of its own or as part of the caller's, as the system whoever calls. Never raises
        for what they told: what cannot be applied is kept, `why` says so. Raises NotFound.
        """

    def ref(self, destination_id: UUID, *, foreign_id: str = "", number: str = "") -> CaseRef | None:
        """The case that they call `foreign_id` or we `number`; None when it was never between us."""

    def refs(
        self, destination_id: UUID, *, after: UUID | None = None, limit: int = 200
    ) -> tuple[CaseRef, ...]:
        """Cases of both sides that are open here or changed in 90 days, by our id, from behind `after`."""

    def photo(self, complaint_id: UUID, photo_id: UUID) -> Upload:
        """A public picture of a case, without its metadata. Raises NotFound."""


OUTSIDE: Port[Outside] = Port("lapor", "outside")
