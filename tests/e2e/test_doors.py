"""Mail and social media at the desk, in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.surel.intake.take import take
from plugins.surel.tests.letters import letter
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.testing.browser import Live
from tests.e2e.steps import clean

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> None:
    for width, height in ((360, 800), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        clean(page, f"{name}-{width}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide at {width}"


def test_the_bookmark_fills_the_paste_box_and_the_writer_takes_over(
    app: Flask,
    live: Live,
    page: Page,
    sign_in: Callable[[Tenant, str], None],
    tenant_a: Tenant,
    quiet: list[str],
) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        lifecycle.save_settings(
            tenant_a,
            "surel",
            {"mode": "file", "from_address": "lapor@kota.go.id", "intake": "pipe", "pipe_secret": "r" * 24},
        )
        take(letter("Sampah menumpuk sejak kemarin dan berbau.", subject="Sampah"), "pipe")
        take(letter(number="a2"), "pipe")
        take(letter(number="a3", heads={"Auto-Submitted": "auto-replied"}), "pipe")
    sign_in(tenant_a, "coordinator")
    page.goto(live.url(tenant_a, "/meja/medsos/"))
    bookmark = page.get_by_role("link", name="Catat ke").get_attribute("href")
    assert bookmark and bookmark.startswith("javascript:")
    brought = "tautan=https%3A%2F%2Fwww.instagram.com%2Fp%2FC7_D-12%2F&teks=Lampu%20taman%20mati"
    page.goto(live.url(tenant_a, f"/meja/medsos/?baru#{brought}"))
    expect(page.get_by_label("Kata-katanya")).to_have_value("Lampu taman mati")
    assert "#" not in page.url
    look(page, "medsos")
    page.get_by_label("Nama akun").fill("@warga")
    page.get_by_label("Alamat atau patokan").fill("Taman kota")
    page.get_by_role("button", name="Jadikan laporan").click()
    expect(page.get_by_role("heading", name="Pesan langsung")).to_be_visible()
    look(page, "medsos-satu")
    told = page.locator("[data-copy]").nth(1).inner_text()
    claim = next(word for word in told.split() if "/medsos/klaim/" in word)
    page.goto(live.url(tenant_a, claim[claim.index("/medsos/") :]))
    look(page, "klaim")
    page.get_by_label("Alamat surel").fill("warga@example.org")
    page.get_by_role("button", name="Ambil laporan ini").click()
    expect(page.get_by_role("link", name="Buka laporan saya")).to_be_visible()
    look(page, "diambil")
    page.goto(live.url(tenant_a, "/meja/surel/masuk/"))
    look(page, "surel")
    page.get_by_role("link", name="Buka surat").click()
    look(page, "surel-satu")
    assert quiet == []
