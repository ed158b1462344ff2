"""What comes in, and what its sender gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from plugins.lapor.contracts.clock import Deadline
from plugins.lapor.contracts.owner import AgencyRef
from plugins.lapor.contracts.words import Channel, Kind, Status


@dataclass(frozen=True, slots=True)
class Location:
    """Where it is. `lat`/`lng` in degrees WGS84, both or neither; `area_code` like `51.71.01.1001`."""

    lat: float | None = None
    lng: float | None = None
    address: str = ""
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the reporter; every part may be empty. Kept apart from the case, in the vault.

    `nik` is the 16-digit number of the identity card, asked for only where a tenant needs it.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    nik: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it has a number. `lapor_enrich` may answer with a changed copy.

    `category` None means "I don't know". `words` are those of the citizen's that spoke for a
    guessed category. `agency_code` is set when the desk enters a report already addressed.
    `whistle` asks for the path of whistle-blowers; `accused` is the code of the unit complained of.
    `answers` are those to the category's own questions, by code. Hooks get the draft without `reporter`.
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
    whistle: bool = False
    accused: str | None = None
    channel: Channel = "web"
    source_url: str = ""
    agency_code: str | None = None
    guessed: bool = False
    words: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo as it came: the sender's file name is kept for messages only."""

    filename: str
    data: bytes


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
