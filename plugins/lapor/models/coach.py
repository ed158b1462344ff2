"""What a kind of matter asks, hints and reasons of a government; answers, questions asked, corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Float, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class QuestionRow(TenantScoped, Base):
    """An extra question of a category or of all below a prefix. `version` grows with each change."""

    __tablename__ = "question"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    category: Mapped[str] = words()
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = words()
    options: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    required: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=False)
    sort: Mapped[int] = mapped_column(Integer, default=100)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str] = words()
    version: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's name, never changed


class HintRow(TenantScoped, Base):
    """What a report may still lack: `when` says how that is noticed, `words` and `amount` belong to it."""

    __tablename__ = "hint"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    category: Mapped[str] = words()
    code: Mapped[str] = mapped_column(Text)
    when: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = words()
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)


class ReasonRow(TenantScoped, Base):
    """Why a case is archived, returned or held; `step` and `link` are the remedy of one tap."""

    __tablename__ = "reason"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = words()
    link: Mapped[str] = words()
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class AnswerRow(TenantScoped, Base):
    """An answer, with the question as it was asked. Of one question only the newest is current."""

    __tablename__ = "answer"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("question_id", to="lapor.question"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    question_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    asked: Mapped[dict[str, Any]] = facts()
    value: Mapped[list[str]] = mapped_column(ARRAY(Text))
    public: Mapped[bool] = mapped_column(default=False)
    current: Mapped[bool] = mapped_column(default=True)
    answered_by: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = moment()
    event_id: Mapped[UUID | None]


class AskedRow(TenantScoped, Base):
    """One wait for the reporter: what was asked, until when, and how it ended."""

    __tablename__ = "asked"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = moment()
    due_on: Mapped[date] = mapped_column(Date)
    reminded_at: Mapped[datetime | None] = maybe_moment()
    ended_at: Mapped[datetime | None] = maybe_moment()
    outcome: Mapped[str] = words()


class RevisionRow(TenantScoped, Base):
    """A report as it stood before its reporter corrected it. Rows are added, never changed."""

    __tablename__ = "revision"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str] = words()
    area_code: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    at: Mapped[datetime] = moment()
