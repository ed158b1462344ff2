"""What people do in a browser, as functions: report, sign in at the desk, send a step, close."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from superapp.context import Tenant
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WORDS = "Sampah menumpuk dua hari di depan pasar dan belum diangkut."
PLACE = "Jl. Contoh 12, depan pasar"


def enter_desk(page: Page, live: Live, tenant: Tenant, login: str) -> None:
    page.context.clear_cookies()
    page.goto(live.url(tenant, "/meja/masuk"))
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).not_to_have_url(live.url(tenant, "/meja/masuk"))


def press(page: Page, path: str, typed: dict[str, str]) -> None:
    """Fill and send the form of a step, whether it is the next step or lies folded among the others."""
    form = page.locator(f"form[action$='/{path}'], form[action*='/{path}?'], form[action*='/{path}#']").first
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("summary").first.click()
    for name, value in typed.items():
        field = form.locator(f"[name='{name}']").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    button = form.locator("button[type=submit]:not([formaction]), button:not([type], [formaction])")
    outside = page.locator(f"button[form='{form.get_attribute('id')}']")
    (button if button.count() else outside).first.click()


def clean(page: Page, name: str) -> None:
    """Axe finds nothing against WCAG 2.2 AA; with SUPERAPP_PICTURES the page's picture is kept there."""
    found = Axe().run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("SUPERAPP_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def report(page: Page, live: Live, tenant: Tenant) -> tuple[str, str]:
    page.goto(live.url(tenant))
    page.get_by_role("link", name="Buat laporan").first.click()
    page.fill("[name=body]", WORDS)
    if page.locator("select[name=category]").is_visible():  # with script it is guessed from the words
        # Forced: a script that has only just begun may hide it in between.
        page.select_option("select[name=category]", "WASTE.PILE", force=True)
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
