"""Officers at work in a browser: several cases, undo, keys, drafts; both widths, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from superapp.context import Tenant
from superapp.testing.browser import Live
from tests.e2e.steps import press

pytestmark = [pytest.mark.browser]


@pytest.fixture
def at_desk(
    app: Flask,
    page: Page,
    live: Live,
    tenant_a: Tenant,
    reported: Callable[[Tenant], str],
    sign_in: Callable[[Tenant, str], None],
) -> str:
    """A coordinator at the desk, where one report lies; its number."""
    number = reported(tenant_a)
    sign_in(tenant_a, "coordinator")
    return number


def no_faults(page: Page) -> None:
    """Axe finds nothing serious."""
    found = [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert found == []


@pytest.mark.parametrize("width", [1280, 360])
def test_picking_replaces_the_filters_and_a_deed_is_undone_from_its_toast(
    page: Page, live: Live, tenant_a: Tenant, at_desk: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live.url(tenant_a, "/meja/lapor/?box=unverified"))
    expect(page.locator("[data-bulk]")).to_be_hidden()
    if width > 1000:
        page.keyboard.press("j")
        page.keyboard.press("x")
    else:
        page.locator("[data-pick]").first.check()
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    expect(page.locator("[data-filters]")).to_be_hidden()
    page.get_by_role("button", name="Verifikasi").click()
    expect(page.locator("[data-toast]")).to_contain_text("sudah diverifikasi")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("[data-toast]")).to_contain_text("kembali seperti semula")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_three_keys_hand_a_case_over(page: Page, live: Live, tenant_a: Tenant, at_desk: str) -> None:
    page.goto(live.url(tenant_a, "/meja/lapor/?box=unverified"))
    for key in ("j", "1"):
        page.keyboard.press(key)
    expect(page.locator("[data-toast]")).to_contain_text("diteruskan sesuai saran")
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("kembali seperti semula")


def test_what_is_typed_survives_the_page(page: Page, live: Live, tenant_a: Tenant, at_desk: str) -> None:
    page.goto(live.url(tenant_a, f"/meja/lapor/{at_desk}"))
    page.keyboard.press("n")
    field = page.locator("[name='note-text']")
    expect(field).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("/konsep")):
        page.keyboard.type("Tiang ini diganti Februari")
    page.goto(live.url(tenant_a, f"/meja/lapor/{at_desk}"))
    expect(field).to_have_value("Tiang ini diganti Februari")
    expect(page.get_by_text("Konsep Anda")).to_be_visible()
    press(page, "catatan", {"note-text": "Tiang ini diganti Februari."})
    expect(page.locator(".note-entry")).to_contain_text("Tiang ini diganti Februari.")
    expect(field).to_have_value("")


def test_an_at_sign_offers_the_units(page: Page, live: Live, tenant_a: Tenant, at_desk: str) -> None:
    page.goto(live.url(tenant_a, f"/meja/lapor/{at_desk}"))
    page.locator("[name='note-text']").click()
    page.keyboard.type("Mohon @dlh")
    expect(page.get_by_role("option", name="@DLHK")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[name='note-text']")).to_have_value("Mohon @DLHK ")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_shared_pages_hold_on_both_widths(
    page: Page, live: Live, tenant_a: Tenant, at_desk: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("templat", "pintasan", "sebutan", "?box=all", at_desk):
        page.goto(live.url(tenant_a, f"/meja/lapor/{path}"))
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        no_faults(page)


def test_everything_works_without_script(
    browser: Browser, page: Page, live: Live, tenant_a: Tenant, at_desk: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(live.url(tenant_a, "/meja/lapor/?box=unverified"))
    plain.locator("[data-pick]").first.check()
    plain.locator("[data-bulk-more]").select_option("hold")
    plain.get_by_role("button", name="Lanjut").click()
    plain.locator("[name=reason]").fill("Menunggu cuaca.")
    plain.get_by_role("button", name="Tunda: 1 laporan").click()
    expect(plain.locator("[data-toast]")).to_contain_text("ditunda")
    plain.get_by_role("button", name="Urungkan").click()
    expect(plain.locator("[data-toast]")).to_contain_text("kembali seperti semula")
    plain.goto(live.url(tenant_a, f"/meja/lapor/{at_desk}"))
    note = plain.locator("form[action*='/catatan']")
    note.locator("[name='note-text']").fill("Belum selesai ditulis")
    note.get_by_role("button", name="Simpan konsep").click()
    expect(note.locator("[name='note-text']")).to_have_value("Belum selesai ditulis")
    plain.get_by_role("link", name="semua pintasan").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Semua pintasan")
    context.close()
