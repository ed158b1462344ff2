"""Clocks of a case, their pauses, and the limits they run by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class DeadlineRow(TenantScoped, Base):
    """A promise with its explanation: `days` holds the counted and the skipped days.

    `agency_id` is the unit whose own clock it is, `calendar` the version it was computed with.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

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
    agency_id: Mapped[UUID | None]
    calendar: Mapped[int | None] = mapped_column(Integer)
    breached_at: Mapped[datetime | None] = maybe_moment()


class Pause(TenantScoped, Base):
    """A stretch in which the clocks stood still, and for whom; `party` names the institution."""

    __tablename__ = "pause"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    waiting_for: Mapped[str] = mapped_column(Text)
    party: Mapped[str] = words()
    reason: Mapped[str] = words()
    started_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = maybe_moment()


class CalendarVersion(TenantScoped, Base):
    """The days and hours as they were known from `made_at` on; rows are added, never changed."""

    __tablename__ = "calendar_version"
    __table_args__ = LAPOR

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[dict[str, Any]] = facts()
    changes: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    made_at: Mapped[datetime] = moment()


class ShiftRow(TenantScoped, Base):
    """Hours on one weekday (1 Monday to 7 Sunday), of one agency or of the whole government."""

    __tablename__ = "shift"
    __table_args__ = (tenant_fk("agency_id", to="core.agency"), LAPOR)

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID | None]
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[str] = mapped_column(Text)
    closes: Mapped[str] = mapped_column(Text)
    on_holidays: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class LadderRung(TenantScoped, Base):
    """Who is told about a late clock, when and by which channel.

    `who` is "agency" (the unit that has it), a role (small letters) or a unit's code (capitals).
    """

    __tablename__ = "ladder_rung"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    step: Mapped[str] = mapped_column(Text)
    level: Mapped[int] = mapped_column(Integer)
    who: Mapped[str] = mapped_column(Text)
    relation: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = words("wd")
    channel: Mapped[str] = words("desk")
    address: Mapped[str] = words()
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class RungSent(TenantScoped, Base):
    """That a rung was sent for one promised day: what keeps it from being sent again."""

    __tablename__ = "rung_sent"
    __table_args__ = (tenant_fk("deadline_id", to="lapor.deadline"), LAPOR)

    deadline_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(Date, primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True)
    who: Mapped[str] = mapped_column(Text, primary_key=True)
    event_id: Mapped[UUID]
    sent_at: Mapped[datetime] = moment()


class Recount(TenantScoped, Base):
    """One walk over all open clocks after a change; `reached` is the case up to which it has come."""

    __tablename__ = "recount"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    reason: Mapped[str] = words()
    asked_by: Mapped[str] = words()
    calendar: Mapped[int] = mapped_column(Integer)
    rules: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = moment()
    reached: Mapped[UUID | None]
    seen: Mapped[int] = mapped_column(Integer, default=0)
    moved: Mapped[int] = mapped_column(Integer, default=0)
    units: Mapped[dict[str, Any]] = facts()
    done_at: Mapped[datetime | None] = maybe_moment()


class TimeLimit(TenantScoped, Base):
    """How long a step may take. `authority` national or tenant: both clocks run side by side."""

    __tablename__ = "time_limit"
    __table_args__ = (tenant_fk("category_code", to="lapor.category.code"), LAPOR)

    id: Mapped[UUID] = key()
    step: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    supervision: Mapped[str | None] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = words("wd")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()
    evidence: Mapped[str] = words()
