"""What officers and reporters do with a case, from the report to the end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import clocks
from plugins.lapor.service.vault import access
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, at_time

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10.00 WITA


def submitted(acting, **changes):
    with acting():
        return service.submit(draft(**changes))


def disposed(acting, unit: str = "DLHK", **changes):
    receipt = submitted(acting, **changes)
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=[unit], instruction="Cek di lapangan.")
    return receipt


def answered(acting, **changes):
    receipt = disposed(acting, **changes)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sudah diangkut.")
    return receipt


def test_from_report_to_solved(acting, worker) -> None:
    receipt = submitted(acting)
    with acting("coordinator", "DISKOMINFO"):
        done = service.verify(receipt.id, version=1)
        done = service.dispose(receipt.id, version=done.version, agency_codes=["DLHK"])
    with acting("liaison", "DLHK"):
        done = service.progress(receipt.id, version=done.version, text="Truk menuju lokasi.")
        done = service.answer(receipt.id, version=done.version, text="Sudah diangkut.")
    assert done.status == "answered"
    with acting():
        assert service.reporter_view(receipt.ticket).actions == ("confirm", "reply", "withdraw")
        done = service.confirm(receipt.ticket, solved=True, rating=5)
        seen = service.public_view(receipt.number)
    assert (done.status, seen.rating) == ("closed", 5)
    told = [item.type for item in seen.timeline]
    assert told == ["solved", "answer", "progress", "dispose", "verify", "received"]
    assert seen.clock.text == "selesai, dipastikan pelapor"
    worker()


def test_not_solved_gives_it_back_to_the_unit_and_its_clock_runs_on(acting) -> None:
    receipt = answered(acting)
    with acting():
        with pytest.raises(Invalid):
            service.confirm(receipt.ticket, solved=False)
        assert service.confirm(receipt.ticket, solved=False, text="Masih menumpuk.").status == "in_progress"
        deadlines = service.public_view(receipt.number).deadlines
    with acting("liaison", "DLHK"):
        seen = service.desk_view(receipt.id)
        assert "answer" in seen.actions
    assert len([each for each in deadlines if each.step == "resolve"]) == 1


def test_a_closed_case_can_be_reopened_with_a_new_limit(acting) -> None:
    receipt = answered(acting)
    with acting():
        service.confirm(receipt.ticket, solved=True)
        done = service.reopen(receipt.ticket, reason="Menumpuk lagi.")
        assert done.status == "in_progress"
        limits = [each for each in service.public_view(receipt.number).deadlines if each.step == "resolve"]
    assert len(limits) == 2
    with acting("liaison", "DLHK"):
        assert service.answer(receipt.id, text="Diangkut lagi.").status == "answered"


def test_a_stale_version_is_refused_and_says_what_is_now(acting) -> None:
    receipt = submitted(acting)
    with acting("coordinator", "DISKOMINFO"):
        service.verify(receipt.id, version=1)
        with pytest.raises(Conflict) as refused:
            service.dispose(receipt.id, version=1, agency_codes=["DLHK"])
        assert "verified" in refused.value.detail
        assert service.desk_view(receipt.id).version == 2


def test_a_unit_sees_only_its_own_cases(acting) -> None:
    receipt = disposed(acting)
    with acting("liaison", "DPUPR"):
        for step in (
            lambda: service.desk_view(receipt.id),
            lambda: service.progress(receipt.id, text="x"),
            lambda: service.note(receipt.id, text="x"),
            lambda: service.reveal(receipt.id, purpose="x"),
        ):
            with pytest.raises(NotFound):
                step()


def test_a_leader_reads_and_changes_nothing(acting) -> None:
    receipt = submitted(acting)
    with acting("leader"):
        assert service.desk_view(receipt.id).actions == ()
        with pytest.raises(Forbidden):
            service.verify(receipt.id)
        with pytest.raises(Forbidden):
            service.note(receipt.id, text="x")


def test_giving_back_names_the_owner_and_the_second_time_the_coordinator_decides(acting) -> None:
    receipt = disposed(acting)
    for _ in range(2):
        with acting("liaison", "DLHK"):
            with pytest.raises(Invalid):
                service.give_back(receipt.id, reason="Bukan kami.")
            service.give_back(receipt.id, owner_agency_code="DPUPR", reason="Ini saluran kota.")
        with acting("coordinator", "DISKOMINFO"):
            seen = service.desk_view(receipt.id)
            assert seen.suggestions[0].agency.code == "DPUPR"
            assert all(each.agency.code != "DLHK" for each in seen.suggestions)
            service.dispose(receipt.id, agency_codes=["DLHK"])
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        service.give_back(receipt.id, owner_agency_code="DPUPR", reason="Ini saluran kota.")
    with acting("coordinator", "DISKOMINFO"):
        assert service.desk_view(receipt.id).bounces == 2


def test_a_unit_cannot_give_it_back_to_itself(acting) -> None:
    receipt = disposed(acting)
    with acting("liaison", "DLHK"), pytest.raises(Invalid):
        service.give_back(receipt.id, owner_agency_code="DLHK", reason="x")


def test_several_units_share_a_case(acting) -> None:
    receipt = submitted(acting)
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK", "DPUPR", "DLHK"])
        assert [each.agency.code for each in service.desk_view(receipt.id).assignments] == ["DLHK", "DPUPR"]
    with acting("liaison", "DPUPR"):
        assert service.desk_view(receipt.id).case.agency.code == "DLHK"


def test_waiting_for_the_reporter_stops_the_clock_until_the_reply(acting) -> None:
    with at_time(MONDAY):
        receipt = disposed(acting)
        with acting("liaison", "DLHK"):
            service.hold(
                receipt.id,
                reason="Tempat belum jelas",
                waiting_for="reporter",
                question="Rumah nomor berapa?",
            )
    with acting():
        before = {each.step: each.due_on for each in service.reporter_view(receipt.ticket).case.deadlines}
        assert service.reporter_view(receipt.ticket).question == "Rumah nomor berapa?"
        assert service.public_view(receipt.number).clock.text == "menunggu pelapor"
        with at_time(MONDAY + timedelta(days=3)):
            assert service.reply(receipt.ticket, text="Nomor 12").status == "dispositioned"
            view = service.reporter_view(receipt.ticket)
    after = {each.step: each.due_on for each in view.case.deadlines}
    assert (before["follow_up"], after["follow_up"]) == (date(2026, 3, 9), date(2026, 3, 11))
    assert view.question == ""
    reasons = {skip.reason for each in view.case.deadlines for skip in each.skipped}
    assert "menunggu pelapor" in reasons


def test_what_the_reporter_writes_is_for_the_desk_and_not_for_everybody(acting) -> None:
    receipt = disposed(acting)
    with acting():
        service.reply(receipt.ticket, text="Rumah saya yang biru")
        assert "biru" not in repr(service.public_view(receipt.number))
        assert "biru" in repr(service.reporter_view(receipt.ticket))
    with acting("liaison", "DLHK"):
        assert "biru" in repr(service.desk_view(receipt.id))


def test_internal_notes_stay_inside(acting) -> None:
    receipt = disposed(acting)
    with acting("liaison", "DLHK"):
        service.note(receipt.id, text="catatan dalam")
        service.progress(receipt.id, text="perkembangan dalam", public=False)
        assert "catatan dalam" in repr(service.desk_view(receipt.id).notes)
    with acting():
        for view in (service.public_view(receipt.number), service.reporter_view(receipt.ticket)):
            assert "dalam" not in repr(view.timeline if hasattr(view, "timeline") else view.case.timeline)


def test_archiving_needs_a_reason_a_rule_and_a_remedy(acting) -> None:
    receipt = submitted(acting)
    with acting("coordinator", "DISKOMINFO"):
        for wrong in (
            {"reason_code": "mood", "rule": "r", "remedy": "r"},
            {"reason_code": "court", "rule": "r" * 501, "remedy": "r"},
            {"reason_code": "court", "rule": "r", "remedy": " "},
        ):
            with pytest.raises(Invalid):
                service.archive(receipt.id, **wrong)
        service.archive(receipt.id, reason_code="court", rule="Pasal 1", remedy="Ajukan setelah putusan.")
    with acting():
        told = service.public_view(receipt.number).timeline[0]
        assert told.data["rule"] == "Pasal 1"
        assert service.reopen(receipt.ticket, reason="Sudah diputus.").status == "received"


def test_forwarding_goes_to_an_outside_owner_only(acting) -> None:
    receipt = submitted(acting)
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(Invalid):
            service.forward(receipt.id, agency_code="DLHK")
        assert service.forward(receipt.id, agency_code="BPJN").status == "forwarded"
        assert service.progress(receipt.id, text="Balai menjadwalkan.").status == "forwarded"
        assert service.answer(receipt.id, text="Sudah ditambal Balai.").status == "answered"


def test_contact_is_shown_for_a_purpose_that_is_kept(acting, admin_connection) -> None:
    receipt = disposed(acting, anonymous=True, reporter=Contact("Pelapor", "0812 0000 000", ""))
    with acting("liaison", "DLHK"):
        seen = service.desk_view(receipt.id)
        assert seen.contact is None and seen.has_contact
        with pytest.raises(Forbidden):
            service.reveal(receipt.id, purpose="Ingin tahu")
    with acting("coordinator", "DISKOMINFO"):
        assert service.desk_view(receipt.id).contact is None
        assert service.reveal(receipt.id, purpose="Menelepon balik").phone == "0812 0000 000"
        assert service.desk_view(receipt.id).notes[0].type == "reveal"
    with acting():
        assert access.looks_at(receipt.id)[0].purpose == "Menelepon balik"
    found = admin_connection.execute("SELECT action FROM core.audit").fetchall()
    assert ("lapor.reveal",) in found


def test_a_withdrawn_report_is_archived(acting) -> None:
    receipt = disposed(acting)
    with acting():
        assert service.withdraw(receipt.ticket, reason="Sudah beres").status == "archived"


def test_silence_closes_after_ten_working_days_and_not_before(acting) -> None:
    with at_time(MONDAY):
        receipt = answered(acting)
    day = date(2026, 3, 2)
    with acting():
        closing = {each.step: each.due_on for each in service.public_view(receipt.number).deadlines}[
            "confirm"
        ]
    assert closing == date(2026, 3, 16)
    for later, status in ((14, "answered"), (15, "closed")):
        with at_time(MONDAY + timedelta(days=later)), acting() as _:
            clocks.close_silent()
            assert service.public_view(receipt.number).status == status, day + timedelta(days=later)


def test_a_hold_ends_by_its_date(acting) -> None:
    with at_time(MONDAY):
        receipt = disposed(acting)
        with acting("liaison", "DLHK"):
            service.hold(receipt.id, reason="Menunggu suku cadang", until=date(2026, 3, 9))
    with at_time(MONDAY + timedelta(days=6)), acting():
        clocks.wake_held()
        assert service.public_view(receipt.number).status == "on_hold"
    with at_time(MONDAY + timedelta(days=7)), acting("coordinator", "DISKOMINFO"):
        clocks.wake_held()
        assert service.desk_view(receipt.id).case.status == "dispositioned"


def test_a_missed_limit_is_marked_once(acting) -> None:
    with at_time(MONDAY):
        receipt = submitted(acting)
    with at_time(MONDAY + timedelta(days=10)), acting("coordinator", "DISKOMINFO"):
        clocks.mark_late()
        clocks.mark_late()
        seen = service.desk_view(receipt.id)
        assert [each.type for each in seen.notes] == ["late"]
        assert seen.case.clock.state == "late"
