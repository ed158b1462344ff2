"""Report, route, handle, answer, solved: in both governments, phone and desk, with and without script."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD

WORDS = "Sampah menumpuk dua hari di depan pasar dan belum diangkut."
PLACE = "Jl. Contoh 12, depan pasar"
SIZES = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 800}}


@pytest.fixture
def people(app: Flask, two_tenants: tuple[Tenant, Tenant]) -> None:
    for tenant in two_tenants:
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            for login, role, agency in (("meja", "coordinator", None), ("dlhk", "liaison", "DLHK")):
                officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)


def enter_desk(page: Page, live: Live, tenant: Tenant, login: str) -> None:
    page.context.clear_cookies()
    page.goto(live.url(tenant, "/meja/masuk"))
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).not_to_have_url(live.url(tenant, "/meja/masuk"))


def press(page: Page, path: str, typed: dict[str, str]) -> None:
    """Fill and send the form of a step, whether it is the next step or lies folded among the others."""
    form = page.locator(f"form[action*='/{path}']").first
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("summary").first.click()
    for name, value in typed.items():
        field = form.locator(f"[name='{name}']").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check()
        else:
            field.fill(value)
    button = form.locator("button[type=submit], button:not([type])")
    outside = page.locator(f"button[form='{form.get_attribute('id')}']")
    (button if button.count() else outside).first.click()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", SIZES)
def test_a_report_finds_its_agency_and_the_reporter_closes_it(
    browser: Browser, live: Live, people: None, two_tenants: tuple[Tenant, Tenant], size: str, script: bool
) -> None:
    other = two_tenants[1]
    for tenant in two_tenants:
        context = browser.new_context(
            java_script_enabled=script,
            viewport=SIZES[size],
            locale="id-ID",  # type: ignore[arg-type]
        )
        page = context.new_page()
        number, pin = report(page, live, tenant)
        handle(page, live, tenant, number)
        close(page, live, tenant, number, pin)
        if tenant is not other:
            answer = page.goto(live.url(other, f"/lapor/lacak/{number}"))
            assert answer is not None and answer.status == 404, "the other city sees nothing of it"
        context.close()


def report(page: Page, live: Live, tenant: Tenant) -> tuple[str, str]:
    page.goto(live.url(tenant))
    page.get_by_role("link", name="Buat laporan").first.click()
    page.fill("[name=body]", WORDS)
    if page.locator("select[name=category]").is_visible():  # with script it is guessed from the words
        page.select_option("select[name=category]", "WASTE.PILE")
    page.fill("[name=address]", PLACE)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sudah kami terima")
    text = page.locator("main").inner_text()
    number = next(word for word in text.split() if word.startswith(f"{tenant.short_code}-"))
    pin = next(word for word in text.split() if word.isdigit() and len(word) == 6)
    return number, pin


def handle(page: Page, live: Live, tenant: Tenant, number: str) -> None:
    address = live.url(tenant, f"/meja/lapor/{number}")
    enter_desk(page, live, tenant, "meja")
    page.goto(live.url(tenant, "/meja/lapor/"))
    expect(page.locator("main")).to_contain_text(number.rsplit("-", maxsplit=1)[-1])
    page.goto(address)
    press(page, "teruskan", {"dispose-agency": "DLHK"})
    enter_desk(page, live, tenant, "dlhk")
    page.goto(address)
    press(page, "kemajuan", {"progress-text": "Truk berangkat pagi ini."})
    page.goto(address)
    press(page, "jawab", {"answer-text": "Sampah sudah diangkut pukul sepuluh."})
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Sampah sudah diangkut")


def close(page: Page, live: Live, tenant: Tenant, number: str, pin: str) -> None:
    page.context.clear_cookies()
    page.goto(live.url(tenant, "/lapor/lacak"))
    page.fill("[name=number]", number)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Lacak").click()
    expect(page.locator("main")).to_contain_text("Sampah sudah diangkut")
    page.get_by_role("button", name="Sudah selesai").click()
    expect(page.locator("main")).to_contain_text("dipastikan pelapor")
    page.context.clear_cookies()
    page.goto(live.url(tenant, f"/lapor/lacak/{number}"))
    expect(page.locator("main")).to_contain_text("Sampah sudah diangkut")
