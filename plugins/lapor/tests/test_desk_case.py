"""The case page: what each role sees and may start from it."""

from __future__ import annotations

import pytest
from lapor_reports import PIXEL, draft

from plugins.lapor import service
from plugins.lapor.contracts import Contact, Upload
from plugins.lapor.tests.desk_people import COUNTER, behind, lies, sits, step

WITH_CONTACT = {"reporter": Contact("Warga Uji", "081234567890", "warga@uji.example")}


# Beside the steps: notes, identity, and what officers do together.
BESIDE = {
    *("gabung", "catatan", "identitas", "konsep", "mulai"),
    *("ambil-alih", "makro", "centang", "hubungkan", "lepas", "tarik"),
}


def forms(page: str, number: str) -> set[str]:
    """The steps that a page offers."""
    start = f'action="/meja/lapor/{number}/'
    return {part.split('"')[0].split("?")[0] for part in page.split(start)[1:]} - BESIDE


@pytest.mark.parametrize(
    ("role", "agency", "units", "offered"),
    [
        (
            "coordinator",
            COUNTER,
            (),
            {"teruskan", "tanya", "tunda", "verifikasi", "serahkan", "arsipkan", "pegawai"},
        ),
        ("leader", "", (), set()),
        (
            "coordinator",
            COUNTER,
            ("DLHK",),
            {
                "teruskan",
                "kemajuan",
                "jawab",
                "tanya",
                "tunda",
                "kembalikan",
                "serahkan",
                "arsipkan",
                "pegawai",
            },
        ),
        (
            "liaison",
            "DLHK",
            ("DLHK",),
            {"kemajuan", "jawab", "tanya", "tunda", "kembalikan", "teruskan-lagi"},
        ),
        ("leader", "", ("DLHK",), set()),
    ],
)
def test_a_page_offers_what_state_and_role_allow(app, client, tenant_a, role, agency, units, offered):
    receipt = lies(app, tenant_a, *units)
    page = sits(app, client, tenant_a, role, agency).get(f"/meja/lapor/{receipt.number}")
    assert page.status_code == 200
    assert forms(page.text, receipt.number) == offered


def test_the_first_suggestion_is_chosen_with_its_words_marked(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get(f"/meja/lapor/{receipt.number}").text
    assert '<input type="radio" name="dispose-agency" value="DLHK" checked' in page
    assert "<mark>sampah</mark>" in page.lower()
    assert page.count("btn-primary") == 1


def test_after_two_returns_nothing_is_chosen_beforehand(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    with behind(app, tenant_a):
        for version in (1, 3):
            service.dispose(receipt.id, version=version, agency_codes=["DPUPR"])
            service.give_back(receipt.id, version=version + 1, owner_agency_code="DLHK", reason="Bukan kami.")
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get(f"/meja/lapor/{receipt.number}").text
    assert '<input type="radio" name="dispose-agency" value="" checked' in page
    assert "Sudah dikembalikan 2 kali. Anda yang memutuskan." in page


def test_the_message_for_a_unit_stands_on_top_for_it(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    with behind(app, tenant_a):
        service.dispose(receipt.id, version=1, agency_codes=["DLHK"], instruction="Mohon hari ini juga.")
    page = sits(app, client, tenant_a, "liaison", "DLHK").get(f"/meja/lapor/{receipt.number}").text
    assert "Mohon hari ini juga." in page


def test_a_liaison_of_another_agency_gets_404(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DPUPR")
    browser = sits(app, client, tenant_a, "liaison", "DLHK")
    assert browser.get(f"/meja/lapor/{receipt.number}").status_code == 404
    assert step(browser, receipt, "jawab", 2, answer__text="Sudah.").status_code == 404


def test_another_tenants_number_is_404(app, client, tenant_a, tenant_b):
    receipt = lies(app, tenant_b)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    assert browser.get(f"/meja/lapor/{receipt.number}").status_code == 404
    assert browser.get("/meja/lapor/%00").status_code in {404, 422}


def test_no_case_page_shows_a_contact_to_anybody(app, client, tenant_a):
    named = lies(app, tenant_a, "DLHK", **WITH_CONTACT)
    hidden = lies(app, tenant_a, "DLHK", anonymous=True, **WITH_CONTACT)
    coordinator = sits(app, client, tenant_a, "coordinator", COUNTER)
    page = coordinator.get(f"/meja/lapor/{hidden.number}").text
    assert "Nama dan nomor tersimpan terpisah." in page
    for role, agency in (("coordinator", COUNTER), ("liaison", "DLHK"), ("leader", "")):
        browser = sits(app, client, tenant_a, role, agency)
        for receipt in (named, hidden):
            assert "081234567890" not in browser.get(f"/meja/lapor/{receipt.number}").text


def test_identity_opens_for_a_purpose_that_is_written_down(app, client, tenant_a):
    receipt = lies(app, tenant_a, anonymous=True, **WITH_CONTACT)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    refused = step(browser, receipt, "identitas", reveal__purpose="")
    assert refused.status_code == 422
    assert "081234567890" not in refused.text
    opened = step(browser, receipt, "identitas", reveal__purpose="Menanyakan alamat lengkap")
    assert "081234567890" in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    again = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "081234567890" not in again
    assert "Identitas pelapor dibuka" in again  # in the officers' notes
    leader = sits(app, client, tenant_a, "leader")
    assert step(leader, receipt, "identitas", reveal__purpose="Ingin tahu").status_code == 403


def test_notes_are_for_the_desk_alone(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, "liaison", "DLHK")
    assert step(browser, receipt, "catatan", 2, note__text="Tetangga sudah ditanya.").status_code == 303
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "Tetangga sudah ditanya." in page.split("<h2>Catatan petugas")[1]
    with behind(app, tenant_a):
        assert "Tetangga" not in str(service.public_view(receipt.number))


def test_a_photo_is_shown_to_those_who_see_the_case(app, client, tenant_a, worker):
    with behind(app, tenant_a):
        receipt = service.submit(draft(), [Upload("a.png", PIXEL)])
    worker()
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    path = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    shown = browser.get(path)
    assert shown.status_code == 200
    assert shown.mimetype.startswith("image/")
    assert sits(app, client, tenant_a, "liaison", "DPUPR").get(path).status_code == 404


def test_a_secret_case_shows_its_photos_to_the_desk_that_handles_it(app, client, tenant_a, worker):
    with behind(app, tenant_a):
        receipt = service.submit(draft(secret=True), [Upload("a.png", PIXEL)])
    worker()
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get(f"/meja/lapor/{receipt.number}").text
    assert "Rahasia" in page
    assert '<img src="/meja/lapor/foto/' in page
    assert sits(app, client, tenant_a, "leader").get(f"/meja/lapor/{receipt.number}").status_code == 404


def test_neighbours_of_the_list_are_one_key_away(app, client, tenant_a):
    receipts = [lies(app, tenant_a, title=f"Laporan ke-{n}") for n in range(3)]
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    page = browser.get(f"/meja/lapor/{receipts[1].number}?box=unverified").text
    assert f'href="/meja/lapor/{receipts[0].number}?box=unverified" rel="prev" data-key="k"' in page
    assert f'href="/meja/lapor/{receipts[2].number}?box=unverified" rel="next" data-key="j"' in page


def test_a_limit_that_ended_with_a_return_is_not_shown_beside_the_new_one(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    with behind(app, tenant_a):
        service.dispose(receipt.id, version=1, agency_codes=["DPUPR"])
        service.give_back(receipt.id, version=2, owner_agency_code="DLHK", reason="Bukan kami.")
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get(f"/meja/lapor/{receipt.number}").text
    assert page.count("Verifikasi, nasional 3 hari kerja") == 1
