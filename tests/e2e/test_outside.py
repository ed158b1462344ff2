"""Connections at the desk, on a phone and on a large screen: refused, keyed in by hand, different."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.lapor import service
from plugins.lapor.contracts import Draft, Location
from plugins.lapor.contracts.outside import Arrival, Destination, Parcel, Pushed, Refused, Standing
from plugins.lapor.service.outside import compare, destinations, sending, taking
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import registry
from superapp.sdk import now
from superapp.testing.browser import Live
from tests.core.plugins_made import plugin
from tests.e2e.steps import clean

STEPS = ("new", "verified", "disposed", "progress", "answer", "closed")
DRAFT = Draft(
    kind="complaint",
    title="Tumpukan sampah di depan pasar",
    body="Sampah menumpuk tiga hari di depan pasar dan baunya masuk rumah.",
    category="WASTE.PILE",
    location=Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001"),
)
REFUSED = "Kategori WASTE.PILE tidak dikenal di sana. Petakan kategorinya lalu kirim lagi."


@pytest.fixture
def city(app: Flask, tenant_a: Tenant, tmp_path: Path) -> Iterator[Tenant]:
    """A government with two registers: one refused a report, the other is served by hand."""

    def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
        if parcel.case.title != DRAFT.title:
            raise Refused(REFUSED)
        return Pushed(f"NAS-{parcel.case.number[-6:]}", "R-1")

    def lapor_compare(tenant: Tenant, destination: Destination, refs: object) -> list[Standing]:
        return [Standing("NAS-000001", "Selesai dan ditutup", ("closed",))]

    kept = app.extensions["superapp_plugins"]
    made = plugin(tmp_path, "kantor", requires="lapor", lapor_push=lapor_push, lapor_compare=lapor_compare)
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
    known = replace(tenant_a, enabled=tenant_a.enabled | {"kantor"})
    with app.app_context(), tenant_scope(known, SYSTEM):
        _seed()
    yield known
    app.extensions["superapp_plugins"] = kept


def _seed() -> None:
    there = destinations.connect(
        "kantor", "satu", title="Pengaduan Nasional", takes="all", steps=STEPS, identity=True
    )
    first = service.submit(DRAFT)
    service.submit(replace(DRAFT, title="Lampu jalan mati di tikungan sebelum jembatan"))
    sending.deliver(there.id)
    for n, news in enumerate(("progress", "number")):
        taking.take(
            there.id, Arrival(f"k{n}", now(), foreign_id="NAS-000001", news=news, text="Dibaca petugas.")
        )
    compare.compare(there.id)
    by_hand = destinations.connect("kantor", "dua", title="Provinsi (tanpa API)", takes="all", steps=STEPS)
    destinations.set_mode(by_hand.id, "manual")
    service.submit(DRAFT)
    service.verify(first.id)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_connections_are_read_and_worked_on(
    city: Tenant,
    page: Page,
    live: Live,
    sign_in: Callable[[Tenant, str], None],
    quiet: list[str],
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(city, "coordinator")

    def holds(name: str) -> None:
        clean(page, f"outside-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(live.url(city, "/meja/lapor/sambungan"))
    holds("list")
    page.get_by_role("link", name="Pengaduan Nasional").click()
    expect(page.locator("main")).to_contain_text(REFUSED)
    holds("one")
    page.goto(live.url(city, "/meja/lapor/sambungan"))
    page.get_by_role("link", name="Provinsi").click()
    holds("manual")
    waiting = page.locator("form.parcel-form", has_text="Nomor dari sana").first
    waiting.get_by_label("Nomor dari sana").fill("PROV-77")
    waiting.get_by_role("button", name="Sudah ada di sana").click()
    expect(page.locator("body")).to_contain_text("Dicatat sudah ada di sana.")
    page.goto(live.url(city, "/meja/lapor/UJI-2026-000001"))
    expect(page.locator("#luar")).to_contain_text("NAS-000001")
    holds("case")
    page.goto(live.url(city, "/lapor/lacak/UJI-2026-000001"))
    expect(page.locator("main")).to_contain_text("Dikirim ke Pengaduan Nasional")
    holds("track")
