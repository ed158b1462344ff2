"""Versions of the learned model, what officers decided with what was suggested, weekly reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Float, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class RoutingModel(TenantScoped, Base):
    """One version. `rows` decisions were learnt, `later` ones held back and measured; `file` is its
    name in storage ("" once it was dropped), `digest` the keyed digest of that file."""

    __tablename__ = "routing_model"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    state: Mapped[str] = words("candidate")
    basis: Mapped[str] = words("decisions")
    trained_at: Mapped[datetime] = moment()
    learnt_until: Mapped[datetime | None] = maybe_moment()
    rows: Mapped[int] = mapped_column(Integer)
    later: Mapped[int] = mapped_column(Integer, default=0)
    measures: Mapped[dict[str, Any]] = facts()
    note: Mapped[str] = words()
    file: Mapped[str] = words()
    digest: Mapped[str] = words()
    size: Mapped[int] = mapped_column(Integer, default=0)
    activated_at: Mapped[datetime | None] = maybe_moment()
    activated_by: Mapped[str] = words()
    retired_at: Mapped[datetime | None] = maybe_moment()


class RoutingDecision(TenantScoped, Base):
    """Who got a case, and which three were suggested then. `place` is that of the chosen one, 0 for
    another; `sure` the probability of the first; `source` who suggested it: rule, model, guess, a plugin."""

    __tablename__ = "routing_decision"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("model_id", to="lapor.routing_model"),
        tenant_fk("first_id", to="core.agency"),
        tenant_fk("second_id", to="core.agency"),
        tenant_fk("third_id", to="core.agency"),
        tenant_fk("chosen_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    at: Mapped[datetime] = moment()
    how: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = words("none")
    model_id: Mapped[UUID | None]
    first_id: Mapped[UUID | None]
    second_id: Mapped[UUID | None]
    third_id: Mapped[UUID | None]
    strength: Mapped[int] = mapped_column(Integer, default=0)
    sure: Mapped[float] = mapped_column(Float, default=0.0)
    chosen_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = words()
    recalled_at: Mapped[datetime | None] = maybe_moment()
    recalled_by: Mapped[str] = words()


class RoutingReport(TenantScoped, Base):
    """How good suggestions were in the four weeks up to the end of `week` (its Monday)."""

    __tablename__ = "routing_report"
    __table_args__ = LAPOR

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    made_at: Mapped[datetime] = moment()
    cases: Mapped[int] = mapped_column(Integer)
    measures: Mapped[dict[str, Any]] = facts()
    alarms: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    seen_at: Mapped[datetime | None] = maybe_moment()
