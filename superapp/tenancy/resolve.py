"""Host name -> tenant, from the platform table through a short cache in each process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from superapp.context import Tenant, platform_scope
from superapp.db.engine import session
from superapp.tenancy.models import HostName, TenantPlugin, TenantRow

TTL_SECONDS = 5.0
CAPACITY = 4096

_cache: OrderedDict[str, tuple[float, Tenant | None]] = OrderedDict()
_lock = threading.Lock()


def by_host(host: str) -> Tenant | None:
    """The live tenant that answers on `host` (without port), at most 5 s old; None when unknown."""
    found = _cached(f"host:{host}")
    if found is not None:
        return found[0]
    with platform_scope("resolve host"):
        tenant = _load(session(), HostName.host == host)
    return _keep(f"host:{host}", tenant)


def by_slug(slug: str, *, fresh: bool = False) -> Tenant | None:
    """The tenant of this slug, live or not."""
    found = None if fresh else _cached(f"slug:{slug}")
    if found is not None:
        return found[0]
    with platform_scope("resolve slug"):
        tenant = _load(session(), TenantRow.slug == slug)
    return _keep(f"slug:{slug}", tenant)


def by_id(tenant_id: int) -> Tenant | None:
    """The tenant of this id, as jobs name it."""
    found = _cached(f"id:{tenant_id}")
    if found is not None:
        return found[0]
    with platform_scope("resolve id"):
        tenant = _load(session(), TenantRow.id == tenant_id)
    return _keep(f"id:{tenant_id}", tenant)


def slugs(*, live: bool = True) -> list[str]:
    """All tenants' slugs in order."""
    query = select(TenantRow.slug).order_by(TenantRow.slug)
    if live:
        query = query.where(TenantRow.status == "live")
    with platform_scope("list tenants"):
        return list(session().scalars(query))


def forget() -> None:
    """Drop this process's cache, after a change made here."""
    with _lock:
        _cache.clear()


def _cached(name: str) -> tuple[Tenant | None] | None:
    entry = _cache.get(name)
    if entry is None or entry[0] < time.monotonic():
        return None
    return (entry[1],)


def _keep(name: str, tenant: Tenant | None) -> Tenant | None:
    with _lock:
        _cache[name] = (time.monotonic() + TTL_SECONDS, tenant)
        while len(_cache) > CAPACITY:
            _cache.popitem(last=False)
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
