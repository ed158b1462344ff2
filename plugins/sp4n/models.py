"""What this plugin keeps: where a category goes in the national tree, and the last trial."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now

SP4N = {"schema": "sp4n"}


class CategoryMap(TenantScoped, Base):
    """The national pair of one of our categories, as the desk set it; "" and "": not mapped on purpose.

    A category without a row keeps what the government's categories.csv says.
    """

    __tablename__ = "category_map"
    __table_args__ = SP4N

    id: Mapped[UUID] = key()
    category: Mapped[str] = mapped_column(Text)
    main: Mapped[str] = mapped_column(Text, default="")
    sub: Mapped[str] = mapped_column(Text, default="")


class Trial(TenantScoped, Base):
    """A trial of the connection: asked for at the desk, done by a job. `ok` None while it runs."""

    __tablename__ = "trial"
    __table_args__ = SP4N

    id: Mapped[UUID] = key()
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ok: Mapped[bool | None] = mapped_column(Boolean)
    said: Mapped[str] = mapped_column(Text, default="")
