"""Clocks in a browser: a coordinator sets a limit and takes days in; the citizen reads why a day moved."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.lapor.service import reference
from plugins.lapor.service.time import calendars, recount
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.testing.browser import Live

ICAL = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20281226\n"
    "SUMMARY:Cuti Bersama Natal\nEND:VEVENT\nEND:VCALENDAR\n"
)


WCAG = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def clean(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    found = Axe().run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_a_limit_is_set_days_are_taken_in_and_the_citizen_reads_what_it_means(
    app: Flask,
    page: Page,
    live: Live,
    tenant_a: Tenant,
    reported: Callable[[Tenant], str],
    sign_in: Callable[[Tenant, str], None],
    quiet: list[str],
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    number = reported(tenant_a)
    sign_in(tenant_a, "coordinator")
    page.goto(live.url(tenant_a, "/meja/lapor/waktu/batas"))
    expect(page.get_by_role("heading", name="Batas nasional, berlaku bersamaan")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="Tambah baris").click()
    page.select_option("[name=step]", "verify")
    page.fill("[name=amount]", "1")
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Sebut dokumen")
    clean(page)
    page.fill("[name=document]", "Perwali 12/2026")
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.locator("main")).to_contain_text("Verifikasi: 1 hari kerja")
    for tab in ("Tangga peringatan", "Jam kerja", "Kalender"):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
        clean(page)
    page.set_input_files(
        "[name=file]", {"name": "skb.ics", "mimeType": "text/calendar", "buffer": ICAL.encode()}
    )
    page.get_by_role("button", name="Lihat bedanya").click()
    expect(page.locator("main")).to_contain_text("Selasa, 26 Desember 2028")
    clean(page)
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator("main")).to_contain_text("Cuti Bersama Natal")
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        for copies in (reference, calendars):  # the job starts late enough for copies to be gone
            copies.forget()
        run = recount.latest()
        assert run is not None
        recount.walk(run.id)
    page.goto(live.url(tenant_a, f"/meja/lapor/{number}"))
    page.get_by_text("Riwayat jam").click()
    expect(page.locator(".clock-history")).to_contain_text("Verifikasi (kota): mulai berjalan")
    clean(page)
    page.goto(live.url(tenant_a, f"/lapor/lacak/{number}"))
    expect(page.locator("main")).to_contain_text("Batas waktu dihitung ulang")
    clean(page)
