"""A report by conversation: what is asked, what comes of it, and who may read it afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.lapor import service as lapor
from plugins.lapor.contracts import Location, Order, Upload
from plugins.lapor.contracts.door import DOOR
from plugins.lapor.models import Complaint, Photo
from plugins.lapor.tests.lapor_reports import PIXEL
from plugins.percakapan import jobs, personal
from plugins.percakapan.models import Follow, Taken, Talk
from plugins.percakapan.tests.talking import Citizen
from superapp.context import SYSTEM, at_time, now, tenant_scope
from superapp.sdk import save_settings, session, use
from superapp.testing import governments

GOT = "Got mampet sejak Senin di Jalan Pipit No 3, Serangan"


@pytest.fixture
def citizen(app: Any, tenant_a: Any) -> Citizen:
    return Citizen(app, tenant_a)


def rows(citizen: Citizen, model: Any) -> list[Any]:
    with citizen.app.app_context(), tenant_scope(citizen.tenant, SYSTEM):
        return list(session().scalars(select(model)).all())


def sent(citizen: Citizen, text: str = GOT) -> tuple[str, str]:
    """Number and PIN of a report sent by this citizen."""
    citizen.says(text)
    said = citizen.press("Kirim")
    found = re.search(r"Nomor: (\S+)\nPIN: (\d{6})", said)
    assert found, said
    return found[1], found[2]


def by_officer(citizen: Citizen, deed: Callable[[Any], None], number: str) -> None:
    """Something that the desk does with a case."""
    with citizen.app.app_context(), tenant_scope(citizen.tenant, SYSTEM):
        deed(use(DOOR).id_of(number))


def given(case: Any) -> None:
    """The desk hands it to a unit."""
    lapor.dispose(case, units=[Order("DPUPR")])


def test_one_message_with_everything_needs_only_a_yes(citizen: Citizen) -> None:
    said = citizen.says(GOT, photos=(Upload("a", PIXEL),))
    assert "Halo, ini layanan laporan" in said
    assert "Tempat: Jalan Pipit No 3, Serangan" in said
    assert "Jenis: Got atau drainase mampet" in said
    assert "Foto: 1" in said
    assert citizen.titles == ["Kirim", "Ubah", "Rahasiakan nama"]
    receipt = citizen.press("Kirim")
    assert "/lapor/lacak/UJI-" in receipt
    [case] = rows(citizen, Complaint)
    assert (case.channel, case.category_code, case.area_code) == ("whatsapp", "DRAIN.CLOG", "51.71.01.1001")
    assert len(rows(citizen, Photo)) == 1
    assert [row.state for row in rows(citizen, Talk)] == ["idle"]


def test_what_is_missing_is_asked_one_by_one_with_required_questions(citizen: Citizen) -> None:
    assert "sedikit lebih lengkap" in citizen.says("lubang")
    said = citizen.says("ada lubang besar di jalan rusak")
    assert "Di mana" in said
    assert citizen.heard[0].asks_location
    assert "Apakah jalan masih bisa dilewati?" in citizen.says(location=Location(-8.7, 115.22))
    assert citizen.titles == ["Bisa", "Sebagian", "Tidak"]
    assert "Tulis LEWATI" in citizen.says("mungkin")
    assert "Periksa dulu" in citizen.says("2")
    citizen.says("1")
    with citizen.inside():
        [case] = session().scalars(select(Complaint)).all()
        assert (case.category_code, case.lat) == ("ROAD.POTHOLE", -8.7)


def test_every_part_can_be_changed_or_taken_back(citizen: Citizen) -> None:
    citizen.says(GOT)
    citizen.press("Ubah")
    citizen.press("Tempat")
    assert "Tempat: Gang Mawar, Pedungan" in citizen.says("Gang Mawar, Pedungan")
    citizen.says("ubah")
    citizen.press("Jenis laporan")
    assert "Jenis: Tumpukan sampah" in citizen.says("tumpukan sampah")
    citizen.says("ubah")
    assert "Cerita:" not in citizen.press("Cerita")
    assert "Cerita: Selokan penuh lumpur" in citizen.says("Selokan penuh lumpur")
    old = citizen.heard[0].choices[0].code
    assert "sudah dihapus" in citizen.says("batal")
    assert "Tidak ada laporan" in citizen.says("Kirim", choice=old)
    assert rows(citizen, Complaint) == []


def test_a_name_kept_secret_leaves_nothing_that_links_two_reports(citizen: Citizen) -> None:
    citizen.says(GOT)
    assert "Nama: dirahasiakan" in citizen.press("Rahasiakan nama")
    number = re.search(r"UJI-\S+", citizen.press("Kirim"))
    assert number
    [case], [follow] = rows(citizen, Complaint), rows(citizen, Follow)
    assert case.anonymous
    assert follow.who == ""
    assert "6281234567890" not in follow.address
    with citizen.app.app_context(), tenant_scope(citizen.tenant, SYSTEM):
        view = lapor.reporter_view(lapor.enter(number[0], _pin(citizen)))
    assert view.contact.phone == ""


def _pin(citizen: Citizen) -> str:
    return re.search(r"PIN: (\d+)", citizen.heard[0].text)[1]  # type: ignore[index]


@pytest.fixture
def news(monkeypatch: Any) -> list[Any]:
    """The messages that go back to citizens."""
    told: list[Any] = []
    monkeypatch.setattr("plugins.percakapan.news.notify", told.append)
    return told


def test_status_is_for_the_sender_and_for_who_has_the_pin(
    citizen: Citizen, worker: Callable[[], None], news: list[Any]
) -> None:
    citizen.says("Ada pungli di loket, minta uang pelicin, Pasar Badung")
    said = citizen.press("Kirim")
    number, pin = re.search(r"UJI-\d+-\d+", said)[0], re.search(r"PIN: (\d+)", said)[1]  # type: ignore[index]
    assert "Inspektorat" in citizen.says(number)
    later = (now() + timedelta(days=3)).date()
    by_officer(citizen, lambda case: lapor.hold(case, reason="Menunggu dokumen", until=later), number)
    worker()
    assert number in news[-1].text
    assert "dokumen" not in f"{news[-1].text}{news[-1].values}"  # of a secret case only that there is news
    stranger = citizen.other("6289999999999")
    assert "tidak ditemukan" in stranger.says(number)
    assert "tidak ditemukan" in stranger.says(f"{number} {int(pin) ^ 1:06d}")
    assert "Inspektorat" in stranger.says(f"status {number} {pin}")
    assert "pungli" not in stranger.says(number)
    public, _ = sent(citizen)
    assert f"{public}: Diterima" in stranger.says(public)
    assert "Yang mana" not in stranger.says("status")


def test_the_same_id_says_the_same_and_makes_one_report(citizen: Citizen) -> None:
    citizen.says(GOT)
    code = citizen.heard[0].choices[0].code
    first = citizen.says("Kirim", id="k-1", choice=code)
    assert citizen.says("Kirim", id="k-1", choice=code) == first
    assert "Tidak ada laporan" in citizen.says("Kirim", id="k-2", choice=code)
    assert len(rows(citizen, Complaint)) == 1
    assert all("PIN" not in row.said for row in rows(citizen, Taken))


def test_danger_gets_the_number_to_call_first(citizen: Citizen) -> None:
    said = citizen.says("Ada kebakaran di Gang Mawar 5!")
    assert said.startswith("Keadaan darurat? Hubungi 112 sekarang.")
    assert "Hubungi" not in citizen.says("kebakaran makin besar")


def test_a_refusal_is_said_in_its_own_words(citizen: Citizen, monkeypatch: Any) -> None:
    from superapp.sdk import PluginRefused

    def refuse(*_: Any, **__: Any) -> None:
        raise PluginRefused("Keadaan darurat.", "Hubungi 112.")

    citizen.says(GOT)
    monkeypatch.setattr("plugins.lapor.door.submit", refuse)
    assert citizen.press("Kirim") == "Keadaan darurat. Hubungi 112."
    assert citizen.titles == ["Ubah", "Batal"]


def test_what_cannot_be_taken_is_told_and_the_question_stands(citizen: Citizen) -> None:
    assert "terlalu besar" in citizen.says(problem="size")
    assert "JPEG" in citizen.says("sampah menumpuk", photos=(Upload("x", b"GIF89a"),))
    assert "di luar wilayah" in citizen.says(location=Location(51.5, 0.1))
    assert "belum jelas" in citizen.says("!!")
    for _ in range(6):
        citizen.says(photos=(Upload("x", PIXEL + bytes([_])),))
    assert "Paling banyak 5 foto" in citizen.heard[0].text


def test_a_question_of_the_desk_is_answered_by_a_reply(
    citizen: Citizen, worker: Callable[[], None], news: list[Any]
) -> None:
    number, _ = sent(citizen)
    by_officer(citizen, lambda case: lapor.ask(case, text="Sebelah mana pasarnya?"), number)
    worker()
    assert "Sebelah mana pasarnya?" in news[-1].text
    assert "Balas pesan ini" in news[-1].text
    assert "Sebelah mana" in citizen.says("status")
    assert f"masuk ke laporan {number}" in citizen.says("Di sisi utara, dekat pintu")
    with citizen.inside():
        assert session().scalars(select(Complaint)).one().status == "received"
    sent_more = citizen.says("Airnya sudah masuk rumah")
    assert "Ini tambahan untuk laporan Anda" in sent_more
    assert f"masuk ke laporan {number}" in citizen.press(number)
    citizen.says("Tumpukan sampah di Gang Mawar 2")
    assert "Periksa dulu" in citizen.press("Laporan baru")


def test_news_come_back_by_the_channel_and_its_reporter_decides(
    citizen: Citizen, worker: Callable[[], None], news: list[Any]
) -> None:
    told = news
    number, _ = sent(citizen)

    def answered() -> None:
        by_officer(citizen, lambda case: use(DOOR).answer(case, text="Sudah dibersihkan."), number)
        worker()

    by_officer(citizen, given, number)
    worker()
    answered()
    last = told[-1]
    assert (last.channel, last.to, last.kind) == ("whatsapp", "6281234567890", "lapor.answered")
    assert [title for _, title in last.choices] == ["Sudah selesai", "Belum selesai"]
    assert last.values["number"] == number
    assert "Apa yang belum selesai" in citizen.says("2")
    assert "dibuka lagi" in citizen.says("Airnya masih menggenang")
    answered()
    stranger = citizen.other("6289999999999")
    assert "tidak ditemukan" in stranger.says("Sudah selesai", choice=f"solved:{number}")
    assert "Bagaimana penanganannya" in citizen.says("Sudah selesai", choice=f"solved:{number}")
    assert "ditutup" in citizen.press("Puas")
    with citizen.inside():
        case = session().scalars(select(Complaint)).one()
        assert (case.status, case.rating) == ("closed", 5)
    before = len(told)
    worker()
    assert len(told) == before  # what the reporter did is no news to them
    assert "Belum selesai" in (citizen.says("status") and citizen.titles)


def test_a_solved_that_nobody_rated_closes_in_the_end_and_drafts_are_forgotten(
    citizen: Citizen, worker: Callable[[], None]
) -> None:
    number, _ = sent(citizen)
    by_officer(citizen, given, number)
    by_officer(citizen, lambda case: use(DOOR).answer(case, text="Selesai."), number)
    citizen.says("Sudah selesai", choice=f"solved:{number}")
    other = citizen.other("6287777777777")
    other.says("sampah menumpuk", photos=(Upload("a", PIXEL),))
    with at_time(now() + timedelta(days=2)), citizen.app.app_context():
        with tenant_scope(citizen.tenant, SYSTEM):
            jobs.sweep()
    with citizen.inside():
        case = session().scalars(select(Complaint)).one()
        assert (case.status, case.rating) == ("closed", None)
    assert {row.state for row in rows(citizen, Talk)} == {"idle"}
    with at_time(now() + timedelta(days=200)), citizen.app.app_context():
        with tenant_scope(citizen.tenant, SYSTEM):
            jobs.sweep()
    assert rows(citizen, Talk) == rows(citizen, Taken) == []


def test_limits_are_said_once_and_hold_for_one_sender(citizen: Citizen) -> None:
    with citizen.app.app_context(), tenant_scope(citizen.tenant, SYSTEM):
        save_settings(citizen.tenant, "percakapan", {"sender_limit": 5, "report_limit": 1})
    citizen.tenant = governments.read_pair(citizen.app)[0]
    sent(citizen)
    citizen.says(GOT)
    citizen.press("Laporan baru")
    assert "Terlalu sering" in citizen.press("Kirim")
    assert "Terlalu banyak pesan" in citizen.says("halo")
    assert citizen.says("halo") == ""
    assert citizen.other("6285555555555").says("halo")


def test_own_data_are_copied_and_erased(citizen: Citizen) -> None:
    sent(citizen)
    citizen.says("Sampah menumpuk lagi")
    with citizen.app.app_context(), tenant_scope(citizen.tenant, SYSTEM):
        copy = personal.export("0812-3456-7890")
        assert copy is not None
        assert copy.data["news_of"][0]["channel"] == "whatsapp"
        assert personal.erase("+62 812 3456 7890") == 2
        assert personal.export("081234567890") is None
    assert rows(citizen, Follow) == rows(citizen, Talk) == []
