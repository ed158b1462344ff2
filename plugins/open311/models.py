"""What Open311 keeps: tokens, updates already taken, the state of the services, and servers of others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now, tenant_fk

OPEN311 = {"schema": "open311"}


class Token(TenantScoped, Base):
    """A token given instead of a number; only its digest is kept."""

    __tablename__ = "token"
    __table_args__ = OPEN311

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class TakenUpdate(TenantScoped, Base):
    """An update that a client sent under its own id, once; `said_at` is the client's time of it.

    `line_id` is the line of the story that it became.
    """

    __tablename__ = "taken_update"
    __table_args__ = OPEN311

    key_id: Mapped[UUID] = mapped_column(primary_key=True)
    update_id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    word: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    applied: Mapped[bool] = mapped_column(default=False)
    line_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Changeset(TenantScoped, Base):
    """When the services or their definitions last changed, told from their digest."""

    __tablename__ = "changeset"
    __table_args__ = OPEN311

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Server(TenantScoped, Base):
    """Another GeoReport server that cases are sent to. `api_key` is sealed, "" without one.

    `mapping` is our category to their service_code; `fixed` what is answered to their attributes, by
    service_code and attribute; `services` and `definitions` are theirs as last read. `copies` sends
    each mapped report at once, else only what is forwarded to `agency_code`. `updates`: it takes and
    gives servicerequestupdates.
    """

    __tablename__ = "server"
    __table_args__ = OPEN311

    id: Mapped[UUID] = key()
    title: Mapped[str] = mapped_column(Text)
    endpoint: Mapped[str] = mapped_column(Text)
    jurisdiction: Mapped[str] = mapped_column(Text, default="")
    api_key: Mapped[str] = mapped_column(Text, default="")
    spelling: Mapped[str] = mapped_column(Text, default="json")
    updates: Mapped[bool] = mapped_column(default=False)
    identity: Mapped[bool] = mapped_column(default=False)
    copies: Mapped[bool] = mapped_column(default=False)
    agency_code: Mapped[str] = mapped_column(Text, default="")
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    fixed: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict)
    services: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    definitions: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(JSONB, default=dict)
    destination_id: Mapped[UUID]
    fetched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fetch_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Told(TenantScoped, Base):
    """The id of an update that we sent: their list tells it again, and it is no news to us."""

    __tablename__ = "told"
    __table_args__ = (tenant_fk("server_id", to="open311.server"), OPEN311)

    server_id: Mapped[UUID] = mapped_column(primary_key=True)
    update_id: Mapped[str] = mapped_column(Text, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
