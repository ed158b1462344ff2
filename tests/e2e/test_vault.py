"""Secrecy as people meet it: a whistle is blown, two open who it was, the reporter reads of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, roles
from superapp.plugin.registry import registry
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD
from tests.e2e.steps import enter_desk, press

SIZES = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 800}}
PEOPLE = (
    ("meja", "coordinator", "DISKOMINFO"),
    ("dlhk", "liaison", "DLHK"),
    ("satu", "inspector", "INSPEKTORAT"),
    ("dua", "inspector", "INSPEKTORAT"),
    ("pemeriksa", "auditor", None),
)
NAME, PHONE = "Ayu Pelapor", "081234567890"


@pytest.fixture
def people(app: Flask, tenant_a: Tenant) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        roles.seed_roles(tenant_a, registry().permissions.values())
        for login, role, agency in PEOPLE:
            officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)


@pytest.fixture
def looked(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Judge a page with axe; keep its picture when SUPERAPP_PICTURES names a folder."""

    def judge(page: Page, name: str) -> None:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        if folder := os.environ.get("SUPERAPP_PICTURES"):
            width = page.viewport_size["width"]  # type: ignore[index]
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)

    return judge


def blow(page: Page, live: Live, tenant: Tenant, looked: Callable[[Page, str], None]) -> str:
    """Report an official; the own page's address is left open. Answers the number."""
    page.goto(live.url(tenant, "/lapor/buat"))
    page.fill("[name=body]", "Petugas loket meminta uang agar berkas saya diproses.")
    page.fill("[name=phone]", PHONE)
    page.get_by_text("Tambah nama atau surel").click()
    page.fill("[name=name]", NAME)
    expect(page.locator("[name=accused]")).to_be_hidden()
    page.get_by_text("Menyangkut pegawai atau pejabat").click()
    page.select_option("[name=accused]", "DLHK")
    looked(page, "formulir")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sudah kami terima")
    text = page.locator("main").inner_text()
    return next(word for word in text.split() if word.startswith(f"{tenant.short_code}-"))


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_a_whistle_is_seen_by_two_and_told_to_who_blew_it(
    browser: Browser,
    live: Live,
    people: None,
    tenant_a: Tenant,
    looked: Callable[[Page, str], None],
    size: str,
) -> None:
    citizen = browser.new_context(viewport=SIZES[size], locale="id-ID").new_page()  # type: ignore[arg-type]
    page = browser.new_context(viewport=SIZES[size], locale="id-ID").new_page()  # type: ignore[arg-type]
    number = blow(citizen, live, tenant_a, looked)
    case = live.url(tenant_a, f"/meja/lapor/{number}")
    for login in ("meja", "dlhk"):
        enter_desk(page, live, tenant_a, login)
        answer = page.goto(case)
        assert answer is not None and answer.status == 404
    enter_desk(page, live, tenant_a, "satu")
    page.goto(case)
    expect(page.locator("main")).to_contain_text("Hanya terlihat oleh Inspektorat")
    looked(page, "kasus")
    press(page, "identitas/minta", {"ask-purpose": "Memanggil saksi"})
    expect(page.locator("main")).to_contain_text("menunggu persetujuan")
    assert NAME not in page.content()
    enter_desk(page, live, tenant_a, "dua")
    page.goto(live.url(tenant_a, "/meja/lapor/identitas"))
    looked(page, "identitas")
    page.get_by_role("button", name="Setujui").click()
    enter_desk(page, live, tenant_a, "satu")
    page.goto(case)
    page.get_by_role("button", name="Buka sekali").click()
    expect(page.locator("main")).to_contain_text(NAME)
    looked(page, "terbuka")
    page.goto(case)
    assert NAME not in page.content()
    told_and_erased(citizen, live, tenant_a, number, looked)


def told_and_erased(
    page: Page, live: Live, tenant: Tenant, number: str, looked: Callable[[Page, str], None]
) -> None:
    page.goto(live.url(tenant, f"/lapor/lacak/{number}/saya"))
    expect(page.locator("main")).to_contain_text("Memanggil saksi")
    looked(page, "milik-saya")
    page.get_by_role("link", name="Data Anda").click()
    expect(page.locator("main")).to_contain_text(PHONE)
    expect(page.locator("main")).to_contain_text("Membuka nama dan nomor")
    looked(page, "data")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Unduh salinan").click()
    assert NAME in saved.value.path().read_text("utf-8")
    page.get_by_text("Hapus nama dan nomor saya").click()
    page.get_by_role("button", name="Hapus dari laporan").click()
    expect(page.locator("main")).to_contain_text("Tidak ada yang bisa membacanya lagi")
    assert PHONE not in page.content()


@pytest.mark.browser
def test_a_coordinator_opens_for_a_purpose_moves_a_case_and_the_auditor_reads_of_it(
    browser: Browser, live: Live, people: None, tenant_a: Tenant, looked: Callable[[Page, str], None]
) -> None:
    context = browser.new_context(viewport=SIZES["desk"], locale="id-ID")  # type: ignore[arg-type]
    page = context.new_page()
    enter_desk(page, live, tenant_a, "meja")
    page.goto(live.url(tenant_a, "/meja/lapor/catat"))
    page.fill("[name=body]", "Sampah menumpuk dua hari di depan pasar.")
    page.fill("[name=address]", "Jl. Contoh 12")
    page.fill("[name=name]", NAME)
    page.fill("[name=phone]", PHONE)
    looked(page, "catat")
    page.get_by_role("button", name="Simpan laporan").click()
    expect(page.locator("main")).to_contain_text("Cocokkan sekarang")
    expect(page.locator("main")).to_contain_text(PHONE)
    looked(page, "tercatat")
    page.get_by_role("link", name="Buka laporan").click()
    assert PHONE not in page.content()
    page.goto(live.url(tenant_a, "/meja/lapor/identitas"))
    page.fill("[name=value]", "+62 812 3456 7890")
    page.fill("[name=purpose]", "Pelapor menelepon tanpa nomor")
    page.get_by_role("button", name="Cari", exact=True).click()
    looked(page, "cari")
    page.locator("main").get_by_role("link").first.click()
    press(page, "identitas", {"reveal-purpose": "Menanyakan alamat lengkap"})
    expect(page.locator("main")).to_contain_text(PHONE)
    case = page.url.removesuffix("/identitas").split("?")[0]
    page.goto(case)
    press(page, "pegawai", {"mark-reason": "Menyebut petugas meminta uang"})
    expect(page.locator("body")).to_contain_text("dipindahkan ke Inspektorat")
    answer = page.goto(case)
    assert answer is not None and answer.status == 404
    enter_desk(page, live, tenant_a, "pemeriksa")
    page.goto(live.url(tenant_a, "/meja/lapor/identitas"))
    assert "Menanyakan alamat lengkap" not in page.content(), "it blows the whistle now"
    looked(page, "log-pemeriksa")
    enter_desk(page, live, tenant_a, "satu")
    page.goto(live.url(tenant_a, "/meja/lapor/identitas"))
    expect(page.locator("main")).to_contain_text("Menanyakan alamat lengkap")
    looked(page, "log-inspektorat")
