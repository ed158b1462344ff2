"""Two kinds of table and no third: rows of one tenant, rows of the platform."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from superapp.context import current_tenant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model of the host and of plugins."""

    metadata = MetaData(naming_convention=NAMES)


class Platform:
    """Marks the few tables that belong to no tenant: tenant and host name."""


class TenantScoped:
    """Marks a tenant's table: `tenant_id` leads its keys and is filled from the open scope."""

    tenant_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, sort_order=-100, default=lambda: current_tenant().id
    )


def new_id() -> UUID:
    """A fresh UUIDv7: made by the app, sorted by time."""
    return uuid7()


def key() -> Mapped[UUID]:
    """The second half of a primary key (tenant_id, id)."""
    return mapped_column(Uuid, primary_key=True, default=new_id, sort_order=-99)


def tenant_fk(*columns: str, to: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the tenant: (tenant_id, columns) -> to (tenant_id, ...).

    `to` is "schema.table" for its id or "schema.table.column[,column]" for another unique key.
    """
    schema, table, *rest = to.split(".")
    targets = rest[0].split(",") if rest else ["id"]
    return ForeignKeyConstraint(
        ["tenant_id", *columns],
        [f"{schema}.{table}.{name}" for name in ("tenant_id", *targets)],
        **options,
    )
