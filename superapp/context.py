"""Who acts, and for which tenant.

A scope is the only door to data. `tenant_scope` opens one tenant, `platform_scope` only the two
platform tables; without a scope every query raises `NoTenant`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import structlog


class NoTenant(RuntimeError):
    """A query or a tenant question was asked outside of a tenant scope."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A government, as every layer sees it. Never an ORM row, so it can be cached."""

    id: int
    slug: str
    name: str
    short_code: str
    timezone: str = "Asia/Jakarta"
    locale: str = "id"
    status: str = "live"
    host: str = ""
    region_code: str = ""
    enabled: frozenset[str] = frozenset()
    theme: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `name` is a role name for officers, never a person's."""

    kind: Literal["anonymous", "officer", "api", "system"] = "anonymous"
    id: UUID | None = None
    name: str = ""
    permissions: frozenset[str] = frozenset()
    agency_id: UUID | None = None
    area_codes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    session_id: UUID | None = None
    must: str = ""  # "password" or "second_factor": what has to be done before anything else

    def may(self, permission: str) -> bool:
        """True when the actor holds the permission; the system holds all of them."""
        return self.kind == "system" or permission in self.permissions


ANONYMOUS = Actor()
SYSTEM = Actor(kind="system", name="Sistem")
Role = Literal["app", "ops"]


@dataclass(eq=False, slots=True)
class Scope:
    """One opened door: identity-hashed, so that each scope has its own session."""

    tenant: Tenant | None
    actor: Actor
    reason: str = ""
    role: Role = "app"
    resources: dict[str, Any] = field(default_factory=dict)
    closing: list[Callable[[], None]] = field(default_factory=list)


_scope: ContextVar[Scope | None] = ContextVar("superapp_scope", default=None)
_clock: ContextVar[Callable[[], datetime] | None] = ContextVar("superapp_clock", default=None)


def scope() -> Scope | None:
    """The scope that is open here, or None."""
    return _scope.get()


def current_tenant() -> Tenant:
    """The tenant of the open scope. Raises NoTenant outside of one."""
    here = _scope.get()
    if here is None or here.tenant is None:
        raise NoTenant("No tenant scope is open: wrap the work in tenant_scope(tenant).")
    return here.tenant


def current_actor() -> Actor:
    """Who acts in the open scope; nobody in particular outside of one."""
    here = _scope.get()
    return here.actor if here else ANONYMOUS


def set_actor(actor: Actor) -> None:
    """Tell the open scope who acts, once the edge has found out."""
    here = _scope.get()
    if here is None:
        raise NoTenant("An actor belongs to an open scope.")
    here.actor = actor


@contextmanager
def tenant_scope(tenant: Tenant, actor: Actor = ANONYMOUS, *, role: Role = "app") -> Iterator[Scope]:
    """Open the door of one tenant: a fresh session, the tenant on every log line.

    Opening the same tenant again inside joins the open scope; another tenant raises RuntimeError.
    """
    outer = _scope.get()
    if outer is not None:
        if outer.tenant is None or outer.tenant.id != tenant.id:
            raise RuntimeError(
                f"The scope of {outer.tenant.slug if outer.tenant else 'the platform'} is open; "
                f"close it before opening {tenant.slug}."
            )
        yield outer
        return
    yield from _open(Scope(tenant, actor, role=role), tenant=tenant.slug)


@contextmanager
def platform_scope(reason: str, *, role: Role = "app") -> Iterator[Scope]:
    """Open the platform tables only; tenant rows stay invisible. `reason` goes to the log."""
    if _scope.get() is not None:
        raise RuntimeError("A scope is open already; the platform is asked outside of tenants.")
    yield from _open(Scope(None, SYSTEM, reason, role), platform=reason)


def _open(opened: Scope, **log_fields: str) -> Iterator[Scope]:
    token = _scope.set(opened)
    bound = structlog.contextvars.bind_contextvars(**log_fields)
    try:
        yield opened
    finally:
        for close in reversed(opened.closing):
            close()
        structlog.contextvars.reset_contextvars(**bound)
        _scope.reset(token)


def now() -> datetime:
    """This moment in UTC; `at_time` may move it for sample data and rehearsals."""
    moved = _clock.get()
    return moved() if moved else datetime.now(UTC)


@contextmanager
def at_time(moment: datetime) -> Iterator[None]:
    """Do the enclosed work as if it were `moment` (an aware datetime)."""
    token = _clock.set(lambda: moment)
    try:
        yield
    finally:
        _clock.reset(token)
