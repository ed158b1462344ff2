"""One answer informs all: what is done with the lead reaches every voice, and each keeps its own word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from plugins.lapor import notices, service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import incidents
from plugins.lapor.models import CaseEvent, Incident, UndoEntry
from plugins.lapor.service.deskwork.undo import undo
from plugins.lapor.service.incident import carry, gather
from plugins.lapor.service.vault import letters
from plugins.lapor.tests.lapor_reports import draft
from superapp.sdk import Conflict, Message, at_time, now, session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def three(acting):
    """A lead and two voices, gathered while all are new."""
    with acting():
        receipts = [
            service.submit(draft(reporter=Contact(email=f"warga{n}@warga.example"))) for n in range(3)
        ]
    with acting("coordinator", "DISKOMINFO"):
        gather.gather(receipts[0].id, [each.id for each in receipts[1:]])
    return receipts


@pytest.fixture
def carried(acting):
    """`carried()` does what the worker does a minute after an officer's step."""

    def carry_all() -> None:
        with acting(), at_time(now() + timedelta(seconds=61)):
            for incident_id in session().scalars(select(Incident.id)).all():
                incidents.carry(str(incident_id))

    return carry_all


def statuses(acting, receipts) -> list[str]:
    with acting():
        return [service.reporter_view(each.ticket).case.status for each in receipts]


def in_hand(acting, carried, lead, *units: str) -> None:
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(lead.id, agency_codes=units or ["DLHK"], instruction="Cek.")
    carried()


def test_disposition_progress_hold_and_answer_reach_every_voice(acting, three, carried) -> None:
    lead, one, two = three
    in_hand(acting, carried, lead, "DLHK", "DPUPR")
    assert statuses(acting, three) == ["dispositioned"] * 3
    with acting("liaison", "DLHK"):
        service.progress(lead.id, text="Truk menuju lokasi.")
        service.hold(lead.id, reason="Menunggu suku cadang", until=date(2099, 1, 1))
    carried()
    assert statuses(acting, three) == ["on_hold"] * 3
    with acting("liaison", "DLHK"):
        assert {each.agency.code for each in service.desk_view(one.id).assignments if each.active} == {
            "DLHK",
            "DPUPR",
        }
        service.resume(lead.id)
        service.answer(lead.id, text="Sudah diangkut.")
    carried()
    assert statuses(acting, three) == ["in_progress"] * 3
    with acting("liaison", "DPUPR"):
        service.answer(lead.id, text="Salurannya lancar.")
    carried()
    assert statuses(acting, three) == ["answered"] * 3
    with acting():
        told = service.reporter_view(two.ticket).case.timeline
    assert [each.text for each in told][:2] == ["Salurannya lancar.", "Sudah diangkut."]
    steps = ["answer", "part_answer", "resume", "hold", "progress", "dispose", "received"]
    assert [each.type for each in told] == steps
    assert "Lingkungan" in told[1].by


def test_one_of_two_units_answers_and_the_voices_wait_for_the_other_one_too(acting, three, carried) -> None:
    lead, one, _two = three
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(lead.id, agency_codes=["DLHK", "DPUPR"])
    carried()
    with acting("liaison", "DLHK"):
        service.answer(lead.id, text="Bagian kami selesai.")
    carried()
    assert statuses(acting, three) == ["in_progress"] * 3
    with acting("liaison", "DPUPR"):
        assert {p.state for p in service.desk_view(one.id).assignments if p.active} == {"answered", "given"}
        service.answer(lead.id, text="Kami juga.")
    carried()
    assert statuses(acting, three) == ["answered"] * 3


def test_a_refused_proof_takes_the_answer_back_from_every_voice(acting, three, carried) -> None:
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(three[0].id, agency_codes=["DLHK"])
    carried()
    with acting("liaison", "DLHK"):
        service.answer(three[0].id, text="Sudah diangkut.")
    carried()
    with acting("coordinator", "DISKOMINFO"):
        service.reject_proof(three[0].id, reason="Foto lama.")
    carried()
    assert statuses(acting, three) == ["in_progress"] * 3
    with acting("liaison", "DLHK"):
        parts = service.desk_view(three[1].id).assignments
    assert [(part.active, part.state) for part in parts] == [(True, "working")]


def test_each_voice_confirms_for_itself_and_one_that_says_no_stands_alone(acting, three, carried) -> None:
    lead, one, _two = three
    in_hand(acting, carried, lead)
    with acting("liaison", "DLHK"):
        service.answer(lead.id, text="Sudah diangkut.")
    carried()
    with acting():
        service.confirm(lead.ticket, solved=True)
        service.confirm(one.ticket, solved=False, text="Di depan rumah saya belum.")
    carried()
    assert statuses(acting, three) == ["closed", "in_progress", "answered"]
    with acting("liaison", "DLHK"):
        service.progress(one.id, text="Kami kembali ke sana.")
        service.answer(one.id, text="Sekarang sudah.")
    assert statuses(acting, three) == ["closed", "answered", "answered"]


def test_a_step_of_a_unit_on_a_voice_points_to_the_lead_and_changes_nothing(acting, three, carried) -> None:
    lead, one, _ = three
    in_hand(acting, carried, lead)
    with acting("liaison", "DLHK"):
        for step in (
            lambda: service.progress(one.id, text="Menuju lokasi."),
            lambda: service.answer(one.id, text="Selesai."),
            lambda: service.hold(one.id, reason="Menunggu"),
            lambda: service.give_back(one.id, owner_name="Balai", reason="Bukan kami."),
        ):
            with pytest.raises(Conflict) as refused:
                step()
            assert lead.number in refused.value.title
        assert service.desk_view(one.id).case.status == "dispositioned"
        service.hold(one.id, reason="x", waiting_for="reporter", question="Rumah nomor berapa?")
        service.resume(one.id)


def test_a_question_goes_to_one_reporter_and_stops_one_clock(acting, three, carried) -> None:
    lead, _one, _ = three
    in_hand(acting, carried, lead)
    with acting("liaison", "DLHK"):
        service.hold(lead.id, reason="x", waiting_for="reporter", question="Rumah nomor berapa?")
    carried()
    assert statuses(acting, three) == ["on_hold", "dispositioned", "dispositioned"]


def test_a_worker_killed_in_the_middle_goes_on_without_a_second_effect(acting, three, monkeypatch) -> None:
    lead, one, two = three
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(lead.id, agency_codes=["DLHK"])
        incident = session().scalars(select(Incident)).one().id
        real, seen = carry.step, []

        def dies_at_the_second(*args, **kwargs):
            seen.append(args[0])
            if len(seen) == 2:
                raise RuntimeError("killed")
            return real(*args, **kwargs)

        monkeypatch.setattr(carry, "step", dies_at_the_second)
        with pytest.raises(RuntimeError), at_time(now() + timedelta(seconds=61)):
            incidents.carry(str(incident))
        monkeypatch.setattr(carry, "step", real)
        for _ in range(2):
            with at_time(now() + timedelta(seconds=61)):
                incidents.carry(str(incident))
        for each in (one, two):
            query = select(CaseEvent.type).where(
                CaseEvent.complaint_id == each.id, CaseEvent.type == "dispose"
            )
            assert session().scalars(query).all() == ["dispose"]


def test_what_the_lead_did_before_somebody_joined_is_not_repeated(acting, three, carried) -> None:
    lead, *_ = three
    in_hand(acting, carried, lead)
    with acting("liaison", "DLHK"):
        service.progress(lead.id, text="Truk menuju lokasi.")
    with acting():
        late = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        gather.gather(lead.id, [late.id])
    carried()
    with acting():
        told = [each.type for each in service.reporter_view(late.ticket).case.timeline]
    assert sorted(told) == ["dispose", "progress", "received"]


def test_a_voice_that_follows_an_answered_lead_hears_the_answer(acting, three, carried) -> None:
    lead, *_ = three
    in_hand(acting, carried, lead)
    with acting("liaison", "DLHK"):
        service.answer(lead.id, text="Sudah diangkut.")
    with acting():
        late = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        gather.gather(lead.id, [late.id])
    with acting():
        seen = service.reporter_view(late.ticket)
    assert seen.case.timeline[0].text == "Sudah diangkut." and "confirm" in seen.actions


def test_when_the_lead_is_withdrawn_the_oldest_leads_on(acting, three, carried) -> None:
    lead, one, _two = three
    in_hand(acting, carried, lead)
    with acting():
        service.withdraw(lead.ticket, reason="Keliru")
    carried()
    with acting("coordinator", "DISKOMINFO"):
        assert session().scalars(select(Incident.lead_id)).one() == one.id
    with acting("liaison", "DLHK"):
        service.answer(one.id, text="Sudah diangkut.")
    carried()
    assert statuses(acting, three) == ["archived", "answered", "answered"]


def test_a_reason_of_the_matter_archives_all_and_one_of_the_report_only_that(acting, three, carried) -> None:
    lead, one, _two = three
    with acting("coordinator", "DISKOMINFO"):
        service.archive(lead.id, reason_code="abuse", rule="Pasal 27", remedy="Tulis ulang.")
    carried()
    assert statuses(acting, three) == ["archived", "received", "received"]
    with acting("coordinator", "DISKOMINFO"):
        service.archive(one.id, reason_code="court", rule="Pasal 1", remedy="Tunggu putusan.")
    carried()
    assert statuses(acting, three) == ["archived"] * 3
    with acting("coordinator", "DISKOMINFO"):
        assert session().scalars(select(Incident)).one().ended_at is not None


def test_the_worker_waits_until_an_officer_cannot_take_the_step_back(acting, three, worker) -> None:
    lead, *_ = three
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(lead.id, agency_codes=["DLHK"])
    worker()
    assert statuses(acting, three) == ["dispositioned", "received", "received"]
    with acting():
        service.withdraw(lead.ticket)
    worker()
    assert statuses(acting, three) == ["archived", "dispositioned", "dispositioned"]


def test_a_step_that_was_taken_back_reaches_nobody(acting, three, carried) -> None:
    lead, *_ = three
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(lead.id, agency_codes=["DLHK"])
        undo(session().scalars(select(UndoEntry.batch_id)).one())
    carried()
    assert statuses(acting, three) == ["received"] * 3


def test_units_get_one_mail_and_every_reporter_gets_the_news(
    acting, three, carried, worker, monkeypatch
) -> None:
    told: list[Message] = []
    for room in (notices, letters):
        monkeypatch.setattr(room, "notify", told.append)
    in_hand(acting, carried, three[0])
    worker()
    to = [each.to for each in told if "diteruskan" in each.text or "unit Anda" in each.text]
    assert to.count("dlhk@uji.example") == 1
    assert {f"warga{n}@warga.example" for n in range(3)} <= set(to)


def test_silence_closes_each_voice_by_its_own_clock(acting, carried) -> None:
    from plugins.lapor.jobs import clocks

    with at_time(MONDAY), acting():
        lead, one = (service.submit(draft()) for _ in range(2))
    with at_time(MONDAY), acting("coordinator", "DISKOMINFO"):
        gather.gather(lead.id, [one.id])
        service.dispose(lead.id, agency_codes=["DLHK"])
    with at_time(MONDAY):
        carried()
        with acting("liaison", "DLHK"):
            service.answer(lead.id, text="Sudah.")
    with at_time(MONDAY + timedelta(days=2)):
        carried()
    with at_time(MONDAY + timedelta(days=15)), acting() as _:
        clocks.close_silent()
    found = statuses(acting, [lead, one])
    assert found[0] == "closed" and found[1] in {"closed", "answered"}
