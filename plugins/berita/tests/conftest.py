"""Officers who write and who publish, signed in."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from plugins.berita import service
from plugins.berita.contracts import Draft, Text
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.work import work
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import at_time, new_id
from superapp.testing.client import TenantClient

NOON = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)  # 12.00 in Makassar's time


@pytest.fixture
def officer(app: Flask, client: Callable[[Tenant], TenantClient]) -> Callable[[Tenant, str], TenantClient]:
    """`officer(tenant_a, "liaison")` is a browser in which an officer of that role is signed in."""

    def sign_in(tenant: Tenant, role: str) -> TenantClient:
        with app.app_context(), tenant_scope(tenant, SYSTEM), work():
            roles.seed_roles(tenant, registry().permissions.values())
            who = officers.add(f"petugas-{role}", "Petugas", role)[0]
            row = officers._known(who)
            row.must_change, row.totp_required = False, False
            token = sessions.start(who, verified=True)
            name = permit.cookie_name()
        browser = client(tenant)
        browser.set_cookie(name, token, domain=tenant.host)
        return browser

    return sign_in


@pytest.fixture
def article(app: Flask) -> Callable[..., str]:
    """`article(tenant_a, "Kabar", at=NOON)` publishes one and returns its id."""

    def make(
        tenant: Tenant, title: str, body: str = "Isi.", english: str = "", at: datetime = NOON, **more: object
    ) -> str:
        texts = {"id": Text(title, "", body)} | ({"en": Text(english, "", body)} if english else {})
        with app.app_context(), tenant_scope(tenant, SYSTEM), at_time(at):
            return str(service.publish(Draft(texts, **more), new_id()))  # type: ignore[arg-type]

    return make
