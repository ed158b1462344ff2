"""Questions of a kind of matter, their answers, hints and reasons, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

QuestionKind = Literal["string", "text", "number", "date", "choice", "several", "file"]
ReasonKind = Literal["archive", "return", "hold"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a category asks beside the text.

    `low` and `high` bound the length of string and text, the value of a number, the count of several
    and file, and for a date the days from today (negative is the past).
    """

    id: UUID
    category: str
    code: str
    kind: QuestionKind
    label: str
    help: str
    options: tuple[str, ...]
    required: bool
    public: bool
    sort: int
    low: float | None
    high: float | None
    unit: str
    version: int
    valid_from: date | None
    valid_to: date | None
    document: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with the question as it was asked; `text` is the answer in words, `photos` of a file."""

    code: str
    version: int
    label: str
    kind: QuestionKind
    options: tuple[str, ...]
    value: tuple[str, ...]
    text: str
    public: bool
    by: str
    at: datetime
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that a report still lacks, said to its writer; `question` is for an officer to ask."""

    code: str
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case is archived, returned or held, by which rule, and what the reporter can do."""

    code: str
    kind: ReasonKind
    title: str
    rule: str
    remedy: str
    step: str
    link: str
    valid_from: date | None = None
    valid_to: date | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the reporter was asked: question codes, the words, and the last day."""

    codes: tuple[str, ...]
    text: str
    asked_at: datetime
    due_on: date
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Revision:
    """How a report read before a correction."""

    number: int
    at: datetime
    title: str
    body: str
    category: str
    place: str
    answers: tuple[tuple[str, str], ...]
