"""What a government brings: kinds of matter and who owns them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class Category(TenantScoped, Base):
    """A kind of matter, with the words that speak for it and the question that decides who owns it."""

    __tablename__ = "category"
    __table_args__ = LAPOR

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    group_name: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = words()
    examples: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    urgency: Mapped[str] = words("normal")
    advice: Mapped[str] = words()
    confidential: Mapped[bool] = mapped_column(default=False)
    supervision: Mapped[str] = words("standard")
    proof: Mapped[str] = words("none")
    national_main: Mapped[str] = words()
    national_sub: Mapped[str] = words()
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class RoutingRule(TenantScoped, Base):
    """Who owns what since when: empty category, area or kind means any."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("area_code", to="core.area.code"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    category_code: Mapped[str | None] = mapped_column(Text)
    area_code: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID]
    priority: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = words()
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()
    evidence: Mapped[str] = words()
