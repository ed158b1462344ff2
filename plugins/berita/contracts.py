"""What other plugins may know of news: small frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from superapp.sdk import Event

LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Published(Event):
    """An article became visible to citizens. Told once, also for a scheduled one."""

    type: ClassVar[str] = "berita.published"

    article_id: str = ""
    slug: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words in one language; `body` is Markdown."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer wrote. `publish_at` None means at once; `texts` always has Indonesian."""

    texts: dict[str, Text]
    agency_id: UUID | None = None
    publish_at: datetime | None = None
    pinned_until: date | None = None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as pages show it, in the language that was found."""

    id: UUID
    slug: str
    language: str
    title: str
    summary: str
    body: str
    agency_id: UUID | None
    status: str
    publish_at: datetime | None
    pinned_until: date | None
    updated_at: datetime
    version: int
    languages: tuple[str, ...] = field(default=())
