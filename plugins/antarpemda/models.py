"""What each side consents to, and which way a case has come."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, now

ANTARPEMDA = {"schema": "antarpemda"}


class Terms(TenantScoped, Base):
    """What this government consents to with the one named `slug`. Empty categories mean all.

    `send`: cases may go there; `receive`: theirs may come here. `agency_code` is the outside owner
    among the agencies that stands for them. `told` is what they were last told, "" when they have to
    be told (again).
    """

    __tablename__ = "terms"
    __table_args__ = ANTARPEMDA

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    send: Mapped[bool] = mapped_column(default=True)
    receive: Mapped[bool] = mapped_column(default=True)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    identity: Mapped[bool] = mapped_column(default=False)
    agency_code: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Heard(TenantScoped, Base):
    """What that government consents to with this one, as it last said. Not `active`: it ended its part."""

    __tablename__ = "heard"
    __table_args__ = ANTARPEMDA

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    send: Mapped[bool] = mapped_column(default=False)
    receive: Mapped[bool] = mapped_column(default=False)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    identity: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Journey(TenantScoped, Base):
    """The governments through which a case came here, the first one first; it goes on to none of them."""

    __tablename__ = "journey"
    __table_args__ = ANTARPEMDA

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    chain: Mapped[list[str]] = mapped_column(ARRAY(Text))
