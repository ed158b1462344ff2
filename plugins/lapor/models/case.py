"""What was reported, what happened to it, and who reported it, kept apart."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Float, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class Complaint(TenantScoped, Base):
    """One report and where it stands. `version` counts changes; `due_*` is the clock that runs now,
    `rung*` how far it climbed the ladder."""

    __tablename__ = "complaint"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("area_code", to="core.area.code"),
        tenant_fk("agency_id", to="core.agency"),
        tenant_fk("suggested_id", to="core.agency"),
        tenant_fk("accused_id", to="core.agency"),
        tenant_fk("incident_id", to="lapor.incident", use_alter=True, name="fk_complaint_incident"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    number: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    occurred_on: Mapped[date | None] = mapped_column(Date)
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    address: Mapped[str] = words()
    area_code: Mapped[str | None] = mapped_column(Text)
    anonymous: Mapped[bool] = mapped_column(default=False)
    secret: Mapped[bool] = mapped_column(default=False)
    whistle: Mapped[str] = words()
    accused_id: Mapped[UUID | None]
    published: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = words("web")
    source_url: Mapped[str] = words()
    status: Mapped[str] = words("received")
    held_from: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    suggested_id: Mapped[UUID | None]
    officer_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    routing: Mapped[dict[str, Any]] = facts()
    received_at: Mapped[datetime] = moment()
    updated_at: Mapped[datetime] = moment()
    due_step: Mapped[str] = words("verify")
    due_unit: Mapped[str] = words("wd")
    due_from: Mapped[datetime] = moment()
    due_at: Mapped[datetime] = moment()
    overdue: Mapped[bool] = mapped_column(default=False)
    rung: Mapped[int] = mapped_column(Integer, default=0)
    rung_who: Mapped[str] = words()
    waiting_for: Mapped[str] = words()
    question: Mapped[str] = words()
    hold_until: Mapped[date | None] = mapped_column(Date)
    bounces: Mapped[int] = mapped_column(Integer, default=0)
    priority: Mapped[bool] = mapped_column(default=False)
    climbed: Mapped[bool] = mapped_column(default=False)
    unsolved: Mapped[int] = mapped_column(Integer, default=0)
    open_returns: Mapped[int] = mapped_column(Integer, default=0)  # parts given back and not decided on
    version: Mapped[int] = mapped_column(Integer, default=1)
    rating: Mapped[int | None] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = maybe_moment()
    closed_how: Mapped[str] = words()
    external_id: Mapped[str] = words()
    incident_id: Mapped[UUID | None]
    joined_id: Mapped[UUID | None]


class Reporter(TenantScoped, Base):
    """The salt from which a reporter's PIN is derived. One row a complaint; who it is, the vault knows."""

    __tablename__ = "reporter"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    claim_until: Mapped[datetime | None] = maybe_moment()
    claimed_at: Mapped[datetime | None] = maybe_moment()


class CaseEvent(TenantScoped, Base):
    """Something that happened to a complaint. Rows are added, never changed."""

    __tablename__ = "event"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    from_status: Mapped[str | None] = mapped_column(Text)
    to_status: Mapped[str | None] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    public: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = words()
    data: Mapped[dict[str, Any]] = facts()
    at: Mapped[datetime] = moment()


class Assignment(TenantScoped, Base):
    """A unit's part of a complaint (disposisi): its role, what it was told, how far it is.

    Roles: owner leads, co_owner answers its own part, referral only reads (tembusan), delegate works
    for the part `parent_id` that was handed onward to it. `version` counts changes of the part alone.
    Rows are never deleted: together they are the chain of who passed it to whom, when and why.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        tenant_fk("parent_id", to="lapor.assignment"),
        tenant_fk("from_agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    agency_id: Mapped[UUID]
    role: Mapped[str] = words("owner")
    state: Mapped[str] = words("given")
    instruction: Mapped[str] = words()
    active: Mapped[bool] = mapped_column(default=True)
    outside: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    parent_id: Mapped[UUID | None]
    from_agency_id: Mapped[UUID | None]  # who passed it on; None is the desk
    officer_id: Mapped[UUID | None]
    why: Mapped[str] = words()
    document: Mapped[str] = words()
    assigned_at: Mapped[datetime] = moment()
    answered_at: Mapped[datetime | None] = maybe_moment()
    answer_id: Mapped[UUID | None]  # the line of the timeline that holds the answer
    ended_at: Mapped[datetime | None] = maybe_moment()
    ended_how: Mapped[str] = words()
    ended_why: Mapped[str] = words()
    external_id: Mapped[str] = words()
    heard_at: Mapped[datetime | None] = maybe_moment()
    reminded_at: Mapped[datetime | None] = maybe_moment()


class Counter(TenantScoped, Base):
    """How many cases lie in a box; `shard` spreads the writes of a busy box."""

    __tablename__ = "counter"
    __table_args__ = LAPOR

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    shard: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=0)


class Idempotency(TenantScoped, Base):
    """The first answer to a key, so that a repeated report is made once."""

    __tablename__ = "idempotency"
    __table_args__ = LAPOR

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    complaint_id: Mapped[UUID]
    response: Mapped[dict[str, Any]] = facts()
    created_at: Mapped[datetime] = moment()
