"""The coordinator sees suggestions with their words, chooses by key, sees their quality, takes one back."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from plugins.lapor.learn import run
from plugins.lapor.models import Complaint, RoutingReport
from plugins.lapor.service.routing import version
from plugins.lapor.service.triage import hand_over
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.engine import session
from superapp.db.work import work
from superapp.sdk import directory
from superapp.testing.browser import Live
from superapp.testing.client import TenantClient
from tests.e2e.conftest import REPORT
from tests.e2e.test_looks import DESK, PHONE, SMALL_TARGETS, overflow, serious

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]
WORDS = "Got mampet dan sampah menumpuk di depan pasar, jalan berlubang tertutup genangan."
UNITS = [("DLHK", 25, 30, 10, 30, 27), ("DPUPR", 60, 52, 48, 150, 120), ("DISKOMINFO", 12, 9, 8, 40, 33)]


@pytest.fixture
def watched(app: Flask, tenant_a: Tenant) -> None:
    """A first version from example words, and eight weekly reports with one alarm."""
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        version.forget()
        run.learn()
        fields = ("code", "cases", "suggested", "right", "cases_before", "right_before")
        units = [dict(zip(fields, each, strict=True)) for each in UNITS]
        alarm = {"kind": "recall", **{name: units[0][name] for name in fields if name != "suggested"}}
        with work() as unit:
            for place in range(8):
                counts = {"suggested": 91, "first": 60 + place, "three": 80, "strong": 40, "strong_right": 38}
                unit.add(
                    RoutingReport(
                        week=date(2026, 3, 2) + timedelta(days=7 * place),
                        cases=97,
                        measures={**counts, "alone": 12, "alone_right": 12, "units": units},
                        alarms=[alarm] if place == 7 else [],
                    )
                )


def picture(page: Page, name: str) -> None:
    """Keep what is seen when a folder is named, to look at it."""
    folder = os.environ.get("SUPERAPP_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_suggestions_are_chosen_by_key_and_their_quality_is_open_to_view(
    app: Flask,
    live: Live,
    page: Page,
    tenant_a: Tenant,
    watched: None,
    client: Callable[[Tenant], TenantClient],
    sign_in: Callable[[Tenant, str], None],
) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    sent = client(tenant_a).submit("/lapor/buat", {**REPORT, "body": WORDS, "key": "uji-saran"})
    number = sent.location.rstrip("/").rsplit("/", 1)[-1]
    sign_in(tenant_a, "coordinator")
    page.goto(live.url(tenant_a, f"/meja/lapor/{number}"))
    rows = page.locator(".suggestion")
    expect(rows).to_have_count(3)  # this government has example words for two units; the last row is another
    expect(rows.nth(0)).to_contain_text("Karena kata")
    expect(page.locator(".case-words mark").first).to_be_visible()
    page.keyboard.press("2")
    expect(rows.nth(1).locator("input")).to_be_checked()
    page.keyboard.press("1")
    expect(rows.nth(0).locator("input")).to_be_checked()
    assert serious(page) == []
    picture(page, "kasus")
    page.get_by_role("link", name="Mutu penerusan").click()
    expect(page.get_by_role("heading", name="Saran pertama benar 74%")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("dikenali 10 dari 25 laporan, sebelumnya 27 dari 30")
    for size, theme in ((DESK, "light"), (DESK, "dark"), (PHONE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(page) == [] and overflow(page) <= 0
        picture(page, f"mutu-{size['width']}-{theme}")
    assert page.evaluate(SMALL_TARGETS, 44) == []
    page.get_by_role("button", name="Sudah saya baca").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Latih sekarang").click()
    expect(page.locator("main, [role=status]").first).to_be_visible()
    expect(page.get_by_text("Pelatihan dimulai")).to_be_visible()


def test_what_the_system_sent_on_says_so_and_is_taken_back(
    app: Flask,
    live: Live,
    page: Page,
    tenant_a: Tenant,
    reported: Callable[[Tenant], str],
    sign_in: Callable[[Tenant, str], None],
) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    number = reported(tenant_a)
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        case_id = session().scalars(select(Complaint.id).where(Complaint.number == number)).one()
        why = "Diteruskan otomatis: dari 340 laporan dengan keyakinan setinggi ini, 97% benar."
        hand_over(case_id, directory.agencies_by_code()["DPUPR"].id, why=why, sure=0.98)
    sign_in(tenant_a, "coordinator")
    page.goto(live.url(tenant_a, f"/meja/lapor/{number}"))
    notice = page.locator(".case-alone", has_text="Diteruskan oleh sistem")
    expect(notice).to_contain_text("dari 340 laporan")
    notice.locator("summary").click()
    picture(page, "otomatis")
    notice.get_by_role("button", name="Tarik ke kotak masuk").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a reason is missing
    page.locator("[name=recall-reason]").fill("Ini lampu jalan nasional.")
    page.get_by_role("button", name="Tarik ke kotak masuk").click()
    expect(page.get_by_role("heading", name="teruskan ke unit")).to_be_visible()
    assert serious(page) == []
