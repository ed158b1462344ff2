"""What can be done with news. No request, one commit, others are told after it."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from plugins.berita.contracts import Draft, Published
from plugins.berita.models import Article, Words
from superapp.sdk import (
    Conflict,
    Forbidden,
    NotFound,
    audit,
    current_actor,
    current_tenant,
    defer,
    emit,
    now,
    session,
    work,
)

WRITE, PUBLISH = "berita.write", "berita.publish"
ANNOUNCE = "berita.announce"


def write(draft: Draft, article_id: UUID, version: int = 0) -> UUID:
    """Keep a draft. `version` 0 makes the article, and a repeat of that changes nothing.

    Raises Conflict when somebody else changed it since, Forbidden for a published article without
    the right to publish, NotFound.
    """
    with work():
        article = _make(article_id, draft) if version == 0 else _change(article_id, version)
        if article is None:
            return article_id
        if article.status == "published":
            _need_publish()
        _fill(article, draft)
        audit.record("berita.write", "article", article.id)
        if article.status == "published":
            _schedule(article, draft)
    return article_id


def publish(draft: Draft, article_id: UUID, version: int = 0) -> UUID:
    """Keep a draft and show it to citizens at `draft.publish_at`, or at once. Raises as `write` does."""
    _need_publish()
    with work():
        article = _make(article_id, draft) if version == 0 else _change(article_id, version)
        if article is None:
            return article_id
        _fill(article, draft)
        article.status = "published"
        audit.record("berita.publish", "article", article.id)
        _schedule(article, draft)
    return article_id


def archive(article_id: UUID, version: int) -> None:
    """Take an article away from citizens; it is kept. Raises Conflict, Forbidden, NotFound."""
    _move(article_id, version, "archived")


def restore(article_id: UUID, version: int) -> None:
    """Make an archived article a draft again. Raises Conflict, Forbidden, NotFound."""
    _move(article_id, version, "draft")


def announce(article_id: str) -> None:
    """Tell other plugins once that an article is visible; does nothing while it is not."""
    with work() as unit:
        article = unit.scalar(select(Article).where(Article.id == UUID(article_id)).with_for_update())
        if article is None or article.status != "published" or article.announced_at is not None:
            return
        if article.publish_at is None or article.publish_at > now():
            return
        title = unit.scalar(select(Words.title).where(Words.article_id == article.id, Words.language == "id"))
        article.announced_at = now()
        emit(Published(article_id=str(article.id), slug=article.slug, title=title or ""))


def slug_of(title: str) -> str:
    """The readable part of an article's address: lower-case ASCII words, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words: list[str] = re.findall(r"[a-z0-9]+", plain) or ["berita"]
    slug = words[0][:80]
    for word in words[1:]:
        if len(slug) + len(word) >= 80:
            break
        slug += f"-{word}"
    return slug


def _make(article_id: UUID, draft: Draft) -> Article | None:
    """The new article's row; None when the same form was sent before."""
    if session().get(Article, (current_tenant().id, article_id)) is not None:
        return None
    slug = slug_of(draft.texts["id"].title)
    article = Article(id=article_id, slug=slug)
    try:
        with session().begin_nested():
            session().add(article)
            session().flush()
    except IntegrityError:
        article = Article(id=article_id, slug=f"{slug}-{article_id.hex[-8:]}")
        session().add(article)
        session().flush()
    return article


def _change(article_id: UUID, version: int) -> Article:
    article = session().scalar(select(Article).where(Article.id == article_id).with_for_update())
    if article is None:
        raise NotFound(_("Berita ini tidak ada."))
    if article.version != version:
        raise Conflict(
            _("Berita ini sudah diubah petugas lain."),
            _("Salin tulisan Anda, muat ulang halaman, lalu gabungkan. Belum ada yang tersimpan."),
        )
    article.version += 1
    article.updated_at = now()
    return article


def _fill(article: Article, draft: Draft) -> None:
    article.agency_id = draft.agency_id
    article.pinned_until = draft.pinned_until
    article.publish_at = draft.publish_at or (article.publish_at if article.status == "published" else None)
    unit = session()
    for language, text in draft.texts.items():
        unit.merge(
            Words(
                tenant_id=current_tenant().id,
                article_id=article.id,
                language=language,
                title=text.title,
                summary=text.summary,
                body=text.body,
            )
        )
    unit.execute(
        delete(Words).where(Words.article_id == article.id, Words.language.not_in(list(draft.texts)))
    )


def _schedule(article: Article, draft: Draft) -> None:
    if draft.publish_at is None and (article.publish_at is None or article.publish_at > now()):
        article.publish_at = now()
    if article.announced_at is None:
        defer(ANNOUNCE, at=article.publish_at, article_id=str(article.id))


def _move(article_id: UUID, version: int, status: str) -> None:
    _need_publish()
    with work():
        article = _change(article_id, version)
        article.status = status
        article.pinned_until = None
        audit.record(f"berita.{status}", "article", article.id)


def _need_publish() -> None:
    if not current_actor().may(PUBLISH):
        raise Forbidden(detail=_("Simpan sebagai draf; petugas yang berhak akan menerbitkannya."))
