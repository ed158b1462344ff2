"""The door of LAPOR for other plugins: everything a channel or a register may do, as LAPOR does it itself.

from plugins.lapor.contracts.door import DOOR
receipt = use(DOOR).submit(draft, idempotency_key=f"telegram:{update_id}")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from plugins.lapor.contracts.coach import Question
from plugins.lapor.contracts.lists import CategoryView
from plugins.lapor.contracts.owner import AgencyRef
from plugins.lapor.contracts.report import Contact, Done, Draft, Receipt, Upload
from plugins.lapor.contracts.view import PublicView, ReporterView
from plugins.lapor.contracts.words import Kind, Status
from superapp.sdk import Port


@dataclass(frozen=True, slots=True)
class Window:
    """Which published cases: received or updated from `since` up to and with `until` (aware, UTC).

    `numbers` asks for these cases alone, whatever the rest says. `is_open` None means both.
    """

    since: datetime
    until: datetime
    by: Literal["received", "updated"] = "received"
    categories: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_open: bool | None = None
    oldest_first: bool = False
    skip: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A published case without its story; texts are masked. `expected_at` is the day promised, UTC."""

    id: UUID
    number: str
    kind: Kind
    title: str
    body: str
    status: Status
    category_code: str
    category: str
    address: str
    lat: float | None
    lng: float | None
    agency: AgencyRef | None
    reason: str
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    expected_at: datetime | None
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CaseUpdate:
    """A public line of a published case's story, `type` as the timeline names it.

    `answers` are label and words of public answers that came with this line.
    """

    id: UUID
    number: str
    type: str
    at: datetime
    status: Status
    text: str
    reason_code: str
    photos: tuple[UUID, ...]
    answers: tuple[tuple[str, str], ...] = ()


class Door(Protocol):
    """What may be done with complaints of the open tenant. Errors are those of LAPOR's services."""

    def submit(
        self, draft: Draft, photos: Sequence[Upload] = (), idempotency_key: str | None = None
    ) -> Receipt: ...
    def categories(self) -> tuple[CategoryView, ...]: ...
    def questions_of(self, category: str | None) -> tuple[Question, ...]: ...
    def public_view(self, number: str) -> PublicView: ...
    def public_cases(self, window: Window) -> list[PublicCase]: ...
    def public_updates(self, window: Window) -> list[CaseUpdate]: ...
    def enter(self, number: str, pin: str, *, source: str = "") -> str: ...
    def reporter_view(self, ticket: str) -> ReporterView: ...
    def reply(self, ticket: str, *, text: str, photos: Sequence[Upload] = ()) -> Done: ...
    def confirm(self, ticket: str, *, solved: bool, rating: int | None = None, text: str = "") -> Done: ...
    def claim_info(self, token: str) -> str:
        """The number of the case that a receipt's `claim_token` hands over. Raises NotFound."""

    def claim(self, token: str, contact: Contact) -> Receipt:
        """Hand a case that an officer wrote down over to its reporter, once. Raises Invalid, NotFound."""

    def id_of(self, number: str) -> UUID: ...
    def progress(self, complaint_id: UUID, *, text: str) -> Done: ...
    def answer(self, complaint_id: UUID, *, text: str) -> Done: ...


DOOR: Port[Door] = Port("lapor", "door")
