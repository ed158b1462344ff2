"""A city that talks with a stand-in for Meta, and a partner who says what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextvars import Context
from datetime import datetime

import pytest
from flask import Flask
from whatsapp_city import City, Partner

from plugins.whatsapp.sandbox import Meta, running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.plugin.registry import registry
from superapp.sdk import at_time, now
from superapp.tenancy import resolve
from superapp.testing.client import TenantClient


@pytest.fixture
def partner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """The conversation, replaced by one that answers from a list."""
    made = Partner()
    with app.app_context():
        monkeypatch.setitem(registry().ports, ("percakapan", "chat"), lambda: made)
    return made


@pytest.fixture
def meta() -> Iterator[Meta]:
    with running() as made:
        made.templates[("laporan_dijawab", "id")] = 2
        yield made


@pytest.fixture
def connected(app: Flask, client: Callable[[Tenant], TenantClient]) -> Callable[..., Tenant]:
    """`connected(tenant, meta)` stores the settings and has the stand-in post to that tenant."""

    def store(tenant: Tenant, settings: Mapping[str, object]) -> Tenant:
        with app.app_context():
            with tenant_scope(tenant, SYSTEM):
                lifecycle.save_settings(tenant, "whatsapp", settings)
            fresh = resolve.by_slug(tenant.slug, fresh=True)
        assert fresh is not None
        return fresh

    def connect(tenant: Tenant, meta: Meta, **more: object) -> Tenant:
        # In contexts of their own, as requests are: a test may hold a tenant's scope open.
        fresh = Context().run(store, tenant, meta.settings(**more))
        browser = client(fresh)

        def post(moment: datetime, body: bytes, headers: Mapping[str, str]) -> int:
            with at_time(moment):
                return browser.post("/whatsapp/webhook", data=body, headers=dict(headers)).status_code

        meta.deliver = lambda body, headers: Context().run(post, now(), body, headers)
        return fresh

    return connect


@pytest.fixture
def city(
    app: Flask, tenant_a: Tenant, meta: Meta, partner: Partner, connected: Callable[..., Tenant]
) -> Iterator[City]:
    """The first tenant, connected, its scope open."""
    lines = ["lapor.answered | laporan_dijawab | id | number, due | 2"]
    tenant = connected(tenant_a, meta, templates=lines)
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        yield City(tenant, meta, partner)
