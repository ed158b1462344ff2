"""What Open311 keeps: tokens that stand for numbers, updates already taken, and the state of the services."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, now

OPEN311 = {"schema": "open311"}


class Token(TenantScoped, Base):
    """A token given instead of a number; only its digest is kept."""

    __tablename__ = "token"
    __table_args__ = OPEN311

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class TakenUpdate(TenantScoped, Base):
    """An update that a client sent under its own id, once; `said_at` is the client's time of it."""

    __tablename__ = "taken_update"
    __table_args__ = OPEN311

    key_id: Mapped[UUID] = mapped_column(primary_key=True)
    update_id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    word: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    applied: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Changeset(TenantScoped, Base):
    """When the services or their definitions last changed, told from their digest."""

    __tablename__ = "changeset"
    __table_args__ = OPEN311

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
