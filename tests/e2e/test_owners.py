"""Two units at once, one hands onward, one answers; the citizen sees both and names the one not done."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD
from tests.e2e.steps import clean, enter_desk, press, report

PEOPLE = (("meja", "coordinator", "DISKOMINFO"), ("dlhk", "liaison", "DLHK"), ("pupr", "liaison", "DPUPR"))


@pytest.fixture
def people(app: Flask, tenant_a: Tenant) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        for login, role, agency in PEOPLE:
            officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)


@pytest.mark.browser
def test_two_units_answer_their_own_parts(
    browser: Browser, live: Live, people: None, tenant_a: Tenant
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID")
    page = context.new_page()
    number, pin = report(page, live, tenant_a)
    case = live.url(tenant_a, f"/meja/lapor/{number}")

    enter_desk(page, live, tenant_a, "meja")
    page.goto(case)
    typed = {"dispose-agency": "DLHK", "dispose-instruction": "Angkut sampahnya."}
    page.locator(".more-units > summary").click()
    page.select_option("[name=dispose-unit-0]", "DPUPR")
    page.fill("[name=dispose-told-0]", "Perbaiki salurannya.")
    clean(page, "owners-dispose")
    press(page, "teruskan", typed)
    page.goto(case)
    expect(page.locator("#unit")).to_contain_text("Perbaiki salurannya.")
    enter_desk(page, live, tenant_a, "pupr")
    page.goto(case)
    expect(page.locator("main")).not_to_contain_text("Angkut sampahnya.")
    press(
        page,
        "teruskan-lagi",
        {"pass_on-agency": "KEL-SERANGAN", "pass_on-instruction": "Tolong dicek."},
    )
    page.goto(case)
    enter_desk(page, live, tenant_a, "dlhk")
    page.goto(case)
    press(page, "kemajuan", {"progress-text": "Truk berangkat."})
    page.goto(case)
    press(page, "jawab", {"answer-text": "Sampah sudah diangkut."})
    page.goto(case)
    clean(page, "owners-part-answered")
    page.context.clear_cookies()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live.url(tenant_a, f"/lapor/lacak/{number}"))
    expect(page.locator("main")).to_contain_text("1 dari 2 unit sudah menjawab")
    clean(page, "owners-track")
    page.set_viewport_size({"width": 1280, "height": 800})
    enter_desk(page, live, tenant_a, "meja")
    for path in ("aturan", "aturan/coba?text=sampah+menumpuk", "unit", "luar"):
        page.goto(live.url(tenant_a, f"/meja/lapor/{path}"))
        clean(page, "owners-" + path.split("?")[0].replace("/", "-"))
    page.goto(live.url(tenant_a, "/lapor/lacak"))
    page.fill("[name=number]", number)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Lacak").click()
    expect(page.locator("main")).to_contain_text("Sampah sudah diangkut.")
    context.close()
