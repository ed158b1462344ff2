"""Officers who sit at the desk, and reports that lie on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from flask import Flask
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import DeskView, Receipt
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.work import work
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.testing.client import TenantClient

COUNTER = "DISKOMINFO"


@contextmanager
def behind(app: Flask, tenant: Tenant):
    """The tenant's scope as the system: what the pages do not show."""
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        yield


def sits(
    app: Flask, client: Any, tenant: Tenant, role: str, agency: str = "", area: str = ""
) -> TenantClient:
    """A browser in which an officer of this role is signed in."""
    with behind(app, tenant), work():
        roles.seed_roles(tenant, registry().permissions.values())
        who, _ = officers.ensure_officer(
            f"{role}-{agency or area or 'kota'}".lower(),
            role.capitalize(),
            role,
            agency or None,
            area or None,
            password="kata sandi yang panjang",
            second_factor=False,
        )
        token = sessions.start(who.id, verified=True)
        name = permit.cookie_name()
    browser: TenantClient = client(tenant)
    browser.set_cookie(name, token, domain=tenant.host)
    return browser


def lies(app: Flask, tenant: Tenant, *units: str, **changes: Any) -> Receipt:
    """A report; handed to `units` when there are some."""
    with behind(app, tenant):
        receipt = service.submit(draft(**changes))
        if units:
            service.dispose(receipt.id, version=1, agency_codes=units)
    return receipt


def view(app: Flask, tenant: Tenant, receipt: Receipt) -> DeskView:
    """The case as it stands now."""
    with behind(app, tenant):
        return service.desk_view(receipt.id)


def step(
    browser: TenantClient, receipt: Receipt, path: str, version: int = 1, query: str = "", **fields: Any
) -> Any:
    """Send a form of the case; `answer__text` is the field "answer-text"."""
    data = {name.replace("__", "-"): value for name, value in fields.items()}
    token = browser.token("/meja/akun")
    return browser.post(
        f"/meja/lapor/{receipt.number}/{path}{query}",
        data={"csrf_token": token, "version": str(version), **data},
        content_type="multipart/form-data",
    )
