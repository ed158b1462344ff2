"""Reports of the same incident, what likeness is found by, and who gathered or parted them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Float, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, new_id, tenant_fk


class Likeness(TenantScoped, Base):
    """What a report is compared by. One row a complaint; `live` while its case is open.

    `cell` is its H3 cell of resolution 9, `street`, `digest` and the two bands are hashes of 64 bits.
    """

    __tablename__ = "likeness"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell: Mapped[int | None] = mapped_column(BigInteger)
    street: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[int | None] = mapped_column(BigInteger)
    band_a: Mapped[int | None] = mapped_column(BigInteger)
    band_b: Mapped[int | None] = mapped_column(BigInteger)
    category_code: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    spot: Mapped[str] = words()
    words: Mapped[str] = words()
    live: Mapped[bool] = mapped_column(default=True)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Incident(TenantScoped, Base):
    """What several reports are about. `lead_id` is the report that is handled for all of them; `led_id`,
    a UUIDv7 like the ids of events, says since when.

    `ended_at` is set while none of its cases is open, `dissolved_at` when it holds no two any more.
    """

    __tablename__ = "incident"
    __table_args__ = (tenant_fk("lead_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    lead_id: Mapped[UUID]
    secret: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = moment()
    led_id: Mapped[UUID] = mapped_column(default=new_id)
    changed_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = maybe_moment()
    dissolved_at: Mapped[datetime | None] = maybe_moment()


class IncidentDeed(TenantScoped, Base):
    """One gathering or parting: what stood there before, and a digest of each thing it left behind."""

    __tablename__ = "incident_deed"
    __table_args__ = (tenant_fk("incident_id", to="lapor.incident"), LAPOR)

    id: Mapped[UUID] = key()
    incident_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    numbers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    reason: Mapped[str] = words()
    before: Mapped[dict[str, Any]] = facts()
    after: Mapped[dict[str, Any]] = facts()
    at: Mapped[datetime] = moment()
    undone_at: Mapped[datetime | None] = maybe_moment()
    undone_by: Mapped[UUID | None]
    undone_name: Mapped[str] = words()


class Twin(TenantScoped, Base):
    """Two reports of the same text that went to different units, until somebody has looked at them."""

    __tablename__ = "twin"
    __table_args__ = (
        tenant_fk("one_id", to="lapor.complaint"),
        tenant_fk("other_id", to="lapor.complaint"),
        LAPOR,
    )

    one_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    likeness: Mapped[int] = mapped_column(Integer)
    found_at: Mapped[datetime] = moment()
    settled_at: Mapped[datetime | None] = maybe_moment()
    how: Mapped[str] = words()
    reason: Mapped[str] = words()
    settled_by: Mapped[UUID | None]
    settled_name: Mapped[str] = words()
