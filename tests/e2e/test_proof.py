"""Proof walked through: an old photo is doubted and refused, the reporter closes, an auditor looks."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from plugins.lapor.service import reference
from plugins.lapor.service.proof import audits
from plugins.lapor.tests import proof_scenes as scenes
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.engine import session
from superapp.identity import officers, roles
from superapp.plugin.registry import registry
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD
from tests.e2e.steps import enter_desk, press, report
from tests.e2e.test_looks import overflow, serious

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]
PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 800}
PEOPLE = (("meja", "coordinator", None), ("dlhk", "liaison", "DLHK"), ("periksa", "auditor", None))


@pytest.fixture
def city(app: Flask, tenant_a: Tenant, admin_connection, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """A city in which waste cases need a photo and every closing is audited."""
    admin_connection.execute("UPDATE lapor.category SET proof = 'photo' WHERE code = 'WASTE.PILE'")
    reference.forget()
    monkeypatch.setattr(audits, "_rate", lambda: 100)
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        roles.seed_roles(tenant_a, registry().permissions.values())
        for login, role, agency in PEOPLE:
            officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)
        session().commit()
    return tenant_a


def file(seed: int, name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": scenes.saved(scenes.scene(seed))}


def fine(page: Page) -> None:
    """No serious complaint of axe, nothing too wide, one heading, on phone and desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert serious(page) == [], page.url
        assert overflow(page) <= 0, f"{page.url} is too wide at {size['width']}"
        assert page.locator("h1").count() == 1, page.url


def answer(page: Page, address: str, seed: int, text: str) -> None:
    page.goto(address)
    page.locator("[name=answer-photos]").set_input_files([file(seed, "bukti.jpg")])
    press(page, "jawab", {"answer-text": text})
    expect(page.locator("main")).to_contain_text(text)


def as_reporter(page: Page, live: Live, city: Tenant, number: str, pin: str) -> None:
    page.context.clear_cookies()
    page.goto(live.url(city, "/lapor/lacak"))
    page.fill("[name=number]", number)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Lacak").click()


def test_a_proof_is_doubted_refused_made_anew_confirmed_and_audited(
    page: Page, live: Live, city: Tenant, worker: Callable[[], None]
) -> None:
    page.set_viewport_size(DESK)
    cases = []
    for seed, words in ((1, "Sudah diangkut pagi."), (1, "Sudah diangkut siang.")):
        number, pin = report(page, live, city)
        address = live.url(city, f"/meja/lapor/{number}")
        enter_desk(page, live, city, "meja")
        page.goto(address)
        press(page, "teruskan", {"dispose-agency": "DLHK"})
        enter_desk(page, live, city, "dlhk")
        page.goto(address)
        press(page, "kemajuan", {"progress-text": "Truk berangkat."})
        if not cases:  # without a photo it is refused, and the words stay
            page.goto(address)
            press(page, "jawab", {"answer-text": words})
            expect(page.locator("#refused")).to_contain_text("Lampirkan foto")
            expect(page.locator("[name=answer-text]")).to_have_value(words)
        answer(page, address, seed, words)
        worker()
        cases.append((number, pin, address))
    number, pin, address = cases[1]

    enter_desk(page, live, city, "meja")
    page.goto(live.url(city, "/meja/lapor/temuan"))
    expect(page.locator("main")).to_contain_text(number)
    fine(page)
    page.locator(f"a[href*='{number}']").first.click()
    expect(page.locator("#bukti")).to_contain_text("Berkas foto yang sama pernah dipakai")
    fine(page)
    page.locator("#bukti summary", has_text="Putuskan temuan ini").first.click()
    page.locator("#bukti").get_by_label("Tolak bukti, unit mengerjakan lagi").first.check()
    page.locator("#bukti textarea").first.fill("Foto ini dari laporan lain.")
    page.get_by_role("button", name="Simpan keputusan").first.click()
    expect(page.locator("#langkah")).to_contain_text("Didahulukan")

    enter_desk(page, live, city, "dlhk")
    page.goto(live.url(city, "/meja/lapor/"))
    expect(page.locator(".inbox-group").first).to_contain_text("Didahulukan")
    fine(page)
    page.set_viewport_size(DESK)
    answer(page, address, 3, "Diangkut lagi pukul tiga.")
    worker()

    as_reporter(page, live, city, number, pin)
    expect(page.locator("main")).to_contain_text("Diangkut lagi")
    fine(page)
    page.get_by_role("button", name="Sudah selesai").click()
    expect(page.locator("main")).to_contain_text("dipastikan pelapor")

    enter_desk(page, live, city, "periksa")
    page.goto(live.url(city, "/meja/lapor/pemeriksaan"))
    fine(page)
    page.locator("[data-open]").first.click()
    expect(page.locator("#putusan")).to_be_visible()
    fine(page)
    page.get_by_label("Palsu, belum dikerjakan").check()
    page.fill("[name=reason]", "Di lapangan masih menumpuk.")
    page.get_by_role("button", name="Simpan penilaian").click()
    expect(page.locator("main")).to_contain_text("dinilai palsu")
    page.goto(live.url(city, "/meja/lapor/bukti"))
    expect(page.locator("table")).to_contain_text("Dinas Lingkungan Hidup")
    fine(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_face_is_covered_by_drawing_or_by_ticking(
    browser, live: Live, city: Tenant, worker: Callable[[], None], script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport=DESK, locale="id-ID")
    page = context.new_page()
    number, _ = report_with_photo(page, live, city)
    worker()
    enter_desk(page, live, city, "meja")
    page.goto(live.url(city, f"/meja/lapor/{number}"))
    photo = page.locator(".case-facts a[href*='/foto/']").first.get_attribute("href")
    assert photo is not None
    page.goto(live.url(city, photo.split("?")[0] + "/samarkan"))
    if script:
        fine(page)
        page.set_viewport_size(DESK)
        stage = page.locator("[data-stage]")
        frame = stage.bounding_box()
        assert frame is not None
        page.mouse.move(frame["x"] + 40, frame["y"] + 40)
        page.mouse.down()
        page.mouse.move(frame["x"] + 160, frame["y"] + 140, steps=4)
        page.mouse.up()
        expect(page.locator(".redact-shade")).to_have_count(1)
        expect(page.locator("[name=left-0]")).not_to_have_value("")
    else:
        page.locator("[name=cell][value='5']").check()
    page.get_by_role("button", name="Samarkan bagian ini").click()
    expect(page.locator(".redact")).to_contain_text("sedang disamarkan")
    worker()
    page.reload()
    expect(page.locator(".redact .chip", has_text="disamarkan")).to_be_visible()
    context.close()


def report_with_photo(page: Page, live: Live, city: Tenant) -> tuple[str, str]:
    page.goto(live.url(city, "/lapor/buat"))
    page.fill("[name=body]", "Sampah menumpuk dua hari di depan pasar.")
    page.fill("[name=address]", "Jl. Contoh 12")
    page.locator("[name=photos]").set_input_files([file(5, "sebelum.jpg")])
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sudah kami terima")
    text = page.locator("main").inner_text()
    number = next(word for word in text.split() if word.startswith(f"{city.short_code}-"))
    return number, next(word for word in text.split() if word.isdigit() and len(word) == 6)
