"""Host name -> tenant, from the platform tables through a memory in each process.

A copy is good until something about any tenant changed: whoever changes it raises one stamp in the
same transaction (`touch`), and each process looks at the stamp every five seconds. So a thousand
governments cost a process one look in five seconds, not one read each.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from superapp.context import Tenant, platform_scope
from superapp.db.engine import session
from superapp.tenancy.models import HostName, TenantPlugin, TenantRow

LOOK_SECONDS = 5.0
CAPACITY = 4096
STAMP = text("SELECT stamp FROM core.revision WHERE name = 'tenants'")
TOUCH = text("UPDATE core.revision SET stamp = stamp + 1 WHERE name = 'tenants'")


@dataclass(slots=True)
class _Copies:
    """What was read, and under which stamp it was asked for: one that rose meanwhile makes it old."""

    entries: OrderedDict[str, tuple[int, Tenant | None]] = field(default_factory=OrderedDict)
    stamp: int = 0
    look_again: float = 0.0  # on the monotonic clock
    lock: threading.Lock = field(default_factory=threading.Lock)


_copies = _Copies()


def by_host(host: str) -> Tenant | None:
    """The live tenant that answers on `host` (without port), at most 5 s behind; None when unknown."""
    found = _cached(f"host:{host}")
    if found is not None:
        return found[1]
    stamp = _copies.stamp
    with platform_scope("resolve host"):
        tenant = _load(session(), HostName.host == host)
    return _keep(f"host:{host}", stamp, tenant)


def by_slug(slug: str, *, fresh: bool = False) -> Tenant | None:
    """The tenant of this slug, live or not."""
    found = None if fresh else _cached(f"slug:{slug}")
    if found is not None:
        return found[1]
    stamp = _copies.stamp
    with platform_scope("resolve slug"):
        tenant = _load(session(), TenantRow.slug == slug)
    return _keep(f"slug:{slug}", stamp, tenant)


def by_id(tenant_id: int) -> Tenant | None:
    """The tenant of this id, as jobs name it."""
    found = _cached(f"id:{tenant_id}")
    if found is not None:
        return found[1]
    stamp = _copies.stamp
    with platform_scope("resolve id"):
        tenant = _load(session(), TenantRow.id == tenant_id)
    return _keep(f"id:{tenant_id}", stamp, tenant)


def slugs(*, live: bool = True) -> list[str]:
    """All tenants' slugs in order."""
    query = select(TenantRow.slug).order_by(TenantRow.slug)
    if live:
        query = query.where(TenantRow.status == "live")
    with platform_scope("list tenants"):
        return list(session().scalars(query))


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    with _copies.lock:
        _copies.entries.clear()
        _copies.look_again = 0.0


def touch(opened: Session) -> None:
    """Tell every process that a tenant changes, once the transaction of `opened` is committed."""
    opened.execute(TOUCH)


def _cached(name: str) -> tuple[int, Tenant | None] | None:
    if time.monotonic() >= _copies.look_again:
        _look()
    found = _copies.entries.get(name)
    return found if found is not None and found[0] == _copies.stamp else None


def _look() -> None:
    """Read the stamp; while one thread looks, the others go on with what they have."""
    if not _copies.lock.acquire(blocking=_copies.look_again == 0.0):
        return
    try:
        with platform_scope("look for changed tenants"):
            _copies.stamp = session().execute(STAMP).scalar_one()
        _copies.look_again = time.monotonic() + LOOK_SECONDS
    finally:
        _copies.lock.release()


def _keep(name: str, stamp: int, tenant: Tenant | None) -> Tenant | None:
    with _copies.lock:
        _copies.entries[name] = (stamp, tenant)
        _copies.entries.move_to_end(name)
        while len(_copies.entries) > CAPACITY:
            _copies.entries.popitem(last=False)
    return tenant


def _load(opened: Session, condition: Any) -> Tenant | None:
    query = (
        select(TenantRow, HostName.host)
        .outerjoin(HostName, HostName.tenant_id == TenantRow.id)
        .where(condition)
        .order_by(HostName.is_primary.desc().nulls_last())
        .limit(1)
    )
    found = opened.execute(query).first()
    if found is None:
        return None
    row, host = found
    # The switches are the tenant's own rows: the same transaction looks through its window.
    opened.execute(text(f"SET LOCAL app.tenant_id = '{int(row.id)}'"))
    plugins = opened.execute(
        select(TenantPlugin.name, TenantPlugin.enabled, TenantPlugin.settings).where(
            TenantPlugin.tenant_id == row.id
        )
    ).all()
    return Tenant(
        id=row.id,
        slug=row.slug,
        name=row.name,
        short_code=row.short_code,
        timezone=row.timezone,
        locale=row.locale,
        status=row.status,
        host=host or "",
        region_code=row.region_code,
        enabled=frozenset(name for name, enabled, _ in plugins if enabled),
        theme=MappingProxyType(row.theme),
        profile=MappingProxyType(row.profile),
        settings=MappingProxyType({name: settings for name, _, settings in plugins}),
    )
