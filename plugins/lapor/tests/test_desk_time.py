"""Rules of time at the desk: seen with dates and documents, added, replaced and ended, never edited."""

from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from desk_people import behind, lies, sits
from sqlalchemy import select

from plugins.lapor.models import DeadlineRow, Recount, TimeLimit
from plugins.lapor.service.time import recount, rules
from superapp.identity.models import Audit
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, dayfile, session, work

PAGE = "/meja/lapor/waktu"
LIMIT = {"step": "resolve", "authority": "tenant", "amount": "7", "unit": "wd", "document": "Perwali 12/2026"}
TODAY = datetime.now(ZoneInfo("Asia/Makassar")).date()


@pytest.fixture
def desk(app, client, tenant_a):
    return sits(app, client, tenant_a, "coordinator", "DISKOMINFO")


def send(browser, path: str, **fields):
    return browser.post(f"{PAGE}{path}", data={"csrf_token": browser.token("/meja/akun"), **fields})


def row_of(app, tenant, what: str, **values):
    with behind(app, tenant):
        return next(
            each
            for each in rules.listed(what)
            if all(each.values[name] == value for name, value in values.items())
        )


def test_each_book_shows_its_rows_with_validity_and_document(desk) -> None:
    limits = desk.get(f"{PAGE}/batas").get_data(as_text=True)
    assert "berkadar pengawasan: 60 hari kerja" in limits
    assert "UU 14/2008 pasal 22" in limits
    assert "sejak awal" in limits
    assert "2 hari kerja sebelum batas" in desk.get(f"{PAGE}/tangga").get_data(as_text=True)
    assert "Senin, 06.00–14.00" in desk.get(f"{PAGE}/jam").get_data(as_text=True)
    assert "Batas waktu &amp; kalender" in desk.get("/meja/lapor/").get_data(as_text=True)
    assert desk.get(f"{PAGE}/lain").status_code == 404
    assert desk.get(f"{PAGE}/batas/{uuid4()}").status_code == 404


@pytest.mark.parametrize("role", ["liaison", "operator", "leader", "auditor"])
def test_who_does_not_set_rules_does_not_see_them(app, client, tenant_a, role) -> None:
    browser = sits(app, client, tenant_a, role, "DLHK")
    assert browser.get(f"{PAGE}/batas").status_code == 403
    assert "Batas waktu &amp; kalender" not in browser.get("/meja/lapor/").get_data(as_text=True)


def test_an_admin_sets_them_without_seeing_any_report(app, client, tenant_a) -> None:
    browser = sits(app, client, tenant_a, "admin")
    assert browser.get(f"{PAGE}/tangga").status_code == 200


def test_an_added_limit_starts_a_clock_beside_the_national_one(app, tenant_a, desk, worker) -> None:
    receipt = lies(app, tenant_a)
    assert send(desk, "/batas/baru", **LIMIT).status_code == 303
    assert "7 hari kerja" in desk.get(f"{PAGE}/batas").get_data(as_text=True)
    with behind(app, tenant_a):
        run = recount.latest()
        assert (run.reason, run.asked_by) == ("Aturan batas waktu berubah: Perwali 12/2026.", "Koordinator")
        recount.walk(run.id)
        query = select(DeadlineRow.authority, DeadlineRow.amount).where(
            DeadlineRow.complaint_id == receipt.id, DeadlineRow.step == "resolve"
        )
        assert sorted(map(tuple, session().execute(query))) == [("national", 14), ("tenant", 7)]
        actions = session().scalars(select(Audit.action)).all()
        assert "lapor.rules.add" in actions
    shown = desk.get(f"{PAGE}/kalender").get_data(as_text=True)
    assert "Aturan batas waktu berubah: Perwali 12/2026." in shown
    page = desk.get(f"/meja/lapor/{receipt.number}").get_data(as_text=True)
    assert "kota 7 hari kerja" in page


def test_a_row_that_clashes_is_refused_naming_the_other_and_keeps_what_was_typed(desk) -> None:
    assert send(desk, "/batas/baru", **LIMIT).status_code == 303
    again = send(desk, "/batas/baru", **{**LIMIT, "amount": "9"})
    text = again.get_data(as_text=True)
    assert again.status_code == 422
    assert "bertumpuk dengan baris" in text
    assert 'value="9"' in text
    wrong = send(desk, "/batas/baru", **{**LIMIT, "amount": "0", "unit": "x", "document": ""})
    assert wrong.status_code == 422
    wrong = send(desk, "/batas/baru", **{**LIMIT, "amount": "0", "unit": "x"})
    text = wrong.get_data(as_text=True)
    assert "Isi antara 1 dan 365" in text
    assert "bukan pilihan" in text


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"step": "verify", "level": "2", "who": "agency", "amount": "1"}, "tingkat 1 tidak ada"),
        ({"step": "resolve", "level": "4", "who": "agency", "amount": "9"}, "kembali ke agency"),
        ({"step": "resolve", "level": "4", "who": "leader", "amount": "1"}, "tidak lebih lambat"),
        ({"step": "verify", "level": "1", "who": "raja", "amount": "1"}, "bukan peran"),
        (
            {"step": "verify", "level": "1", "who": "leader", "amount": "1", "channel": "email"},
            "tidak punya alamat",
        ),
    ],
)
def test_a_rung_that_does_not_fit_is_refused(desk, fields, word) -> None:
    answer = send(
        desk, "/tangga/baru", when="after", unit="wd", document="SK 1", **{"channel": "desk", **fields}
    )
    assert answer.status_code == 422
    assert word in answer.get_data(as_text=True)


def test_hours_over_each_other_are_refused(desk) -> None:
    hours = {"agency": "DLHK", "weekday": "1", "opens": "13:00", "closes": "15:00", "document": "SK 2"}
    assert "bertumpuk dengan baris" in send(desk, "/jam/baru", **hours).get_data(as_text=True)
    assert send(desk, "/jam/baru", **{**hours, "opens": "14:00"}).status_code == 303


def test_a_row_is_replaced_from_a_day_on_and_stays_to_be_read(app, tenant_a, desk) -> None:
    old = row_of(app, tenant_a, "batas", step="verify")
    start = TODAY + timedelta(days=30)
    fields = {
        "step": "verify",
        "authority": "national",
        "amount": "2",
        "unit": "wd",
        "document": "PermenPANRB 5/2025",
    }
    assert send(desk, f"/batas/{old.id}/ganti", **fields).status_code == 422, "since when"
    done = send(desk, f"/batas/{old.id}/ganti", **fields, valid_from=start.isoformat())
    assert done.status_code == 303
    with behind(app, tenant_a):
        rows = session().scalars(select(TimeLimit).where(TimeLimit.step == "verify")).all()
        found = sorted((row.amount, row.valid_from, row.valid_to) for row in rows)
    assert found == [(2, start, None), (3, None, start - timedelta(days=1))]
    again = send(desk, f"/batas/{old.id}/ganti", **fields, valid_from=(TODAY - timedelta(days=9)).isoformat())
    assert again.status_code == 422
    assert "akan berlaku" in desk.get(f"{PAGE}/batas").get_data(as_text=True)


def test_a_row_ends_by_day_and_document_and_never_in_the_past(app, tenant_a, desk) -> None:
    send(desk, "/batas/baru", **LIMIT)
    row = row_of(app, tenant_a, "batas", authority="tenant")
    path = f"/batas/{row.id}/akhiri"
    for day, document in (("", "SK 3"), ("2020-01-01", "SK 3"), (TODAY.isoformat(), "")):
        refused = send(desk, path, **{"end-valid_to": day, "end-document": document})
        assert refused.status_code == 422, (day, document)
    assert send(desk, path, **{"end-valid_to": TODAY.isoformat(), "end-document": "SK 3"}).status_code == 303
    with behind(app, tenant_a):
        kept = session().scalars(select(TimeLimit).where(TimeLimit.authority == "tenant")).one()
        assert (kept.valid_to, kept.document) == (TODAY, "Perwali 12/2026; SK 3")


def test_a_ladder_is_not_left_with_a_gap(app, tenant_a, desk) -> None:
    row = row_of(app, tenant_a, "tangga", level=1)
    refused = send(
        desk, f"/tangga/{row.id}/akhiri", **{"end-valid_to": TODAY.isoformat(), "end-document": "SK"}
    )
    assert refused.status_code == 422
    assert "tingkat 1 tidak ada" in refused.get_data(as_text=True)


def test_services_hold_the_right_themselves(app, acting) -> None:
    with acting("liaison", "DLHK"):
        for deed in (
            lambda: rules.add("batas", LIMIT),
            lambda: rules.end("batas", uuid4(), TODAY, "SK"),
            lambda: rules.take_in([], "x"),
            lambda: rules.take_out(TODAY, "x"),
        ):
            with pytest.raises(Forbidden):
                deed()
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(NotFound):
            rules.end("batas", uuid4(), TODAY, "SK")
        with pytest.raises(NotFound):
            rules.take_out(TODAY, "Tidak ada")
        row = rules.add("batas", {**LIMIT, "valid_to": "2026-01-01", "valid_from": "2025-01-01"})
        with pytest.raises(Conflict):
            rules.end("batas", row.id, TODAY, "SK")
        row = rules.add("batas", {**LIMIT, "valid_from": (TODAY + timedelta(days=9)).isoformat()})
        with pytest.raises(Invalid):
            rules.end("batas", row.id, TODAY, "SK")


def test_the_calendar_shows_national_and_own_days_and_what_nobody_decreed_yet(desk) -> None:
    shown = desk.get(f"{PAGE}/kalender?tahun=2027").get_data(as_text=True)
    assert "Hari Jadi Kota Uji" in shown
    assert "jam tetap berjalan" in shown
    assert "Cuti bersama 2027 belum diketahui" not in shown
    assert "Cuti bersama 2028 belum diketahui" in desk.get(f"{PAGE}/kalender?tahun=2028").get_data(
        as_text=True
    )
    assert desk.get(f"{PAGE}/kalender?tahun=abc").status_code == 200


def test_a_day_is_added_and_taken_away_again(app, tenant_a, desk) -> None:
    lies(app, tenant_a)
    day = (TODAY + timedelta(days=40)).isoformat()
    fields = {"day": day, "name": "Hari Jadi", "kind": "local", "document": "SE 7"}
    for name in ("day", "name", "kind", "document"):
        assert send(desk, "/kalender", **{**fields, name: ""}).status_code == 422, name
    assert send(desk, "/kalender", **fields).status_code == 303
    with behind(app, tenant_a):
        assert "Hari Jadi" in recount.latest().reason
    assert send(desk, "/kalender/hapus", day=day, name="Hari Jadi").status_code == 303
    assert send(desk, "/kalender/hapus", day=day, name="Hari Jadi").status_code == 404
    assert send(desk, "/kalender/hapus", day="besok", name="Hari Jadi").status_code == 422
    with behind(app, tenant_a):
        assert [row.reason.endswith("tidak lagi libur.") for row in session().scalars(select(Recount))].count(
            True
        ) == 1


def test_a_file_is_shown_before_it_is_taken_in(app, tenant_a, desk) -> None:
    ical = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20281226\n"
        "SUMMARY:Cuti Bersama Natal\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    token = desk.token("/meja/akun")
    data = {"csrf_token": token, "kind": "cuti_bersama", "document": "SKB 2028"}

    def upload(name: str, text: str):
        whole = {**data, "file": (BytesIO(text.encode()), name)}
        return desk.post(f"{PAGE}/kalender/impor", data=whole, content_type="multipart/form-data")

    shown = upload("skb.ics", ical).get_data(as_text=True)
    assert "Selasa, 26 Desember 2028" in shown
    assert "1 hari akan diubah" in shown
    with behind(app, tenant_a):
        assert dayfile.listed(2028) == []
    csv = dayfile.to_csv(
        [dayfile.DayOff(date(2028, 12, 26), "Cuti Bersama Natal", "cuti_bersama", True, "SKB 2028")]
    )
    assert csv in shown
    assert send(desk, "/kalender/terapkan", days=csv, source="skb.ics").status_code == 303
    with behind(app, tenant_a):
        assert [each.document for each in dayfile.listed(2028)] == ["SKB 2028"]
    assert "Tidak ada yang berubah" in upload("skb.ics", ical).get_data(as_text=True)
    assert "belum diketahui" not in desk.get(f"{PAGE}/kalender?tahun=2028").get_data(as_text=True)
    assert "a.csv:2" in upload("a.csv", "day,name\n2028-99-01,X\n").get_data(as_text=True)
    assert send(desk, "/kalender/impor").status_code == 422
    assert send(desk, "/kalender/terapkan", days="", source="x").status_code == 422


def test_what_one_government_sets_is_not_the_others(app, tenant_a, tenant_b, desk, client) -> None:
    send(desk, "/batas/baru", **LIMIT)
    row = row_of(app, tenant_a, "batas", authority="tenant")
    other = sits(app, client, tenant_b, "coordinator", "DISKOMINFO")
    assert other.get(f"{PAGE}/batas/{row.id}").status_code == 404
    assert (
        send(
            other, f"/batas/{row.id}/akhiri", **{"end-valid_to": TODAY.isoformat(), "end-document": "x"}
        ).status_code
        == 404
    )
    with behind(app, tenant_b), work():
        assert recount.ask("") is not None or recount.latest() is not None
        assert all(each.values["authority"] == "national" for each in rules.listed("batas"))
