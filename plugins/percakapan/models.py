"""Who is being talked with, what was said to which message, and where news of a report go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now

PERCAKAPAN = {"schema": "percakapan"}


class Talk(TenantScoped, Base):
    """A conversation with one address. `who` is its keyed hash, `address` sealed; `memo` holds, sealed,
    what the report says so far and which answers were offered. The row is locked while it is answered."""

    __tablename__ = "talk"
    __table_args__ = PERCAKAPAN

    id: Mapped[UUID] = key()
    channel: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="idle")
    memo: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Taken(TenantScoped, Base):
    """A message that was taken in, by a keyed hash of its id, and, sealed, what was said to it."""

    __tablename__ = "taken"
    __table_args__ = PERCAKAPAN

    message: Mapped[str] = mapped_column(Text, primary_key=True)
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Follow(TenantScoped, Base):
    """Where news of a report go, and the ticket that opens it, both sealed.

    `who` finds it by its address; empty for a reporter who wants to stay unknown: an equal hash would
    tell whoever reads the table that two reports come from one hand. `ends_at` is set once it is closed.
    """

    __tablename__ = "follow"
    __table_args__ = PERCAKAPAN

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
