"""Gathering at the desk, from the case and from the list; and twins that went to different units."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from plugins.lapor.jobs import incidents as jobs
from plugins.lapor.models import Complaint, Incident, IncidentDeed, Twin
from plugins.lapor.tests.desk_people import COUNTER, behind, lies, sits, step
from superapp.sdk import session

BODY = "Sampah menumpuk tiga hari di depan pasar dan baunya masuk rumah."


@pytest.fixture
def coordinator(app, client, tenant_a):
    return sits(app, client, tenant_a, "coordinator", COUNTER)


def sent(browser, path: str, **fields: str):
    data = {"csrf_token": browser.token("/meja/akun"), **fields}
    return browser.post(f"/meja/lapor/{path}", data=data)


def only(app, tenant, model):
    with behind(app, tenant):
        return session().scalars(select(model)).one()


def test_a_neighbour_is_gathered_with_one_button_and_taken_back_from_the_toast(
    app, tenant_a, coordinator, worker
) -> None:
    known, mine = lies(app, tenant_a, "DLHK"), lies(app, tenant_a)
    worker()
    page = coordinator.get(f"/meja/lapor/{mine.number}").text
    assert "Mungkin kejadian yang sama" in page and 'data-key="g"' in page and "teks sama" in page
    answer = sent(coordinator, f"{mine.number}/gabung", into=known.number)
    assert answer.status_code == 303
    page = coordinator.get(answer.location).text
    assert "Ditangani bersama" in page and "Lakukan langkahnya di laporan utama itu" in page
    assert (
        "2 pelapor. Langkah Anda berlaku untuk semua." in coordinator.get(f"/meja/lapor/{known.number}").text
    )
    deed = only(app, tenant_a, IncidentDeed)
    assert f"/meja/lapor/kejadian/urungkan/{deed.id}" in page
    sent(coordinator, f"kejadian/urungkan/{deed.id}")
    assert "Ditangani bersama" not in coordinator.get(f"/meja/lapor/{mine.number}").text


def test_the_list_counts_incidents_and_one_shows_its_voices_and_deeds(app, tenant_a, coordinator) -> None:
    known, mine, third = (lies(app, tenant_a) for _ in range(3))
    sent(coordinator, f"{mine.number}/gabung", into=known.number)
    incident = only(app, tenant_a, Incident)
    page = coordinator.get("/meja/lapor/kejadian").text
    assert "2 pelapor" in page and known.number[-6:] in page
    sent(coordinator, f"kejadian/{incident.id}/tambah", number=third.number, reason="Lubang yang sama")
    page = coordinator.get(f"/meja/lapor/kejadian/{incident.id}").text
    assert page.count("Pisahkan") >= 3 and "Lubang yang sama" in page and "Urungkan" in page
    sent(coordinator, f"{third.number}/utama")
    assert only(app, tenant_a, Incident).lead_id == third.id
    sent(coordinator, f"{third.number}/pisah")
    assert only(app, tenant_a, Incident).lead_id == known.id


def test_a_refused_gathering_says_why_and_keeps_the_number(app, tenant_a, coordinator) -> None:
    known, mine = lies(app, tenant_a), lies(app, tenant_a)
    sent(coordinator, f"{mine.number}/gabung", into=known.number)
    incident = only(app, tenant_a, Incident)
    answer = sent(coordinator, f"kejadian/{incident.id}/tambah", number="UJI-2026-999999")
    page = coordinator.get(answer.location).text
    assert "Nomor ini tidak ada." in page and "UJI-2026-999999" in page
    answer = sent(coordinator, f"kejadian/{incident.id}/tambah", number=mine.number)
    assert "sudah tergabung dalam kejadian ini" in coordinator.get(answer.location).text


def test_units_see_only_incidents_of_theirs_and_leaders_gather_nothing(
    app, client, tenant_a, coordinator
) -> None:
    known, mine = lies(app, tenant_a, "DLHK"), lies(app, tenant_a)
    sent(coordinator, f"{mine.number}/gabung", into=known.number)
    incident = only(app, tenant_a, Incident)
    other = sits(app, client, tenant_a, "liaison", "DPUPR")
    assert other.get(f"/meja/lapor/kejadian/{incident.id}").status_code == 404
    assert known.number[-6:] not in other.get("/meja/lapor/kejadian").text
    own = sits(app, client, tenant_a, "liaison", "DLHK")
    assert own.get(f"/meja/lapor/kejadian/{incident.id}").status_code == 200
    leader = sits(app, client, tenant_a, "leader")
    assert leader.get("/meja/lapor/kejadian").status_code == 200
    assert sent(leader, f"{mine.number}/pisah").status_code == 403


def test_handing_the_same_text_to_another_unit_is_asked_for_a_reason(
    app, tenant_a, coordinator, worker
) -> None:
    lies(app, tenant_a, "DLHK")
    mine = lies(app, tenant_a)
    worker()
    answer = step(coordinator, mine, "teruskan", dispose__agency="", dispose__other="DPUPR")
    assert answer.status_code == 422 and "Teks yang sama ada di unit lain" in answer.text
    assert 'name="dispose-apart"' in answer.text
    answer = step(
        coordinator, mine, "teruskan", dispose__other="DPUPR", dispose__apart="Yang ini di saluran kota."
    )
    assert answer.status_code == 303
    twin = only(app, tenant_a, Twin)
    assert (twin.how, twin.reason) == ("apart", "Yang ini di saluran kota.")
    assert "Teks sama, unit berbeda" not in coordinator.get("/meja/lapor/kejadian").text


def test_the_same_unit_and_other_words_need_no_reason(app, tenant_a, coordinator, worker) -> None:
    lies(app, tenant_a, "DLHK")
    same, unlike = (
        lies(app, tenant_a),
        lies(app, tenant_a, body="Pohon besar tumbang menutup jalan kampung kami."),
    )
    worker()
    assert step(coordinator, same, "teruskan", dispose__other="DLHK").status_code == 303
    assert step(coordinator, unlike, "teruskan", dispose__other="DPUPR").status_code == 303


def diverged(app, tenant, worker):
    """Two reports of nearly the same words that were handed to two units before anybody could know."""
    one = lies(app, tenant, "DLHK")
    two = lies(app, tenant, "DPUPR", body=BODY.replace("tiga hari", "3 hari").upper())
    worker()
    with behind(app, tenant):
        jobs.find_twins()
    return one, two


def test_twins_that_got_past_are_listed_until_somebody_gathers_them(
    app, tenant_a, coordinator, worker
) -> None:
    one, two = diverged(app, tenant_a, worker)
    page = coordinator.get("/meja/lapor/kejadian").text
    assert "Teks sama, unit berbeda" in page and one.number[-6:] in page and two.number[-6:] in page
    sent(coordinator, "kejadian/pasangan", one=one.number, other=two.number, act="gather")
    with behind(app, tenant_a):
        assert len({case.agency_id for case in session().scalars(select(Complaint))}) == 1
        jobs.find_twins()
    assert only(app, tenant_a, Twin).how == "gathered"
    assert "Teks sama, unit berbeda" not in coordinator.get("/meja/lapor/kejadian").text


def test_twins_may_stay_apart_with_a_reason_and_not_without(app, tenant_a, coordinator, worker) -> None:
    one, two = diverged(app, tenant_a, worker)
    pair = {"one": one.number, "other": two.number, "act": "apart"}
    answer = sent(coordinator, "kejadian/pasangan", **pair, reason=" ")
    assert "Tulis mengapa unitnya berbeda" in coordinator.get(answer.location).text
    sent(
        coordinator, "kejadian/pasangan", one=one.number, other=two.number, act="apart", reason="Dua lubang."
    )
    assert only(app, tenant_a, Twin).reason == "Dua lubang."
    with behind(app, tenant_a):
        jobs.find_twins()
    assert only(app, tenant_a, Twin).how == "apart"


def test_archiving_as_already_reported_points_to_gathering(app, tenant_a, coordinator) -> None:
    mine = lies(app, tenant_a)
    page = coordinator.get(f"/meja/lapor/{mine.number}").text
    assert "Gabungkan saja" in page and 'href="#kejadian-sama"' in page and 'id="kejadian-sama"' in page
