"""A government and what it is made of: agencies, areas, holidays, switched plugins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Float, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.db.base import Base, Platform, TenantScoped, key, tenant_fk

CORE = {"schema": "core"}


class TenantRow(Platform, Base):
    """A government; `theme` holds its derived colours, `profile` the rest of tenant.toml."""

    __tablename__ = "tenant"
    __table_args__ = CORE

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    short_code: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(Text, default="")
    timezone: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text, default="id")
    status: Mapped[str] = mapped_column(Text, default="live")
    theme: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    profile: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class HostName(Platform, Base):
    """A host name and the tenant that answers there; one is primary."""

    __tablename__ = "host_name"
    __table_args__ = CORE

    host: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(BigInteger)
    is_primary: Mapped[bool] = mapped_column(default=False)


class Agency(TenantScoped, Base):
    """A unit that can own a matter: office, district, village, company, or an outside owner."""

    __tablename__ = "agency"
    __table_args__ = (tenant_fk("parent_id", to="core.agency"), CORE)

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[UUID | None]
    is_external: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")


class Area(TenantScoped, Base):
    """A kecamatan or village (of a province: a kabupaten or kota), with one point (degrees, WGS 84)."""

    __tablename__ = "area"
    __table_args__ = CORE

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str] = mapped_column(Text, default="")


class Holiday(TenantScoped, Base):
    """A day of the tenant's own calendar; `stops_clock` says whether time limits stand still."""

    __tablename__ = "holiday"
    __table_args__ = CORE

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, default="local")
    stops_clock: Mapped[bool] = mapped_column(default=True)
    document: Mapped[str] = mapped_column(Text, default="")


class HeardLetter(TenantScoped, Base):
    """A letter of another government that was read here; one that comes again counts no more."""

    __tablename__ = "heard_letter"
    __table_args__ = CORE

    sender_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    letter: Mapped[str] = mapped_column(Text, primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AppliedRow(TenantScoped, Base):
    """What `tenant apply` last wrote for one row of one file; a differing row was changed at the desk."""

    __tablename__ = "applied_row"
    __table_args__ = CORE

    file: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)


class TenantPlugin(TenantScoped, Base):
    """A plugin that a tenant has met: switched on or off, with its settings."""

    __tablename__ = "tenant_plugin"
    __table_args__ = CORE

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
