"""The plugin's tables: each row belongs to one tenant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now


class Note(TenantScoped, Base):
    """A short text that officers write and citizens read."""

    __tablename__ = "note"
    __table_args__ = {"schema": "contoh"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = key()
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
