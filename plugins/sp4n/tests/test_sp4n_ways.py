"""A report goes to the nation and its answer comes home; a report of the nation is worked on here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sp4n_city import DRAFT, City
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts.outside import Busy
from plugins.lapor.models import Complaint, Difference, OutsideRef, ParcelRow
from plugins.lapor.service.outside import compare as comparing
from plugins.lapor.service.outside import deciding
from plugins.sp4n import connector
from superapp.sdk import at_time, now, session

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


def test_a_lost_answer_doubles_nothing_and_a_clear_no_waits_for_an_officer(joined: Joined) -> None:
    city = joined()
    receipt = service.submit(DRAFT)
    city.sandbox.nation.fail("garbage")
    city.send()
    row = session().scalars(select(ParcelRow)).one()
    assert (row.state, row.cause_kind) == ("waiting", "unsure")
    with at_time(now() + timedelta(hours=1)):
        city.send()
    assert [each.ours for each in city.sandbox.nation.reports()] == [receipt.number]
    second = service.submit(replace(DRAFT, title="Lubang kedua"))
    city.sandbox.nation.fail("422")
    with at_time(now() + timedelta(hours=2)):
        city.send()
    row = session().scalars(select(ParcelRow).where(ParcelRow.complaint_id == second.id)).one()
    assert (row.state, row.cause_kind) == ("dead", "refused") and "Diminta gagal" in row.cause


def test_the_older_way_asks_an_officer_when_nobody_knows(joined: Joined) -> None:
    city = joined(transport="legacy")
    service.submit(DRAFT)
    city.sandbox.nation.fail("lost")
    city.send()
    with at_time(now() + timedelta(days=3)):
        city.send()
    assert session().scalars(select(ParcelRow.state)).all() == ["unsure"]
    assert len(city.sandbox.nation.reports()) == 1


def test_both_sides_are_compared(joined: Joined) -> None:
    city = joined()
    receipt, gone = service.submit(DRAFT), service.submit(replace(DRAFT, title="Lubang kedua"))
    city.send()
    first, second = city.sandbox.nation.reports()
    first.status = "Selesai"
    del city.sandbox.nation._reports[second.number]
    comparing.compare(city.there.id)
    found = {(row.complaint_id, row.kind): row.theirs for row in session().scalars(select(Difference))}
    assert found == {(receipt.id, "state"): "Selesai", (gone.id, "unknown_there"): ""}


def test_a_card_has_the_words_of_the_national_form(joined: Joined) -> None:
    city = joined()
    receipt = service.submit(replace(DRAFT, anonymous=True))
    event_id = session().scalars(select(ParcelRow.event_id)).one()
    card = {line.label: line.value for line in deciding.card(city.there.id, event_id)}
    assert (
        card["Kategori"] == "PEKERJAAN UMUM DAN PENATAAN RUANG" and card["Subkategori"] == "JALAN BERLUBANG"
    )
    assert card["Pilihan pelapor"] == "Anonim" and card["Nomor di daerah"] == receipt.number
    assert not any("Contoh" in value for value in card.values())
    assert connector.status_word(city.tenant, "closed") == "Selesai"


def test_a_changed_setting_waits_until_the_connection_was_saved_again(joined: Joined) -> None:
    city = joined()
    service.submit(DRAFT)
    kept = {**city.tenant.settings["sp4n"], "transport": "legacy"}
    changed = replace(city.tenant, settings={**city.tenant.settings, "sp4n": kept})
    with pytest.raises(Busy, match="Simpan sambungannya"):
        connector.pull(changed, city.there, {})
