"""The pages of other GeoReport servers in a browser: readable by all, at both sizes, without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.open311.client import servers
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.sdk import work
from superapp.testing.browser import Live
from tests.e2e.steps import clean

pytestmark = pytest.mark.browser
ASKED = {
    "code": "arah",
    "datatype": "singlevaluelist",
    "required": True,
    "description": "Arah jalan",
    "values": [["u", "Utara"], ["s", "Selatan"]],
}


def seeded() -> str:
    """A server whose services were read."""
    made = servers.add(servers.Given("Balai Jalan", "https://balai.example/open311/v2", agency_code="BPJN"))
    with work():
        row = servers.one(made)
        row.services = [
            {"code": f"{n:03}", "name": f"Layanan {n}", "group": "", "metadata": n == 1} for n in range(9)
        ]
        row.mapping, row.definitions = {"ROAD.POTHOLE": "001"}, {"001": [ASKED]}
        row.fetch_error = "Server di sana menjawab 503."
    return str(made)


@pytest.mark.parametrize("width", [360, 1280])
def test_other_servers_are_managed_at_both_sizes(
    app: Flask, tenant_a: Tenant, live: Live, page: Page, sign_in: Callable[..., None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(tenant_a, "admin")
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        made = seeded()
    page.goto(live.url(tenant_a, "/meja/open311/"))
    clean(page, f"open311-daftar-{width}")
    page.goto(live.url(tenant_a, f"/meja/open311/{made}"))
    clean(page, f"open311-server-{width}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    page.get_by_label("Arah jalan").select_option("s")
    page.get_by_role("button", name="Simpan jawaban").click()
    expect(page.get_by_label("Arah jalan")).to_have_value("s")
