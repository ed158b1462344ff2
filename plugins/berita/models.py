"""An article, and its words in each language."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now, tenant_fk

BERITA = {"schema": "berita"}


class Article(TenantScoped, Base):
    """Where an article stands. Citizens see it when `published` and `publish_at` has come.

    `announced_at` is set once others were told; `version` counts changes.
    """

    __tablename__ = "article"
    __table_args__ = (tenant_fk("agency_id", to="core.agency"), BERITA)

    id: Mapped[UUID] = key()
    slug: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(Text, default="draft")
    publish_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    pinned_until: Mapped[date | None] = mapped_column(Date)
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Words(TenantScoped, Base):
    """An article in one language; `body` is Markdown as it was typed."""

    __tablename__ = "words"
    __table_args__ = (tenant_fk("article_id", to="berita.article"), BERITA)

    article_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
