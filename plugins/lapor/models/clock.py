"""Clocks of a case, their pauses, and the limits they run by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class DeadlineRow(TenantScoped, Base):
    """A promise with its explanation: `days` holds the counted and the skipped days."""

    __tablename__ = "deadline"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date] = mapped_column(Date)
    days: Mapped[dict[str, Any]] = facts()
    document: Mapped[str] = words()
    done_at: Mapped[datetime | None] = maybe_moment()


class Pause(TenantScoped, Base):
    """A stretch in which the clocks stood still, and for whom."""

    __tablename__ = "pause"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    waiting_for: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = words()
    started_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = maybe_moment()


class TimeLimit(TenantScoped, Base):
    """How long a step may take. `authority` national or tenant: both clocks run side by side."""

    __tablename__ = "time_limit"
    __table_args__ = (tenant_fk("category_code", to="lapor.category.code"), LAPOR)

    id: Mapped[UUID] = key()
    step: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = words("wd")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()
    evidence: Mapped[str] = words()
