"""Who may do what: officers, roles, sign-ins, API keys, the audit trail and the rate counters."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.context import now
from superapp.db.base import Base, TenantScoped, key, tenant_fk

CORE = {"schema": "core"}


def _moment(*, default: bool = False) -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), default=now if default else None)


class Officer(TenantScoped, Base):
    """One who works at the desk. `name` is the function ("Koordinator"), `login` is in lower case."""

    __tablename__ = "officer"
    __table_args__ = (tenant_fk("agency_id", to="core.agency"), CORE)

    id: Mapped[UUID] = key()
    login: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    password_hash: Mapped[str] = mapped_column(Text)
    must_change: Mapped[bool] = mapped_column(default=True)
    totp_required: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str] = mapped_column(Text, default="")  # sealed; empty until set up
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)  # the last 30 s step that was used
    recovery: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # keyed hashes
    shortcuts: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = _moment(default=True)


class Role(TenantScoped, Base):
    """A bundle of permissions. `seeded` remembers what was ever offered, so that a removed one stays away."""

    __tablename__ = "role"
    __table_args__ = CORE

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    seeded: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)


class Assignment(TenantScoped, Base):
    """An officer's role, for an agency or an area when one is named."""

    __tablename__ = "assignment"
    __table_args__ = (
        tenant_fk("officer_id", to="core.officer"),
        tenant_fk("role_code", to="core.role.code"),
        tenant_fk("agency_id", to="core.agency"),
        tenant_fk("area_code", to="core.area.code"),
        CORE,
    )

    id: Mapped[UUID] = key()
    officer_id: Mapped[UUID]
    role_code: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    area_code: Mapped[str | None] = mapped_column(Text)


class LoginSession(TenantScoped, Base):
    """A sign-in. `verified` is false between the password and the second factor."""

    __tablename__ = "login_session"
    __table_args__ = (tenant_fk("officer_id", to="core.officer", ondelete="CASCADE"), CORE)

    id: Mapped[UUID] = key()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    officer_id: Mapped[UUID]
    verified: Mapped[bool] = mapped_column(default=False)
    agent: Mapped[str] = mapped_column(Text, default="")
    address_hash: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = _moment(default=True)
    seen_at: Mapped[datetime] = _moment(default=True)
    expires_at: Mapped[datetime] = _moment()


class ApiKey(TenantScoped, Base):
    """A machine's key: shown once, kept as a hash, found by its prefix."""

    __tablename__ = "api_key"
    __table_args__ = (
        tenant_fk("created_by", to="core.officer"),
        tenant_fk("agency_id", to="core.agency"),
        CORE,
    )

    id: Mapped[UUID] = key()
    prefix: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    agency_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = _moment(default=True)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Audit(TenantScoped, Base):
    """What was done, by whom, to which thing. The web role can only add and read."""

    __tablename__ = "audit"
    __table_args__ = CORE

    id: Mapped[UUID] = key()
    at: Mapped[datetime] = _moment(default=True)
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text)
    object_type: Mapped[str] = mapped_column(Text, default="")
    object_id: Mapped[str] = mapped_column(Text, default="")
    request_id: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Rate(TenantScoped, Base):
    """Hits of one key in one bucket since `started`; `key` is a keyed hash, never an address or a name."""

    __tablename__ = "rate"
    __table_args__ = CORE

    bucket: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    started: Mapped[datetime] = _moment()
    hits: Mapped[int]
