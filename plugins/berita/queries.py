"""Lists and pages of news, as readers and officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, select, tuple_

from plugins.berita.contracts import ArticleView, Text
from plugins.berita.models import Article, Words
from superapp.sdk import BadRequest, NotFound, current_tenant, now, session

PAGE = 10
BOXES = ("semua", "draf", "terjadwal", "terbit", "arsip")


class Page(NamedTuple):
    """Articles, and the cursor of the next page or "" on the last."""

    articles: list[ArticleView]
    after: str


def public_list(language: str, cursor: str = "", size: int = PAGE) -> Page:
    """What citizens may read, newest first, without what is pinned. Raises BadRequest for a bad cursor."""
    query = _visible().where(~_pinned()).order_by(Article.publish_at.desc(), Article.id.desc())
    if cursor:
        query = query.where(tuple_(Article.publish_at, Article.id) < tuple_(*_read_cursor(cursor)))
    rows = list(session().scalars(query.limit(size + 1)))
    after = _cursor(rows[size - 1]) if len(rows) > size else ""
    return Page(_views(rows[:size], language), after)


def pinned(language: str) -> list[ArticleView]:
    """What is pinned today, newest first."""
    query = _visible().where(_pinned()).order_by(Article.publish_at.desc(), Article.id.desc())
    return _views(list(session().scalars(query)), language)


def headlines(language: str, count: int) -> list[ArticleView]:
    """The first `count` of what citizens may read, pinned ones first."""
    found = pinned(language)[:count]
    return found + public_list(language, size=count).articles[: count - len(found)]


def public_page(slug: str, language: str) -> ArticleView:
    """One article that citizens may read. Raises NotFound."""
    row = session().scalar(_visible().where(Article.slug == slug))
    if row is None:
        raise NotFound(_("Berita ini tidak ada."), _("Mungkin sudah diarsipkan."))
    return _views([row], language)[0]


def desk_list(box: str, before: UUID | None, size: int = 20) -> tuple[list[ArticleView], UUID | None]:
    """Articles of a box (one of BOXES), newest first, and the key of the next page."""
    query = select(Article).order_by(Article.id.desc()).limit(size + 1)
    conditions: dict[str, ColumnElement[bool]] = {
        "draf": Article.status == "draft",
        "terjadwal": and_(Article.status == "published", Article.publish_at > now()),
        "terbit": and_(Article.status == "published", Article.publish_at <= now()),
        "arsip": Article.status == "archived",
    }
    if box in conditions:
        query = query.where(conditions[box])
    if before is not None:
        query = query.where(Article.id < before)
    rows = list(session().scalars(query))
    return _views(rows[:size], "id"), rows[size - 1].id if len(rows) > size else None


def editing(article_id: UUID) -> tuple[Article, dict[str, Text]]:
    """An article with its words in all languages, for the editor. Raises NotFound."""
    row = session().scalar(select(Article).where(Article.id == article_id))
    if row is None:
        raise NotFound(_("Berita ini tidak ada."))
    words = session().scalars(select(Words).where(Words.article_id == article_id))
    return row, {w.language: Text(w.title, w.summary, w.body) for w in words}


def today() -> date:
    """Today where the tenant is."""
    return now().astimezone(ZoneInfo(current_tenant().timezone)).date()


def _visible() -> Select[Article]:
    return select(Article).where(Article.status == "published", Article.publish_at <= now())


def _pinned() -> ColumnElement[bool]:
    return and_(Article.pinned_until.is_not(None), Article.pinned_until >= today())


def _views(rows: Sequence[Article], language: str) -> list[ArticleView]:
    query = select(Words).where(Words.article_id.in_([row.id for row in rows]))
    found: dict[UUID, dict[str, Words]] = {}
    for words in session().scalars(query) if rows else ():
        found.setdefault(words.article_id, {})[words.language] = words
    return [_view(row, found[row.id], language) for row in rows]


def _view(row: Article, texts: dict[str, Words], language: str) -> ArticleView:
    words = texts.get(language) or texts["id"]
    return ArticleView(
        id=row.id,
        slug=row.slug,
        language=words.language,
        title=words.title,
        summary=words.summary,
        body=words.body,
        agency_id=row.agency_id,
        status=row.status,
        publish_at=row.publish_at,
        pinned_until=row.pinned_until,
        updated_at=row.updated_at,
        version=row.version,
        languages=tuple(sorted(texts, reverse=language != "en")),
    )


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _cursor(row: Article) -> str:
    micros = (row.publish_at - EPOCH) // timedelta(microseconds=1) if row.publish_at else 0
    return f"{micros:x}-{row.id.hex}"


def _read_cursor(cursor: str) -> tuple[Any, UUID]:
    try:
        micros, _dash, key = cursor.partition("-")
        return EPOCH + timedelta(microseconds=int(micros, 16)), UUID(key)
    except (ValueError, OverflowError) as error:
        raise BadRequest(detail=_("Alamat halaman ini rusak. Mulai lagi dari daftar berita.")) from error
