"""How the desk works: what officers prepare, share and may take back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk

OF_CASE = ("complaint_id", "lapor.complaint")


class Template(TenantScoped, Base):
    """A text to begin with, for one field of the desk; of the whole desk, or of one unit."""

    __tablename__ = "template"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    body: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class Macro(TenantScoped, Base):
    """Several steps at once, in the order of the columns; an empty text leaves its step out."""

    __tablename__ = "macro"
    __table_args__ = (
        tenant_fk("category_code", to="lapor.category.code"),
        tenant_fk("set_category", to="lapor.category.code"),
        tenant_fk("agency_id", to="core.agency"),
        tenant_fk("to_agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID | None]
    take: Mapped[bool] = mapped_column(default=False)
    verify: Mapped[bool] = mapped_column(default=False)
    set_category: Mapped[str | None] = mapped_column(Text)
    dispose: Mapped[str] = words("no")
    to_agency_id: Mapped[UUID | None]
    instruction: Mapped[str] = words()
    progress: Mapped[str] = words()
    note: Mapped[str] = words()
    question: Mapped[str] = words()
    hold_reason: Mapped[str] = words()
    archive_reason: Mapped[str] = words()
    archive_rule: Mapped[str] = words()
    archive_remedy: Mapped[str] = words()
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class CheckItem(TenantScoped, Base):
    """Something to make sure of; `before_action` names the step that waits for it, None for none."""

    __tablename__ = "check_item"
    __table_args__ = (tenant_fk("category_code", to="lapor.category.code"), LAPOR)

    id: Mapped[UUID] = key()
    code: Mapped[str] = mapped_column(Text)
    category_code: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    before_action: Mapped[str | None] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer, default=100)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = words()


class CheckTick(TenantScoped, Base):
    """An item that was made sure of on a case, by which role and when."""

    __tablename__ = "check_tick"
    __table_args__ = (
        tenant_fk(OF_CASE[0], to=OF_CASE[1]),
        tenant_fk("item_id", to="lapor.check_item"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    at: Mapped[datetime] = moment()


class Link(TenantScoped, Base):
    """Two cases that have to do with each other; `complaint_id` follows, or was caused by, the other."""

    __tablename__ = "link"
    __table_args__ = (
        tenant_fk(OF_CASE[0], to=OF_CASE[1]),
        tenant_fk("other_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    other_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = moment()


class Mention(TenantScoped, Base):
    """A unit or a role that a note names. `opens` lets the unit read the case."""

    __tablename__ = "mention"
    __table_args__ = (
        tenant_fk(OF_CASE[0], to=OF_CASE[1]),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    agency_id: Mapped[UUID | None]
    role: Mapped[str] = words()
    opens: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = moment()
    read_at: Mapped[datetime | None] = maybe_moment()


class TextDraft(TenantScoped, Base):
    """A text being written on a case. `owner_id` is the unit that shares it, or the officer without one."""

    __tablename__ = "draft"
    __table_args__ = (
        tenant_fk(OF_CASE[0], to=OF_CASE[1]),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    officer_id: Mapped[UUID]
    actor_name: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    updated_at: Mapped[datetime] = moment()


class SavedView(TenantScoped, Base):
    """Box, filters and order under a name; of its maker, the unit, or the whole desk."""

    __tablename__ = "saved_view"
    __table_args__ = (tenant_fk("agency_id", to="core.agency"), LAPOR)

    id: Mapped[UUID] = key()
    title: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[UUID]
    agency_id: Mapped[UUID | None]
    shared: Mapped[str] = words("own")
    query: Mapped[dict[str, Any]] = facts()
    made_at: Mapped[datetime] = moment()


class FirstView(TenantScoped, Base):
    """The view with which an officer's day begins."""

    __tablename__ = "first_view"
    __table_args__ = (tenant_fk("view_id", to="lapor.saved_view"), LAPOR)

    officer_id: Mapped[UUID] = mapped_column(primary_key=True)
    view_id: Mapped[UUID]


class Presence(TenantScoped, Base):
    """Who has a case open now, and what they write. Worth nothing after two minutes."""

    __tablename__ = "presence"
    __table_args__ = LAPOR

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_name: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    seen_at: Mapped[datetime] = moment()
    editing: Mapped[str] = words()
    editing_at: Mapped[datetime | None] = maybe_moment()


class UndoEntry(TenantScoped, Base):
    """What one step changed, row by row, so that it can be taken back. `fixed` ones say why they cannot."""

    __tablename__ = "undo"
    __table_args__ = (tenant_fk(OF_CASE[0], to=OF_CASE[1]), LAPOR)

    id: Mapped[UUID] = key()
    batch_id: Mapped[UUID]
    complaint_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    event_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(Integer)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    figures: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    reason: Mapped[str] = words()
    told: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = maybe_moment()
