"""The tables of LAPOR. Who reported is kept apart from what was reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Float, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now, tenant_fk

LAPOR = {"schema": "lapor"}


def _text(default: str = "") -> Mapped[str]:
    return mapped_column(Text, default=default)


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), default=now)


def _maybe_moment() -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True))


def _json() -> Mapped[dict[str, Any]]:
    return mapped_column(JSONB, default=dict)


class Complaint(TenantScoped, Base):
    """One report and where it stands. `version` counts changes; `due_*` is the clock that runs now."""

    __tablename__ = "complaint"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("area_code", to="core.area.code"),
        tenant_fk("agency_id", to="core.agency"),
        tenant_fk("suggested_id", to="core.agency"),
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
    address: Mapped[str] = _text()
    area_code: Mapped[str | None] = mapped_column(Text)
    anonymous: Mapped[bool] = mapped_column(default=False)
    secret: Mapped[bool] = mapped_column(default=False)
    published: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = _text("web")
    source_url: Mapped[str] = _text()
    status: Mapped[str] = _text("received")
    held_from: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    suggested_id: Mapped[UUID | None]
    officer_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    routing: Mapped[dict[str, Any]] = _json()
    received_at: Mapped[datetime] = _moment()
    updated_at: Mapped[datetime] = _moment()
    due_step: Mapped[str] = _text("verify")
    due_from: Mapped[datetime] = _moment()
    due_at: Mapped[datetime] = _moment()
    overdue: Mapped[bool] = mapped_column(default=False)
    waiting_for: Mapped[str] = _text()
    question: Mapped[str] = _text()
    hold_until: Mapped[date | None] = mapped_column(Date)
    bounces: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=1)
    rating: Mapped[int | None] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = _maybe_moment()
    closed_how: Mapped[str] = _text()
    external_id: Mapped[str] = _text()


class Reporter(TenantScoped, Base):
    """Who reported, and the salt from which the PIN is derived. One row a complaint."""

    __tablename__ = "reporter"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = _text()
    phone: Mapped[str] = _text()
    email: Mapped[str] = _text()
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    claim_until: Mapped[datetime | None] = _maybe_moment()
    claimed_at: Mapped[datetime | None] = _maybe_moment()


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
    actor_name: Mapped[str] = _text()
    agency_id: Mapped[UUID | None]
    public: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = _text()
    data: Mapped[dict[str, Any]] = _json()
    at: Mapped[datetime] = _moment()


class Assignment(TenantScoped, Base):
    """A unit's part of a complaint (disposisi). The one that owns it has the `lead`."""

    __tablename__ = "assignment"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    agency_id: Mapped[UUID]
    instruction: Mapped[str] = _text()
    lead: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    assigned_at: Mapped[datetime] = _moment()
    answered_at: Mapped[datetime | None] = _maybe_moment()
    ended_at: Mapped[datetime | None] = _maybe_moment()


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
    days: Mapped[dict[str, Any]] = _json()
    document: Mapped[str] = _text()
    done_at: Mapped[datetime | None] = _maybe_moment()


class Pause(TenantScoped, Base):
    """A stretch in which the clocks stood still, and for whom."""

    __tablename__ = "pause"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    waiting_for: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = _text()
    started_at: Mapped[datetime] = _moment()
    ended_at: Mapped[datetime | None] = _maybe_moment()


class Photo(TenantScoped, Base):
    """A picture: `raw` is what was sent, `full` and `thumb` what the worker made of it."""

    __tablename__ = "photo"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID | None]
    stage: Mapped[str] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = _text("waiting")
    reason: Mapped[str] = _text()
    mimetype: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[str] = _text()
    full: Mapped[str] = _text()
    thumb: Mapped[str] = _text()
    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    taken_at: Mapped[datetime | None] = _maybe_moment()
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime] = _moment()


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
    response: Mapped[dict[str, Any]] = _json()
    created_at: Mapped[datetime] = _moment()


class Category(TenantScoped, Base):
    """A kind of matter, with the words that speak for it and the question that decides who owns it."""

    __tablename__ = "category"
    __table_args__ = LAPOR

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    group_name: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = _text()
    examples: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    urgency: Mapped[str] = _text("normal")
    advice: Mapped[str] = _text()
    confidential: Mapped[bool] = mapped_column(default=False)
    national_main: Mapped[str] = _text()
    national_sub: Mapped[str] = _text()
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = _text()


class RoutingRule(TenantScoped, Base):
    """Who owns what since when: empty category, area or kind means any."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("area_code", to="core.area.code"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    category_code: Mapped[str | None] = mapped_column(Text)
    area_code: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID]
    priority: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = _text()
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = _text()
    evidence: Mapped[str] = _text()


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
    unit: Mapped[str] = _text("wd")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = _text()
    evidence: Mapped[str] = _text()
