"""Owners that change: reorganisations, and the reviewed batches that move their open cases."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Text
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class Reorganisation(TenantScoped, Base):
    """From `on_date` what one unit owned is another's; of one category, or all. `document` says by what."""

    __tablename__ = "reorganisation"
    __table_args__ = (
        tenant_fk("from_agency_id", to="core.agency"),
        tenant_fk("to_agency_id", to="core.agency"),
        tenant_fk("category_code", to="lapor.category.code"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    from_agency_id: Mapped[UUID]
    to_agency_id: Mapped[UUID]
    on_date: Mapped[date] = mapped_column(Date)
    category_code: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str] = words()
    evidence: Mapped[str] = words()


class MoveBatch(TenantScoped, Base):
    """The open cases of a unit that closed, under review; one is open for a unit at a time."""

    __tablename__ = "move_batch"
    __table_args__ = (tenant_fk("agency_id", to="core.agency"), LAPOR)

    id: Mapped[UUID] = key()
    agency_id: Mapped[UUID]
    document: Mapped[str] = words()
    made_by: Mapped[str] = words()
    created_at: Mapped[datetime] = moment()
    applied_at: Mapped[datetime | None] = maybe_moment()
    closed_at: Mapped[datetime | None] = maybe_moment()


class MoveItem(TenantScoped, Base):
    """One part of a batch: proposed (listed), ticked by the coordinator (approved), done or skipped."""

    __tablename__ = "move_item"
    __table_args__ = (
        tenant_fk("batch_id", to="lapor.move_batch"),
        tenant_fk("assignment_id", to="lapor.assignment"),
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("to_agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    batch_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    complaint_id: Mapped[UUID]
    to_agency_id: Mapped[UUID | None]
    why: Mapped[str] = words()
    state: Mapped[str] = words("listed")
    note: Mapped[str] = words()
    done_at: Mapped[datetime | None] = maybe_moment()
