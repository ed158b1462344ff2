"""The vault's tables: keys, persons, what was locked, who looked, and who asked to look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class VaultKey(TenantScoped, Base):
    """A key of the government, wrapped by the host's. `use` wrap: locks persons' keys; index: makes tags.

    `wrapped` is empty once the key is retired: nothing that it locked can be opened again.
    """

    __tablename__ = "vault_key"
    __table_args__ = LAPOR

    use: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = moment()
    retired_at: Mapped[datetime | None] = maybe_moment()


class VaultPerson(TenantScoped, Base):
    """One person's key, wrapped by a version of the government's; empty once it was destroyed.

    `link` is a tag by which a later report of the same person finds this key; none for one who
    wants to stay unknown.
    """

    __tablename__ = "vault_person"
    __table_args__ = LAPOR

    id: Mapped[UUID] = key()
    key_version: Mapped[int] = mapped_column(Integer)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    link: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = moment()
    erased_at: Mapped[datetime | None] = maybe_moment()


class VaultContact(TenantScoped, Base):
    """What a reporter left with one case, each field locked with the person's key, and tags to search by."""

    __tablename__ = "vault_contact"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("person_id", to="lapor.vault_person"),
        LAPOR,
    )

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    phone: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    email: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    nik: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    phone_tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    nik_tag: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = moment()
    erased_at: Mapped[datetime | None] = maybe_moment()
    erased_how: Mapped[str] = words()


class VaultAccess(TenantScoped, Base):
    """One look at who reported, or a search for it. Rows are added, never changed, and hold no value."""

    __tablename__ = "vault_access"
    __table_args__ = (
        tenant_fk("complaint_id", to="lapor.complaint"),
        tenant_fk("agency_id", to="core.agency"),
        LAPOR,
    )

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    role: Mapped[str] = words()
    agency_id: Mapped[UUID | None]
    purpose: Mapped[str] = words()
    at: Mapped[datetime] = moment()


class VaultRequest(TenantScoped, Base):
    """A wish to see who blew the whistle, which another officer has to grant. Opened once."""

    __tablename__ = "vault_request"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = words("asked")
    asked_by: Mapped[UUID]
    asked_role: Mapped[str] = words()
    asked_at: Mapped[datetime] = moment()
    decided_by: Mapped[UUID | None]
    decided_role: Mapped[str] = words()
    decided_at: Mapped[datetime | None] = maybe_moment()
    ends_at: Mapped[datetime] = moment()
