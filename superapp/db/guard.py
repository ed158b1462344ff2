"""The second wall beside Row Level Security: ORM criteria, and a check of every flushed row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from superapp.context import NoTenant, scope
from superapp.db.base import TenantScoped
from superapp.db.engine import ScopedSession


class ForeignRow(RuntimeError):
    """A row of another tenant was about to be written."""


def install() -> None:
    """Listen once per process; a second call changes nothing."""
    if not event.contains(ScopedSession, "do_orm_execute", _narrow):
        event.listen(ScopedSession, "do_orm_execute", _narrow)
        event.listen(ScopedSession, "before_flush", _check)


def remove() -> None:
    """Take the wall away: only the mutation test does, to see that the other one holds."""
    event.remove(ScopedSession, "do_orm_execute", _narrow)
    event.remove(ScopedSession, "before_flush", _check)


def _narrow(state: ORMExecuteState) -> None:
    here = scope()
    if here is None:
        raise NoTenant("An ORM query was sent outside of any scope.")
    if here.tenant is None or state.is_column_load or state.is_relationship_load:
        return
    tenant_id = here.tenant.id
    state.statement = state.statement.options(
        with_loader_criteria(TenantScoped, lambda row: row.tenant_id == tenant_id, include_aliases=True)
    )


def _check(session: Session, context: Any, instances: Any) -> None:
    here = scope()
    tenant_id = here.tenant.id if here and here.tenant else None
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantScoped):
            continue
        if tenant_id is None:
            raise NoTenant(f"{type(row).__name__} belongs to a tenant, but no tenant scope is open.")
        if row.tenant_id is None:
            row.tenant_id = tenant_id
        if row.tenant_id != tenant_id:
            raise ForeignRow(f"{type(row).__name__} of tenant {row.tenant_id} in the scope of {tenant_id}.")
