"""What officers prepare, share and may take back, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from plugins.lapor.contracts.owner import AgencyRef


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that may be taken back for `seconds` more; with a `refusal` it may not, and that is why."""

    batch_id: UUID
    action: str
    seconds: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case fared in a deed over several; `why` it did not succeed."""

    complaint_id: UUID
    number: str
    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class TextDraftView:
    """A text being written; `by` is a role with its unit, `own` when the actor kept it last."""

    field: str
    text: str
    version: int
    by: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A text to begin with. `agency` None: of the whole desk."""

    id: UUID
    code: str
    title: str
    field: str
    category: str
    status: str
    agency: AgencyRef | None
    body: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class MacroView:
    """Several steps under one name. `values` are the columns of its form by name."""

    id: UUID
    code: str
    title: str
    category: str
    status: str
    agency: AgencyRef | None
    values: Mapping[str, Any]
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class CheckView:
    """An item of a case's checklist; `before` is the action that waits for it, "" for none."""

    id: UUID
    item: str
    before: str
    done: bool
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another case that has to do with this one. `kind` as seen from here, `ours` when made here."""

    id: UUID
    kind: str
    ours: bool
    number: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class MentionView:
    """A note that names the reader's unit or role. Without `opened` the case stays closed to them."""

    id: UUID
    number: str
    title: str
    text: str
    by: str
    at: datetime
    read: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Present:
    """Who else has the case open; `editing` is the action whose form they fill."""

    officer_id: UUID
    who: str
    seen_at: datetime
    editing: str
    editing_at: datetime | None


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view; `count` is exact up to 25, then "25+"."""

    id: UUID
    title: str
    shared: str
    query: Mapping[str, str]
    mine: bool
    first: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a case since a form was opened: steps, and columns before and now."""

    steps: tuple[tuple[str, str, datetime, str], ...] = ()  # type, by, at, text
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
