"""Deliveries: enough to send nothing twice and to see what went wrong, no words of any message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, now


class Delivery(TenantScoped, Base):
    """One message by its key. `address` is shortened ("a…@example.org"), `address_hash` keyed.

    States: sending · sent · failed (will be tried again) · refused (never will) · skipped (delivery
    is off) · unknown: the worker or the line died after the message was handed over and before the
    server's answer was kept. An unknown one is not sent again, because it may have arrived.
    """

    __tablename__ = "delivery"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    address_hash: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
