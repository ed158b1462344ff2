"""Who wants to hear of what, and what became of each message."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now, tenant_fk

WEBHOOK = {"schema": "webhook"}


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), default=now)


def _maybe_moment() -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True))


class Subscription(TenantScoped, Base):
    """An address that wants to hear of some kinds of events. `secret` is sealed.

    `old_secret`, sealed too, still signs beside the new one until `old_until`; "" when there is none.

    `failures` counts those in a row; after five the address rests until `rests_until`, longer each
    time, so that one dead server costs nobody anything.
    """

    __tablename__ = "subscription"
    __table_args__ = WEBHOOK

    id: Mapped[UUID] = key()
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret: Mapped[str] = mapped_column(Text)
    old_secret: Mapped[str] = mapped_column(Text, default="")
    old_until: Mapped[datetime | None] = _maybe_moment()
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    rests_until: Mapped[datetime | None] = _maybe_moment()
    created_at: Mapped[datetime] = _moment()
    ended_at: Mapped[datetime | None] = _maybe_moment()


class Delivery(TenantScoped, Base):
    """One message for one address. Its id is the message's own, the same at every try.

    States: waiting · sent · dead (every try failed; the desk may send it again) · dropped (the
    subscription ended or the desk skipped it, with the reason).
    """

    __tablename__ = "delivery"
    __table_args__ = (tenant_fk("subscription_id", to="webhook.subscription"), WEBHOOK)

    id: Mapped[UUID] = key()
    subscription_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = _moment()
    due_at: Mapped[datetime] = _moment()
    tried_at: Mapped[datetime | None] = _maybe_moment()
