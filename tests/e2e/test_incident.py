"""One incident, many voices, in a browser: offered while writing, gathered with one key, answered for all."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.jobs import incidents
from plugins.lapor.models import Incident
from plugins.lapor.tests.lapor_reports import draft
from superapp.context import SYSTEM, Tenant, at_time, now, tenant_scope
from superapp.db.engine import session
from superapp.testing.browser import Live

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]
BODY = "Sampah numpuk di depan pasar sudah tiga hari, bau sekali"


@pytest.fixture
def clean() -> Callable[[Page], None]:
    """`clean(page)` judges a page with axe; with SUPERAPP_PICTURES it keeps its picture there."""

    def judge(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        if folder := os.environ.get("SUPERAPP_PICTURES"):
            name = "-".join(page.url.split("/")[3:])[:60].split("?")[0]
            page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)

    return judge


@pytest.fixture
def known(app: Flask, tenant_a: Tenant, worker: Callable[[], None]) -> str:
    """A public report in the hands of a unit."""
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    return receipt.number


def test_a_neighbour_joins_while_writing_and_hears_the_same_answer(
    page: Page, live: Live, app: Flask, tenant_a: Tenant, known: str, clean: Callable[[Page], None]
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live.url(tenant_a, "/lapor/buat"))
    page.fill("[name=body]", BODY)
    page.fill("[name=address]", "Jl Tukad Punggawa depan pasar")
    tip = page.locator("[data-same]")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("oleh 1 orang")
    clean(page)
    page.get_by_role("button", name="Ikut yang ini").click()
    page.wait_for_url("**/lapor/terkirim/**")
    number = page.url.rsplit("/", 1)[-1]
    assert number != known
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        lead = session().scalars(select(Incident)).one()
        service.answer(lead.lead_id, text="Sudah diangkut.")
        with at_time(now() + timedelta(seconds=61)):
            incidents.carry(str(lead.id))
    page.goto(live.url(tenant_a, f"/lapor/lacak/{number}/saya"))
    expect(page.get_by_text("2 orang melaporkan ini")).to_be_visible()
    expect(page.get_by_role("button", name="Sudah selesai")).to_be_visible()
    clean(page)


def test_not_this_one_leaves_the_form_alone(page: Page, live: Live, tenant_a: Tenant, known: str) -> None:
    page.goto(live.url(tenant_a, "/lapor/buat"))
    page.fill("[name=body]", BODY)
    page.fill("[name=address]", "Jl Tukad Punggawa depan pasar")
    page.get_by_role("button", name="Bukan ini").click()
    expect(page.locator("[data-same]")).to_be_hidden()
    expect(page.locator("[name=body]")).to_have_value(BODY)


def test_an_officer_gathers_with_g_and_takes_it_back(
    page: Page,
    live: Live,
    app: Flask,
    tenant_a: Tenant,
    known: str,
    sign_in: Callable[[Tenant, str], None],
    clean: Callable[[Page], None],
) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        mine = service.submit(draft(body=BODY)).number
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(tenant_a, "coordinator")
    page.goto(live.url(tenant_a, f"/meja/lapor/{mine}"))
    expect(page.get_by_role("heading", name="Mungkin kejadian yang sama")).to_be_visible()
    clean(page)
    page.keyboard.press("g")
    expect(page.get_by_text("Lakukan langkahnya di laporan utama itu")).to_be_visible()
    page.get_by_role("link", name="Lihat kejadian ini").click()
    expect(page.locator(".voice")).to_have_count(2)
    clean(page)
    page.goto(live.url(tenant_a, "/meja/lapor/kejadian"))
    expect(page.locator("[data-row]")).to_have_count(1)
    clean(page)
    page.locator("[data-open]").click()
    # A key pressed before the next page has come would be lost with this one.
    page.wait_for_url("**/meja/lapor/kejadian/*")
    expect(page.locator(".voice")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.get_by_text("Belum ada kejadian")).to_be_visible()
