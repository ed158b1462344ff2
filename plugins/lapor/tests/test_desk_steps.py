"""Steps of a case through their forms: who may do what, refusals that change nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from lapor_reports import PIXEL

from plugins.lapor import service
from plugins.lapor.tests.desk_people import COUNTER, behind, lies, sits, step, view

PEOPLE = {
    "coordinator": ("coordinator", COUNTER),
    "liaison": ("liaison", "DLHK"),
    "leader": ("leader", ""),
}
# path: what is typed, who may, and the state it leads to from a case that lies with the liaison's unit
STEPS = {
    "teruskan": ({"dispose__agency": "DPUPR"}, {"coordinator"}, "dispositioned"),
    "kemajuan": ({"progress__text": "Truk berangkat pagi ini."}, {"coordinator", "liaison"}, "in_progress"),
    "jawab": ({"answer__text": "Sampah sudah diangkut."}, {"coordinator", "liaison"}, "answered"),
    "tunda": ({"hold__reason": "Menunggu alat berat."}, {"coordinator", "liaison"}, "on_hold"),
    "tanya": ({"ask__question": "Rumah nomor berapa?"}, {"coordinator", "liaison"}, "on_hold"),
    "kembalikan": (
        {"give_back__owner": "DPUPR", "give_back__reason": "Ini saluran kota."},
        {"coordinator", "liaison"},
        "returned",
    ),
    "serahkan": ({"forward__agency": "BPJN"}, {"coordinator"}, "forwarded"),
    "arsipkan": (
        {
            "archive__reason_code": "duplicate",
            "archive__rule": "Pasal 9",
            "archive__remedy": "Ikuti laporan pertama.",
        },
        {"coordinator"},
        "archived",
    ),
}


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.parametrize("person", PEOPLE)
def test_a_role_does_what_it_may_and_nothing_else(app, client, tenant_a, person, path):
    typed, may, state = STEPS[path]
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, *PEOPLE[person])
    answer = step(browser, receipt, path, 2, **typed)
    after = view(app, tenant_a, receipt)
    if person in may:
        assert answer.status_code == 303, answer.text
        assert (after.case.status, after.version) == (state, 3)
        assert browser.get(answer.location).status_code == 200
    else:
        assert answer.status_code == 403
        assert (after.case.status, after.version) == ("dispositioned", 2)


def test_the_whole_way_from_the_inbox_to_the_answer(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    desk, unit = (sits(app, client, tenant_a, *PEOPLE[each]) for each in ("coordinator", "liaison"))
    assert step(desk, receipt, "verifikasi", 1, verify__category="WASTE.PILE").status_code == 303
    handed = step(desk, receipt, "teruskan", 2, dispose__agency="DLHK", dispose__instruction="Hari ini.")
    assert handed.location == f"/meja/lapor/{receipt.number}"
    assert "diteruskan ke Dinas Lingkungan Hidup dan Kebersihan" in desk.get(handed.location).text
    assert step(unit, receipt, "kemajuan", 3, progress__text="Truk berangkat.").status_code == 303
    photo = (BytesIO(PIXEL), "bukti.png")
    assert (
        step(unit, receipt, "jawab", 4, answer__text="Sudah bersih.", **{"answer__photos": photo}).status_code
        == 303
    )
    after = view(app, tenant_a, receipt)
    assert after.case.status == "answered"
    assert [len(item.photos) for item in after.case.timeline if item.type == "answer"] == [1]


def test_handing_out_from_the_list_goes_on_to_its_next_case(app, client, tenant_a):
    first, second = lies(app, tenant_a), lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    onward = step(browser, first, "teruskan", 1, "?box=unverified", dispose__agency="DLHK")
    assert onward.location == f"/meja/lapor/{second.number}?box=unverified"
    last = step(browser, second, "teruskan", 1, "?box=unverified", dispose__agency="DLHK")
    assert last.location == "/meja/lapor/?box=unverified"


def test_another_unit_and_its_helpers_can_be_chosen(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    chosen = {
        "dispose__agency": "",
        "dispose__other": "DPUPR",
        "dispose__unit__0": "DLHK",
        "dispose__copy__1": "1",
    }
    chosen |= {"dispose__told__0": "Angkut.", "dispose__unit__1": "DISKOMINFO"}
    assert step(browser, receipt, "teruskan", 1, **chosen).status_code == 303
    units = [each.agency.code for each in view(app, tenant_a, receipt).assignments if each.active]
    assert sorted(units) == ["DISKOMINFO", "DLHK", "DPUPR"]
    assert view(app, tenant_a, receipt).case.agency.code == "DPUPR"


def test_an_outside_owner_gets_it_forwarded(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    assert step(browser, receipt, "teruskan", 1, dispose__agency="BPJN").status_code == 303
    assert view(app, tenant_a, receipt).case.status == "forwarded"


def test_no_unit_is_said_beside_the_choice(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    page = step(browser, receipt, "teruskan", 1, dispose__agency="", dispose__instruction="Mohon cek.")
    assert page.status_code == 422
    assert "Pilih unit yang menangani." in page.text
    assert "Mohon cek.</textarea>" in page.text
    assert view(app, tenant_a, receipt).version == 1


def test_an_illegal_jump_is_409_and_changes_nothing(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    for path, typed in (
        ("jawab", {"answer__text": "Sudah selesai dikerjakan."}),
        ("lanjutkan", {"resume__text": "Sudah ada jawaban."}),
    ):
        page = step(browser, receipt, path, 1, **typed)
        assert page.status_code == 409
        assert next(iter(typed.values())) in page.text  # nothing typed is lost
    after = view(app, tenant_a, receipt)
    assert (after.case.status, after.version, len(after.case.timeline)) == ("received", 1, 1)


def test_a_stale_version_is_409_with_the_new_state_and_the_words_kept(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, *PEOPLE["liaison"])
    with behind(app, tenant_a):
        service.progress(receipt.id, version=2, text="Petugas lain lebih dulu.")
    page = step(browser, receipt, "jawab", 2, answer__text="Jawaban yang panjang dan berharga.")
    assert page.status_code == 409
    assert "sudah berubah" in page.text
    assert "Petugas lain lebih dulu." in page.text
    assert "Jawaban yang panjang dan berharga.</textarea>" in page.text
    assert 'name="version" value="3"' in page.text
    assert view(app, tenant_a, receipt).case.status == "in_progress"
    assert step(browser, receipt, "jawab", 3, answer__text="Jawaban.").status_code == 303


@pytest.mark.parametrize("version", ["", "x", "-1", "1e3", "99999999999"])
def test_a_form_without_a_readable_version_is_refused(app, client, tenant_a, version):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    assert step(browser, receipt, "teruskan", version, dispose__agency="DLHK").status_code == 422
    assert view(app, tenant_a, receipt).version == 1


def test_a_file_that_is_no_photo_is_refused_with_the_words_kept(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, *PEOPLE["liaison"])
    fake = {"answer__text": "Sudah bersih.", "answer__photos": (BytesIO(b"<svg/>"), "bukti.svg")}
    page = step(browser, receipt, "jawab", 2, **fake)
    assert page.status_code == 422
    assert "Sudah bersih.</textarea>" in page.text
    assert view(app, tenant_a, receipt).case.status == "dispositioned"


def test_a_held_case_says_whom_it_waits_for_and_goes_on(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, *PEOPLE["liaison"])
    wrong = step(browser, receipt, "tunda", 2, hold__reason="Menunggu alat.", hold__until="besok")
    assert wrong.status_code == 422
    assert 'value="besok"' in wrong.text
    step(browser, receipt, "tanya", 2, ask__question="Rumah nomor berapa?")
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "Menunggu pelapor" in page
    assert "Ditanyakan: Rumah nomor berapa?" in page
    assert step(browser, receipt, "lanjutkan", 3, resume__text="").status_code == 303
    assert view(app, tenant_a, receipt).case.status == "dispositioned"


def test_a_return_names_its_owner_and_leaves_the_units_sight(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, *PEOPLE["liaison"])
    nobody = step(browser, receipt, "kembalikan", 2, give_back__reason="Bukan kami.")
    assert nobody.status_code == 422
    given = step(browser, receipt, "kembalikan", 2, give_back__owner="DPUPR", give_back__reason="Bukan kami.")
    assert given.location == "/meja/lapor/"
    assert browser.get(f"/meja/lapor/{receipt.number}").status_code == 404


def test_an_archive_needs_a_reason_whose_rule_and_remedy_are_used_when_none_is_typed(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    typed = {name: text for name, text in STEPS["arsipkan"][0].items() if name != "archive__reason_code"}
    assert step(browser, receipt, "arsipkan", 1, **typed).status_code == 422
    assert view(app, tenant_a, receipt).case.status == "received"
    assert step(browser, receipt, "arsipkan", 1, archive__reason_code="duplicate").status_code == 303
    told = view(app, tenant_a, receipt).case.timeline[0]
    assert told.data["rule"]
    assert receipt.number in told.text


def test_a_form_without_its_token_is_refused(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, *PEOPLE["coordinator"])
    answer = browser.post(
        f"/meja/lapor/{receipt.number}/teruskan", data={"version": "1", "dispose-agency": "DLHK"}
    )
    assert answer.status_code == 403
    assert view(app, tenant_a, receipt).version == 1
