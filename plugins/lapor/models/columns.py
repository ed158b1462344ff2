"""What the tables of LAPOR share: their schema and the usual columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import now

LAPOR = {"schema": "lapor"}


def words(default: str = "") -> Mapped[str]:
    """A text that is never null."""
    return mapped_column(Text, default=default)


def moment() -> Mapped[datetime]:
    """A moment that is always known, in UTC."""
    return mapped_column(DateTime(timezone=True), default=now)


def maybe_moment() -> Mapped[datetime | None]:
    """A moment that may not have come yet."""
    return mapped_column(DateTime(timezone=True))


def facts() -> Mapped[dict[str, Any]]:
    """A JSON object that is never null."""
    return mapped_column(JSONB, default=dict)
