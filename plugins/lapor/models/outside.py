"""Other registers: which there are, each case's numbers there, what has to be told, what they told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models import columns
from plugins.lapor.models.columns import LAPOR, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class DestinationRow(TenantScoped, Base):
    """A register that this government is connected with; see contracts.outside.Destination.

    `failures` counts those in a row; from the fifth on it rests until `rests_until`, longer each time.
    `cursor` is where its connector goes on reading.
    """

    __tablename__ = "destination"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    plugin: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = words("auto")
    takes: Mapped[str] = words("forwarded")
    agency_code: Mapped[str] = words()
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    steps: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    identity: Mapped[bool] = mapped_column(default=False)
    repeatable: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = columns.facts()
    cursor: Mapped[dict[str, Any]] = columns.facts()
    failures: Mapped[int] = mapped_column(Integer, default=0)
    rests_until: Mapped[datetime | None] = maybe_moment()
    last_error: Mapped[str] = words()
    last_ok_at: Mapped[datetime | None] = maybe_moment()
    pulled_at: Mapped[datetime | None] = maybe_moment()
    compared_at: Mapped[datetime | None] = maybe_moment()
    created_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = maybe_moment()


class OutsideRef(TenantScoped, Base):
    """One case at one register: both ids, kept for life. `owner`: the register has it now.

    `newest_at` is the moment, there, of the newest news that changed the case here.
    """

    __tablename__ = "outside_ref"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("destination_id", to="lapor.destination"),
        LAPOR,
    )

    destination_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    foreign_id: Mapped[str] = words()
    second_id: Mapped[str] = words()
    owner: Mapped[bool] = mapped_column(default=False)
    came_from_there: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = moment()
    sent_at: Mapped[datetime | None] = maybe_moment()
    heard_at: Mapped[datetime | None] = maybe_moment()
    newest_at: Mapped[datetime | None] = maybe_moment()
    last_word: Mapped[str] = words()


class ParcelRow(TenantScoped, Base):
    """One step of a case that one register has to hear of. What it says is composed when it is sent.

    States: waiting · sending (until `sending_until`, then nobody knows) · sent · unsure (it may have
    arrived; an officer looks) · dead (refused; an officer decides) · dropped. `cause_kind` is busy,
    refused, unsure, error or the reason of a drop.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("destination_id", to="lapor.destination"),
        tenant_fk("event_id", to="lapor.event"),
        LAPOR,
    )

    destination_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(Text)
    owner: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = words("waiting")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    cause_kind: Mapped[str] = words()
    cause: Mapped[str] = words()
    how: Mapped[str] = words()
    made_at: Mapped[datetime] = moment()
    due_at: Mapped[datetime] = moment()
    tried_at: Mapped[datetime | None] = maybe_moment()
    sending_until: Mapped[datetime | None] = maybe_moment()
    sent_at: Mapped[datetime | None] = maybe_moment()


class ArrivalRow(TenantScoped, Base):
    """What a register told us, once. `applied` says that it changed the case, else `why` it did not."""

    __tablename__ = "arrival"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("destination_id", to="lapor.destination"),
        LAPOR,
    )

    destination_id: Mapped[UUID] = mapped_column(primary_key=True)
    arrival_id: Mapped[str] = mapped_column(Text, primary_key=True)
    complaint_id: Mapped[UUID | None]
    foreign_id: Mapped[str] = words()
    news: Mapped[str] = words()
    word: Mapped[str] = words()
    text: Mapped[str] = words()
    at: Mapped[datetime] = moment()
    taken_at: Mapped[datetime] = moment()
    applied: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = words()


class Difference(TenantScoped, Base):
    """Where both sides do not agree about a case, from the day it was seen until it is settled."""

    __tablename__ = "difference"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("destination_id", to="lapor.destination"),
        LAPOR,
    )

    destination_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    ours: Mapped[str] = words()
    theirs: Mapped[str] = words()
    since: Mapped[datetime] = moment()
    seen_at: Mapped[datetime] = moment()
    resolved_at: Mapped[datetime | None] = maybe_moment()
    note: Mapped[str] = words()
