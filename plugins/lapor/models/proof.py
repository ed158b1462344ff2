"""What speaks for and against a proof: fingerprints, documents, findings, covered photos, audits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, facts, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class Fingerprint(TenantScoped, Base):
    """What a ready photo shows, in 64 bits and four bands; null for a blank picture."""

    __tablename__ = "fingerprint"
    __table_args__ = (
        tenant_fk("photo_id", to="lapor.photo"),
        tenant_fk("complaint_id", to="lapor.complaint"),
        LAPOR,
    )

    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID]
    phash: Mapped[int | None] = mapped_column(BigInteger)
    dhash: Mapped[int | None] = mapped_column(BigInteger)
    band_1: Mapped[int | None] = mapped_column(SmallInteger)
    band_2: Mapped[int | None] = mapped_column(SmallInteger)
    band_3: Mapped[int | None] = mapped_column(SmallInteger)
    band_4: Mapped[int | None] = mapped_column(SmallInteger)
    made_at: Mapped[datetime] = moment()


class Document(TenantScoped, Base):
    """A PDF that proves an answer, kept as it was sent; `state` says what the worker found."""

    __tablename__ = "document"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID | None]
    state: Mapped[str] = words("waiting")
    reason: Mapped[str] = words()
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    file: Mapped[str] = mapped_column(Text)
    pages: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = moment()


class ProofFinding(TenantScoped, Base):
    """A suspicion about one photo or document; `key` keeps a repeat from writing it twice."""

    __tablename__ = "finding"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("other_id", to="lapor.complaint"),
        tenant_fk("photo_id", to="lapor.photo"),
        tenant_fk("document_id", to="lapor.document"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    photo_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    other_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    weight: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]] = facts()
    state: Mapped[str] = words("open")
    reason: Mapped[str] = words()
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    resolved_at: Mapped[datetime | None] = maybe_moment()
    created_at: Mapped[datetime] = moment()


class Redaction(TenantScoped, Base):
    """Parts of a photo that are covered: `areas` in shares of the picture; undone, never deleted."""

    __tablename__ = "redaction"
    __table_args__ = (tenant_fk("photo_id", to="lapor.photo"), LAPOR)

    id: Mapped[UUID] = key()
    photo_id: Mapped[UUID]
    areas: Mapped[list[list[float]]] = mapped_column(JSONB)
    state: Mapped[str] = words("waiting")
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    reason: Mapped[str] = words()
    created_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = maybe_moment()


class Audit(TenantScoped, Base):
    """A closing that an auditor looks at, and the verdict. One row for each closing that was drawn."""

    __tablename__ = "audit"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    agency_id: Mapped[UUID | None]
    cause: Mapped[str] = mapped_column(Text)
    closed_how: Mapped[str] = mapped_column(Text)
    rate: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = words()
    reason: Mapped[str] = words()
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = words()
    drawn_at: Mapped[datetime] = moment()
    judged_at: Mapped[datetime | None] = maybe_moment()
