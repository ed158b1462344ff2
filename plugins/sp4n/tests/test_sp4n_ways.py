"""A report goes to the nation and its answer comes home; a report of the nation is worked on here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sp4n_city import DRAFT, City
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.models import Complaint, OutsideRef, ParcelRow
from superapp.sdk import session

Joined = Callable[..., City]


def test_a_case_is_handed_over_and_the_nations_answer_comes_home(joined: Joined) -> None:
    city = joined(takes="forwarded")
    receipt = service.submit(DRAFT)
    city.send()
    assert city.sandbox.nation.reports() == []
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    city.send()
    report = city.theirs()
    assert report.ours == receipt.number and report.data["diserahkan"] is True
    assert report.data["kategori"] == {"utama": "PEKERJAAN UMUM DAN PENATAAN RUANG", "sub": "JALAN BERLUBANG"}
    nation = city.sandbox.nation
    nation.say(report.number, "tindak_lanjut", "Diperiksa bidang jalan.")
    nation.say(report.number, "pertanyaan", "Di sisi mana lubangnya?")
    nation.say(report.number, "jawaban", "Sudah ditambal.")
    nation.fail("twice")
    city.hear()
    city.hear()
    case = city.case(receipt.id)
    assert case.status == "answered" and case.units[0].external_id == report.number
    texts = [each.text for each in case.timeline]
    assert [texts.count(each) for each in ("Diperiksa bidang jalan.", "Sudah ditambal.")] == [1, 1]
    assert [line.kind for line in report.log if line.who == "uji-a"] == ["baru"]


def test_a_case_of_the_nation_is_answered_here_and_its_reporter_has_the_last_word(joined: Joined) -> None:
    city = joined()
    nation = city.sandbox.nation
    number = nation.dispose(
        "uji-a",
        title="Jalan berlubang",
        body="Lubang di jalan depan sekolah.",
        kategori={"utama": "PEKERJAAN UMUM DAN PENATAAN RUANG", "sub": "JALAN BERLUBANG"},
        anonim=True,
        pelapor={"nama": "Warga Kenari", "telepon": "081200001111"},
        lokasi={"alamat": "Jalan Uji 4", "lintang": -8.67, "bujur": 115.21},
    )
    city.hear()
    city.hear()
    [row] = session().scalars(select(Complaint)).all()
    assert (row.channel, row.category_code, row.anonymous, row.status) == (
        "sp4n",
        "ROAD.POTHOLE",
        True,
        "received",
    )
    service.dispose(row.id, agency_codes=["DPUPR"])
    service.answer(row.id, text="Sudah ditambal.", no_work="not_found")
    city.send()
    report = nation.report(number)
    assert report.status == "Dijawab" and ("jawaban", "Sudah ditambal.") in [
        (line.kind, line.text) for line in report.log
    ]
    nation.say(number, "belum_selesai", "Masih ada dua lubang.")
    city.hear()
    assert city.case(row.id).status == "in_progress"
    service.answer(row.id, text="Dua lubang itu juga.", no_work="not_found")
    city.send()
    nation.say(number, "selesai", "Terima kasih.", rating=5)
    city.hear()
    assert city.case(row.id).status == "closed"
    assert session().scalars(select(OutsideRef.foreign_id)).all() == [number]


def test_secrets_of_the_nation_stay_secret_and_go_back_to_it_alone(joined: Joined) -> None:
    city = joined()
    number = city.sandbox.nation.dispose("uji-a", title="Pungutan", body="Diminta uang.", rahasia=True)
    city.hear()
    [row] = session().scalars(select(Complaint)).all()
    assert row.secret
    service.dispose(row.id, agency_codes=["DPUPR"])
    city.send()
    assert city.sandbox.nation.report(number).status == "Terdisposisi"


@pytest.mark.parametrize("transport", ["modern", "legacy"])
def test_an_anonymous_name_never_reaches_the_nation(joined: Joined, transport: str) -> None:
    city = joined(transport=transport, identity=True)
    service.submit(replace(DRAFT, anonymous=True, reporter=replace(DRAFT.reporter, name="Kenari Rahasia")))
    service.submit(replace(DRAFT, secret=True, body="Isi kenari rahasia."))
    service.submit(DRAFT)
    city.send()
    kept = json.dumps(city.sandbox.nation.dump())
    first, second = city.sandbox.nation.reports()
    assert "enari" not in kept
    assert first.data["anonim"] is True and not first.data.get("pelapor")
    assert second.data["pelapor"]["nama"] == "Pelapor Contoh"


def test_without_the_rule_of_identity_no_name_travels(joined: Joined) -> None:
    city = joined()
    service.submit(DRAFT)
    city.send()
    assert "Contoh" not in json.dumps(city.sandbox.nation.dump())


def test_the_older_way_tells_new_reports_only(joined: Joined) -> None:
    city = joined(transport="legacy")
    receipt = service.submit(replace(DRAFT, body="Lubang & <genangan>."))
    service.verify(receipt.id)
    city.send()
    report = city.theirs()
    assert "Lubang & <genangan>." in report.data["isi"] and receipt.number in report.data["isi"]
    ref = session().scalars(select(OutsideRef)).one()
    assert (ref.foreign_id, ref.second_id) == (report.number, report.second)
    assert session().scalars(select(ParcelRow.step)).all() == ["new"]


@pytest.mark.parametrize(
    ("transport", "fault", "kept", "state", "cause"),
    [
        ("modern", "503", 0, "waiting", "busy"),
        ("modern", "429", 0, "waiting", "busy"),
        ("modern", "401", 0, "dead", "refused"),
        ("modern", "422", 0, "dead", "refused"),
        ("modern", "refuse", 0, "dead", "refused"),
        ("modern", "500", 0, "waiting", "unsure"),
        ("modern", "lost", 1, "waiting", "unsure"),
        ("modern", "garbage", 1, "waiting", "unsure"),
        ("legacy", "503", 0, "waiting", "busy"),
        ("legacy", "401", 0, "dead", "refused"),
        ("legacy", "refuse", 0, "dead", "refused"),
        ("legacy", "502", 0, "unsure", "unsure"),
        ("legacy", "lost", 1, "unsure", "unsure"),
        ("legacy", "garbage", 1, "unsure", "unsure"),
    ],
)
def test_what_failed_waits_or_asks_and_is_never_doubled(
    joined: Joined, transport: str, fault: str, kept: int, state: str, cause: str
) -> None:
    city = joined(transport=transport)
    service.submit(DRAFT)
    city.sandbox.nation.fail(fault)
    city.send()
    row = session().scalars(select(ParcelRow)).one()
    assert (row.state, row.cause_kind, len(city.sandbox.nation.reports())) == (state, cause, kept)
    assert row.cause
