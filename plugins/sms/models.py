"""Messages in and out, who wants none, and what was spent; words only while they are needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, new_id, now


class Heard(TenantScoped, Base):
    """One message of a citizen. `mark` is a keyed hash of the gateway's id, or of the message itself where
    there is none. States: waiting · done · old · limited · failed. `sealed` is empty once it is taken in."""

    __tablename__ = "heard"
    __table_args__ = {"schema": "sms"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mark: Mapped[str] = mapped_column(Text)
    sender_hash: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Outgoing(TenantScoped, Base):
    """One message of ours, by its `key`. `sealed` holds number and words until it is sent or given up.

    States: waiting · sending · sent · unknown (it may have arrived and cost; not repeated) · failed
    (parked: an officer decides) · capped (too dear) · stopped (its owner wants none) · undeliverable ·
    skipped (SMS is off) · dropped. `cost` in rupiah, 0 for what surely did not go out.
    """

    __tablename__ = "outgoing"
    __table_args__ = {"schema": "sms"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(Text)
    to_hash: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(Text, default="")
    essential: Mapped[bool] = mapped_column(Boolean, default=False)
    sealed: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    cost: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Peer(TenantScoped, Base):
    """A number whose owner wrote STOP: no notices until it writes MULAI."""

    __tablename__ = "peer"
    __table_args__ = {"schema": "sms"}  # noqa: RUF012 - what SQLAlchemy expects

    address_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Meter(TenantScoped, Base):
    """What was spent in a period: `D2026-11-26` or `M2026-11` in the tenant's own time. `who` is the hash
    of a number, "" for all numbers together. `spent` in rupiah."""

    __tablename__ = "meter"
    __table_args__ = {"schema": "sms"}  # noqa: RUF012 - what SQLAlchemy expects

    period: Mapped[str] = mapped_column(Text, primary_key=True)
    who: Mapped[str] = mapped_column(Text, primary_key=True)
    spent: Mapped[int] = mapped_column(Integer, default=0)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    messages: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
