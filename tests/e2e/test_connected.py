"""One story: WhatsApp, city, agency, province, nation, and the citizen has the last word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.antarpemda import links
from plugins.lapor.service import outbox
from plugins.sp4n import connecting
from plugins.sp4n.sandbox import Sandbox
from plugins.sp4n.sandbox import running as nation_running
from plugins.whatsapp.sandbox import Meta
from plugins.whatsapp.sandbox import running as meta_running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers
from superapp.sdk import defer, save_settings, work
from superapp.tenancy import resolve
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD
from tests.e2e.steps import clean, enter_desk, press

CITIZEN = "6281100000001"  # invented
PEOPLE = (("meja", "coordinator", "DISKOMINFO"), ("pupr", "liaison", "DPUPR"))
ACROSS = {"categories": [], "identity": False, "agency_code": "BPJN"}


@dataclass
class Story:
    """Two governments, WhatsApp and the nation; `carry` lets everything that waits arrive."""

    app: Flask
    live: Live
    worker: Callable[[], None]
    city: Tenant
    province: Tenant
    meta: Meta
    nation: Sandbox

    def inside(self, tenant: Tenant, deed: Callable[[], object]) -> None:
        """Do something as a government's system."""
        fresh = resolve.by_slug(tenant.slug, fresh=True)
        assert fresh is not None
        with tenant_scope(fresh, SYSTEM):
            deed()

    def carry(self) -> None:
        """The worker's round: what is due leaves and arrives, registers are asked what is new."""
        for _turn in range(3):
            with self.app.app_context():
                for tenant in (self.city, self.province):
                    self.inside(tenant, ask_registers)
            self.worker()

    def told(self, text: str) -> str:
        """The newest message to the citizen that holds this."""
        found = [each.text for each in self.meta.answers(CITIZEN) if text in each.text]
        assert found, [each.text for each in self.meta.answers(CITIZEN)]
        return found[-1]

    def choose(self, title: str) -> None:
        """The citizen presses a button of the newest message that has it."""
        codes = [
            code for each in self.meta.answers(CITIZEN) for code, shown in each.choices if shown == title
        ]
        assert codes, [(each.text, each.choices) for each in self.meta.answers(CITIZEN)]
        self.meta.presses(CITIZEN, codes[-1], title)
        self.worker()


def ask_registers() -> None:
    with work():
        defer("lapor.pull")


@pytest.fixture
def story(
    app: Flask,
    live: Live,
    worker: Callable[[], None],
    tenant_a: Tenant,
    tenant_b: Tenant,
    admin_connection: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Story]:
    monkeypatch.setattr(outbox, "HELD_BACK", timedelta(0))  # nobody waits for the minute of taking back
    admin_connection.execute("UPDATE core.tenant SET region_code = '51' WHERE slug = %s", (tenant_b.slug,))
    with ExitStack() as stack:
        nation = stack.enter_context(nation_running())
        meta = stack.enter_context(meta_running(host=live.url(tenant_a, "").rstrip("/")))
        made = Story(app, live, worker, tenant_a, tenant_b, meta, nation)
        with app.app_context():
            resolve.forget()
            for tenant in (tenant_a, tenant_b):
                made.inside(tenant, people)
            made.inside(tenant_a, lambda: save_settings(tenant_a, "whatsapp", meta.settings()))
            made.inside(tenant_a, lambda: links.consent(tenant_b.slug, send=True, receive=False, **ACROSS))
            made.inside(
                tenant_b,
                lambda: links.consent(
                    tenant_a.slug, send=False, receive=True, **{**ACROSS, "agency_code": ""}
                ),
            )
            made.inside(tenant_b, lambda: connecting.connect(national(nation, tenant_b)))
        worker()  # each side hears of the other's consent
        yield made


def people() -> None:
    for login, role, agency in PEOPLE:
        officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)


def national(nation: Sandbox, tenant: Tenant) -> Mapping[str, Any]:
    return {
        "transport": "modern",
        "base_url": nation.modern,
        "token": nation.token(tenant.slug),
        "takes": "forwarded",
        "agency_code": "BPJN",
    }


@pytest.mark.browser
def test_a_message_goes_up_to_the_nation_is_answered_there_and_the_citizen_closes_it(
    page: Page, live: Live, story: Story
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    number, pin = written(story)

    # the city's desk gives it to an agency, which says whose it is
    enter_desk(page, live, story.city, "meja")
    case = live.url(story.city, f"/meja/lapor/{number}")
    page.goto(case)
    press(page, "teruskan", {"dispose-agency": "DPUPR", "dispose-instruction": "Tolong dicek."})
    enter_desk(page, live, story.city, "pupr")
    page.goto(case)
    press(page, "kemajuan", {"progress-text": "Sudah dicek: ini jalan provinsi."})
    enter_desk(page, live, story.city, "meja")
    page.goto(case)
    press(page, "serahkan", {"forward-agency": "BPJN", "forward-text": "Ruas ini milik provinsi."})
    story.carry()

    # the province has it and gives it up to the nation
    enter_desk(page, live, story.province, "meja")
    page.goto(live.url(story.province, "/meja/lapor/"))
    page.locator("[data-row] a").first.click()
    expect(page.locator("main")).to_contain_text(number)
    clean(page, "connected-province")
    press(page, "serahkan", {"forward-agency": "BPJN", "forward-text": "Ruas nasional."})
    story.carry()

    # the nation answers on its own page
    [there] = story.nation.nation.reports()
    page.goto(story.nation.url)
    report = page.locator("article", has_text=there.number)
    report.get_by_label("Kabar").select_option("jawaban")
    report.get_by_label("Teks").fill("Lubang sudah ditambal tim kami.")
    report.get_by_role("button", name="Sampaikan").click()
    expect(report).to_contain_text("Dijawab")
    story.carry()

    # the citizen hears of it where they wrote, and has the last word
    assert number in story.told("menyatakan laporan Anda selesai")
    story.choose("Sudah selesai")
    story.choose("Puas")
    story.carry()
    page.context.clear_cookies()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live.url(story.city, "/lapor/lacak"))
    page.fill("[name=number]", number)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Lacak").click()
    timeline = page.locator("main")
    for step in (
        "Dinas Pekerjaan Umum",
        "Sudah dicek: ini jalan provinsi.",
        f"Dikirim ke {story.province.name}",
        "Ruas nasional.",
        "Lubang sudah ditambal tim kami.",
        "dipastikan pelapor",
    ):
        expect(timeline).to_contain_text(step)
    clean(page, "connected-timeline")
    assert there.status == "Selesai"


def written(story: Story) -> tuple[str, str]:
    """The citizen writes on WhatsApp until a number and a PIN come."""
    story.meta.says(CITIZEN, "Jalan berlubang dalam di depan pasar, motor sering jatuh sejak Senin.")
    story.worker()
    story.meta.shares(CITIZEN, -8.6705, 115.2126, address="Jl. Contoh 12, depan pasar")
    story.worker()
    for _turn in range(6):
        if any("PIN" in each.text for each in story.meta.answers(CITIZEN)):
            break
        last = story.meta.answers(CITIZEN)[-1]
        titles = [title for _, title in last.choices]
        story.choose("Kirim" if "Kirim" in titles else titles[0])
    said = story.told("PIN")
    words = said.replace(".", " ").replace("*", " ").split()
    number = next(word for word in words if word.startswith(f"{story.city.short_code}-"))
    pin = next(word for word in words if word.isdigit() and len(word) == 6)
    return number, pin
