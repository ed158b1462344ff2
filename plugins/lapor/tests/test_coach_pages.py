"""Questions in the form, on the tracking page, at the desk and in the API: nothing typed is ever lost."""

from __future__ import annotations

import html
import io
import re

import pytest
from desk_people import COUNTER, behind, sits, step
from lapor_reports import PIXEL

from plugins.lapor import service

FORM = "/lapor/buat"
TYPED = {
    "body": "Lubang di tikungan depan pasar sejak Senin.",
    "category": "ROAD.POTHOLE",
    "kind": "complaint",
    "address": "Jalan Waribang 2",
    "key": "11111111-2222-4333-8444-555555555555",
}
ANSWERED = {
    "a-width": "1.250",
    "a-traffic": "Sebagian",
    "a-harm": ["Macet", "Motor jatuh"],
    "a-witness": "“Bu” <Sari> & é",
}
API = "/api/v1/lapor/complaints"
REPORT = {
    "kind": "complaint",
    "title": "Lubang",
    "body": "Lubang di tikungan depan pasar.",
    "category": "ROAD.POTHOLE",
    "location": {"address": "Jalan Waribang 2"},
}


@pytest.fixture
def visitor(client, tenant_a):
    return client(tenant_a)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def sent(visitor, **changes):
    answer = visitor.submit(FORM, {**TYPED, **ANSWERED, **changes})
    assert answer.status_code == 303, text(answer)
    return answer.location.rsplit("/", 1)[1]


def test_a_chosen_kind_brings_its_questions_without_script(visitor) -> None:
    page = text(visitor.get(f"{FORM}?jenis=ROAD.POTHOLE"))
    assert "Berapa lebar lubangnya?" in page
    assert re.search(r'type="radio" name="a-traffic" value="Bisa"', page)
    assert "a-width" not in text(visitor.get(FORM))


def test_a_missing_answer_is_asked_for_once_and_nothing_typed_is_lost(app, visitor, tenant_a) -> None:
    typed = {**TYPED, **ANSWERED, "category": ""}
    del typed["a-traffic"]
    back = visitor.submit(FORM, typed)
    page = html.unescape(text(back))
    assert back.status_code == 422
    assert 'href="#f-a-traffic"' in page
    assert "Kirim tanpa ini, petugas akan bertanya" in page
    assert 'value="1.250"' in page
    assert re.search(r'value="Macet" checked', page)
    assert not re.search(r'value="Mobil rusak" checked', page)
    assert ANSWERED["a-witness"] in page
    assert TYPED["body"] in page
    again = visitor.submit(FORM, {**typed, "incomplete": "1"})
    assert again.status_code == 303
    number = again.location.rsplit("/", 1)[1]
    own = html.unescape(text(visitor.get(f"/lapor/lacak/{number}/saya")))
    assert "1.250 cm" in own
    assert "Motor jatuh, Macet" in own


def test_a_wrong_answer_stays_and_cannot_be_skipped(visitor) -> None:
    back = visitor.submit(FORM, {**TYPED, **ANSWERED, "a-width": "lebar\x00sekali"})
    assert back.status_code == 422
    assert "Kirim tanpa ini" not in text(back)
    assert 'href="#f-a-width"' in text(back)
    assert re.search(r'value="Sebagian" checked', text(back))


def test_a_picture_can_be_the_answer(app, visitor, tenant_a) -> None:
    photo = (io.BytesIO(PIXEL), "dekat.png")
    typed = {**TYPED, **ANSWERED, "a-close_up": photo}
    answer = visitor.submit(FORM, typed, content_type="multipart/form-data")
    assert answer.status_code == 303
    with behind(app, tenant_a):
        case = service.public_view(answer.location.rsplit("/", 1)[1])
        assert len(case.photos) == 1


def test_a_key_of_a_report_that_was_changed_since_gets_a_new_one_and_keeps_the_words(visitor) -> None:
    sent(visitor)
    back = visitor.submit(FORM, {**TYPED, **ANSWERED, "body": "Lubangnya bertambah besar sejak kemarin."})
    assert back.status_code == 409
    assert "sudah terkirim sebelum Anda mengubahnya" in text(back)
    assert "Lubangnya bertambah besar" in text(back)
    assert TYPED["key"] not in text(back)


def test_the_script_is_told_hints_and_the_questions_of_the_kind(visitor) -> None:
    found = visitor.get("/lapor/bantu?teks=Jalan+berlubang+besar+sekali").get_json()
    assert found["category"] == "ROAD.POTHOLE"
    assert "a-traffic" in found["questions"]
    assert {each["code"] for each in found["hints"]} >= {"where", "since"}
    known = visitor.get(
        "/lapor/bantu?teks=Jalan+berlubang&jenis=ROAD.POTHOLE&ada=ROAD.POTHOLE&tempat=1"
    ).get_json()
    assert "questions" not in known
    assert "where" not in {each["code"] for each in known["hints"]}
    assert visitor.get("/lapor/bantu?teks=%00&jenis=NOPE").get_json()["questions"] == ""


def test_an_officer_asks_with_a_tap_and_the_reporter_answers_with_one(app, client, visitor, tenant_a) -> None:
    number = sent(visitor, **{"a-traffic": "", "incomplete": "1"})
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    case = text(browser.get(f"/meja/lapor/{number}"))
    assert re.search(r'name="ask-code" value="traffic"', case)
    assert "Apakah ini jalan nasional atau jalan kota?" in case
    assert "belum dijawab: Apakah jalan masih bisa dilewati?" in case
    with behind(app, tenant_a):
        receipt = service.public_view(number)
    asked = step(browser, receipt, "tanya", 1, **{"ask-code": "traffic"})
    assert asked.status_code == 303
    own = text(visitor.get(f"/lapor/lacak/{number}/saya"))
    assert re.search(r'<button[^>]*name="a-traffic" value="Bisa"', own)
    assert "Tanpa jawaban sampai" in own
    tapped = visitor.submit(
        f"/lapor/lacak/{number}/tambah", {"a-traffic": "Bisa"}, form=f"/lapor/lacak/{number}/saya"
    )
    assert tapped.status_code == 303
    with behind(app, tenant_a):
        assert service.public_view(number).status == "received"


def test_a_refused_question_of_the_desk_keeps_what_was_chosen(app, client, visitor, tenant_a) -> None:
    number = sent(visitor, **{"a-traffic": "", "incomplete": "1"})
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    with behind(app, tenant_a):
        receipt = service.public_view(number)
    back = step(
        browser, receipt, "tanya", 9, **{"ask-code": "traffic", "ask-question": "Terima kasih banyak."}
    )
    assert back.status_code == 409
    assert re.search(r'name="ask-code" value="traffic" checked', text(back))
    assert "Terima kasih banyak.</textarea>" in text(back)


def test_a_reporter_corrects_the_report_and_a_wrong_field_keeps_the_rest(
    app, client, visitor, tenant_a
) -> None:
    number = sent(visitor)
    page = f"/lapor/lacak/{number}/saya"
    before = html.unescape(text(visitor.get(page)))
    assert "Perbaiki laporan, sampai" in before
    assert f"{TYPED['body']}</textarea>" in before
    assert re.search(r'name="ca-width"[^>]* value="1250"', before)
    assert re.search(r'name="ca-traffic" value="Sebagian" checked', before)
    fixed = {
        **{"version": "1", "c-title": "Lubang besar", "c-body": "Lubang besar di tikungan sejak Senin."},
        **{"c-category": "ROAD.POTHOLE", "c-address": "Jalan Waribang 20", "c-area": ""},
        **{"ca-width": "2000", "ca-traffic": "Tidak", "ca-harm": ["Macet"]},
    }
    wrong = visitor.submit(f"/lapor/lacak/{number}/perbaiki", {**fixed, "ca-width": "x"}, form=page)
    assert wrong.status_code == 422
    assert "Jalan Waribang 20" in text(wrong)
    assert re.search(r'name="ca-traffic" value="Tidak" checked', text(wrong))
    assert 'href="#f-ca-width"' in text(wrong)
    assert visitor.submit(f"/lapor/lacak/{number}/perbaiki", fixed, form=page).status_code == 303
    stale = visitor.submit(f"/lapor/lacak/{number}/perbaiki", {**fixed, "c-body": "Versi lama."}, form=page)
    assert stale.status_code == 409
    assert "Versi lama.</textarea>" in text(stale)
    assert 'name="version" value="2"' in text(stale)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    case = text(browser.get(f"/meja/lapor/{number}"))
    assert "Diperbaiki pelapor satu kali" in case
    assert TYPED["body"] in case
    assert TYPED["body"] not in text(client(tenant_a).get(f"/lapor/lacak/{number}"))
    with behind(app, tenant_a):
        receipt = service.public_view(number)
    assert step(browser, receipt, "verifikasi", 2).status_code == 303
    late = visitor.submit(f"/lapor/lacak/{number}/perbaiki", {**fixed, "c-body": "Terlambat."}, form=page)
    assert late.status_code == 409
    assert re.search(r'id="tambah" open', text(late))
    assert "Terlambat.</textarea>" in text(late)  # nothing typed is lost: offered as a remark


def test_an_archived_report_says_why_by_which_rule_and_what_to_do(app, client, visitor, tenant_a) -> None:
    number = sent(visitor)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    with behind(app, tenant_a):
        receipt = service.public_view(number)
    assert step(browser, receipt, "arsipkan", 1, archive__reason_code="incomplete").status_code == 303
    page = text(visitor.get(f"/lapor/lacak/{number}/saya"))
    for words in ("Mengapa laporan ini diarsipkan", "Dasar", "Apa yang bisa Anda lakukan", number):
        assert words in page
    again = visitor.submit(
        f"/lapor/lacak/{number}/buka-lagi",
        {"reason": "Lubangnya di nomor 20."},
        form=f"/lapor/lacak/{number}/saya",
    )
    assert again.status_code == 303
    with behind(app, tenant_a):
        assert service.public_view(number).status == "received"


def test_the_desk_writes_answers_down_and_none_is_demanded(app, client, tenant_a) -> None:
    browser = sits(app, client, tenant_a, "operator", COUNTER)
    typed = {
        "channel": "phone",
        "body": "Lubang di jalan depan pasar.",
        "category": "ROAD.POTHOLE",
        "a-width": "30",
    }
    shown = browser.submit("/meja/lapor/catat", {**typed, "show": "1"})
    assert shown.status_code == 200
    assert 'value="30"' in text(shown)
    wrong = browser.submit("/meja/lapor/catat", {**typed, "a-width": "abc"})
    assert wrong.status_code == 422
    assert 'value="abc"' in text(wrong)
    assert browser.submit("/meja/lapor/catat", typed).status_code == 201


def test_questions_are_tried_out_asked_and_ended_at_the_desk(app, client, tenant_a) -> None:
    browser = sits(app, client, tenant_a, "admin")
    page = "/meja/lapor/pertanyaan"
    form = {
        **{
            "category": "DRAIN",
            "code": "depth",
            "kind": "choice",
            "label": "Setinggi apa airnya?",
            "sort": "10",
        },
        "options": "Mata kaki\nLutut",
    }
    shown = browser.submit(page, {**form, "show": "1"})
    assert "Begini pelapor melihatnya" in text(shown)
    wrong = browser.submit(page, {**form, "options": "Lutut"})
    assert wrong.status_code == 422
    assert "Lutut</textarea>" in text(wrong)
    assert browser.submit(page, form).status_code == 303
    with behind(app, tenant_a):
        (asked,) = service.questions_of("DRAIN.CLOG")
        assert asked.options == ("Mata kaki", "Lutut")
    assert browser.submit(f"{page}/{asked.id}/akhiri", form=page).status_code == 303
    with behind(app, tenant_a):
        assert service.questions_of("DRAIN.CLOG") == ()
    for part in ("petunjuk", "alasan"):
        assert browser.get(f"{page}?bagian={part}").status_code == 200
    assert sits(app, client, tenant_a, "liaison", "DLHK").get(page).status_code == 403


def test_the_api_tells_questions_and_takes_answers(app, client, tenant_a) -> None:
    caller = client(tenant_a)
    asked = caller.get("/api/v1/lapor/questions?category=ROAD.POTHOLE").get_json()
    assert [each["code"] for each in asked][:2] == ["width", "traffic"]
    assert caller.get("/api/v1/lapor/questions?category=NOPE").status_code == 404
    assert caller.get("/api/v1/lapor/questions").status_code == 422
    refused = caller.post(API, json={**REPORT, "answers": {"width": "lebar", "nope": 1, "harm": [1]}})
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    named = {each["field"]: each["code"] for each in refused.get_json()["errors"]}
    assert named == {"answers.width": "format", "answers.nope": "unknown", "answers.harm": "choice"}
    missing = caller.post(API, json=REPORT)
    assert [each["field"] for each in missing.get_json()["errors"]] == ["answers.traffic"]
    made = caller.post(
        API, json={**REPORT, "answers": {"width": 40.5, "harm": ["Macet"]}, "incomplete": True}
    )
    assert made.status_code == 201
    number, pin = made.get_json()["number"], {"Complaint-Pin": made.get_json()["pin"]}
    told = caller.post(f"{API}/{number}/answers", json={"answers": {"traffic": "Bisa"}}, headers=pin)
    assert told.status_code == 200
    own = caller.get(f"{API}/{number}", headers=pin).get_json()["answers"]
    assert {each["code"]: each["text"] for each in own} == {
        "width": "40,5 cm",
        "traffic": "Bisa",
        "harm": "Macet",
    }
    everybody = caller.get(f"{API}/{number}").get_json()["answers"]
    assert {each["label"] for each in everybody} == {
        "Berapa lebar lubangnya?",
        "Apakah jalan masih bisa dilewati?",
    }


ODD = [
    "\x00",
    "e" + "\u0301" * 60,
    10**30,
    -1e308,
    [["a"]],
    {"a": 1},
    ["Macet"] * 200,
    "x" * 100_000,
    True,
    None,
]


@pytest.mark.parametrize("code", ["width", "traffic", "since", "harm", "witness"])
def test_no_odd_answer_breaks_the_api(client, tenant_a, code) -> None:
    caller = client(tenant_a)
    for value in ODD:
        answer = caller.post(API, json={**REPORT, "incomplete": True, "answers": {code: value}})
        assert answer.status_code == (201 if value is None else 422), (code, value)


def test_the_script_that_opens_the_form_without_a_line_is_served_from_its_folder(visitor) -> None:
    script = visitor.get("/lapor/sw.js")
    assert script.mimetype == "text/javascript"
    assert 'data-worker="/lapor/sw.js"' in text(visitor.get(FORM))
