"""Posts that became cases: enough to know one again, to answer it, and to hand its case over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now


class Post(TenantScoped, Base):
    """A public post. `link`, `handle`, `token` and `ticket` are sealed, the tags are keyed.

    `token` hands the case over, until it is used or `ends_at`; then `ticket` is the new reporter's, by which
    it is seen whether their data still stand. Once `erased_at`, nothing of the writer is left here.
    """

    __tablename__ = "post"
    __table_args__ = {"schema": "medsos"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = key()
    link_tag: Mapped[str] = mapped_column(Text)
    handle_tag: Mapped[str] = mapped_column(Text, default="")
    reporter_tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    platform: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    handle: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text, default="")
    ticket: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
