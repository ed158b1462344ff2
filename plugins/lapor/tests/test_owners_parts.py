"""Several units with one case: each its own instruction, answer and state; copies; handing onward."""

from __future__ import annotations

import pytest
from lapor_reports import PIXEL, draft

from plugins.lapor import queries, service
from plugins.lapor.contracts import Order, Upload
from plugins.lapor.jobs import tidy
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound

DESK = ("coordinator", "DISKOMINFO")
VILLAGE = "KEL-SERANGAN"


def shared(acting, *units: Order, **changes):
    """A report with DLHK leading and DPUPR beside it, or with the units given."""
    given = units or (Order("DLHK", "Angkut sampahnya."), Order("DPUPR", "Perbaiki salurannya."))
    with acting():
        receipt = service.submit(draft(**changes))
    with acting(*DESK):
        service.dispose(receipt.id, units=given)
    return receipt


def part(acting, receipt, code: str):
    with acting(*DESK):
        found = service.desk_view(receipt.id).assignments
    return next(each for each in found if each.agency.code == code and each.active)


def test_it_is_answered_when_every_unit_has_answered_its_own_part(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DLHK"):
        assert service.answer(receipt.id, text="Sampah diangkut.").status == "in_progress"
    with acting():
        seen = service.public_view(receipt.number)
        assert [(each.agency.code, each.state, each.answer) for each in seen.units] == [
            ("DLHK", "answered", "Sampah diangkut."),
            ("DPUPR", "given", ""),
        ]
        told = seen.timeline[0]
        assert (told.type, told.data["answered"], told.data["units"]) == ("part_answer", 1, 2)
        assert service.reporter_view(receipt.ticket).actions == ("reply", "withdraw")
    with acting("liaison", "DPUPR"):
        assert service.answer(receipt.id, text="Saluran diperbaiki.").status == "answered"
    with acting():
        assert service.confirm(receipt.ticket, solved=True).status == "closed"
    with acting(*DESK):
        assert tidy.drift() == {}


def test_instructions_of_others_are_for_the_whole_desk_alone(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DPUPR"):
        seen = service.desk_view(receipt.id)
    assert "Perbaiki salurannya." in repr(seen)
    assert "Angkut sampahnya." not in repr(seen)
    with acting(*DESK):
        assert "Angkut sampahnya." in repr(service.desk_view(receipt.id))
    with acting():
        for view in (service.public_view(receipt.number), service.reporter_view(receipt.ticket)):
            assert "sampahnya" not in repr(view) and "salurannya" not in repr(view)


def test_a_unit_changes_only_its_own_part(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DPUPR"), pytest.raises(Forbidden):
        service.answer(receipt.id, agency_code="DLHK", text="Bukan bagian kami.")
    with acting(*DESK):
        with pytest.raises(Invalid) as refused:
            service.answer(receipt.id, text="Bagian siapa?")
        assert refused.value.errors[0].field == "agency"
        service.answer(receipt.id, agency_code="DPUPR", text="Menurut telepon, selesai.")
    assert part(acting, receipt, "DPUPR").state == "answered"
    assert part(acting, receipt, "DLHK").state == "given"


def test_units_that_answer_at_the_same_time_do_not_conflict(acting) -> None:
    receipt = shared(acting)
    first, second = part(acting, receipt, "DLHK"), part(acting, receipt, "DPUPR")
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, part_version=first.version, text="Selesai.")
    with acting("liaison", "DPUPR"):
        service.answer(receipt.id, part_version=second.version, text="Selesai.")


def test_what_changes_the_case_or_the_part_is_seen_before_answering(acting) -> None:
    receipt = shared(acting)
    stale = part(acting, receipt, "DPUPR")
    with acting():
        service.reply(receipt.ticket, text="Salurannya juga bocor.")
    with acting("liaison", "DPUPR"), pytest.raises(Conflict):
        service.answer(receipt.id, part_version=stale.version, text="Selesai.")
    stale = part(acting, receipt, "DPUPR")
    with acting(*DESK):
        service.dispose(receipt.id, units=[Order("DLHK"), Order("DPUPR", "Periksa juga bocornya.")])
    with acting("liaison", "DPUPR"), pytest.raises(Conflict):
        service.answer(receipt.id, part_version=stale.version, text="Selesai.")


def test_disposing_again_keeps_what_a_unit_did_and_ends_what_is_left_out(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sampah diangkut.")
    with acting(*DESK):
        done = service.dispose(receipt.id, agency_codes=["DLHK", "DISKOMINFO"])
    assert done.status == "in_progress"
    assert part(acting, receipt, "DLHK").state == "answered"
    with acting("liaison", "DPUPR"), pytest.raises(NotFound):
        service.desk_view(receipt.id)
    with acting(*DESK):
        assert service.dispose(receipt.id, agency_codes=["DLHK"]).status == "answered"
        chain = service.desk_view(receipt.id).assignments
        assert [(each.agency.code, each.ended_how) for each in chain] == [
            ("DLHK", ""),
            ("DPUPR", "replaced"),
            ("DISKOMINFO", "replaced"),
        ]
        assert tidy.drift() == {}


def test_a_new_instruction_hands_an_answered_part_out_again(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sampah diangkut.")
    with acting(*DESK):
        service.dispose(receipt.id, units=[Order("DLHK", "Sisi timur belum."), Order("DPUPR")])
    assert part(acting, receipt, "DLHK").state == "working"
    assert part(acting, receipt, "DPUPR").instruction == "Perbaiki salurannya."


def test_only_the_part_that_is_given_back_goes_back_and_the_coordinator_decides(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DLHK"):
        done = service.give_back(receipt.id, owner_name="Provinsi", reason="Ini sungai provinsi.")
    assert done.status == "dispositioned"
    with acting(*DESK):
        seen = service.desk_view(receipt.id)
        assert (seen.bounces, seen.open_returns, seen.case.agency.code) == (1, 1, "DPUPR")
        assert [row.number for row in queries.inbox("unverified").items] == [receipt.number]
        assert queries.counts()["unverified"] == 1
        assert tidy.drift() == {}
    with acting("liaison", "DPUPR"):
        assert service.answer(receipt.id, text="Selesai.").status == "returned"
    with acting(*DESK):
        assert service.dispose(receipt.id, agency_codes=["DPUPR"]).status == "answered"
        assert queries.counts()["unverified"] == 0
        assert tidy.drift() == {}


def test_after_two_returns_of_parts_only_the_coordinator_moves_it(acting) -> None:
    receipt = shared(acting)
    for unit in ("DLHK", "DPUPR"):
        with acting("liaison", unit):
            service.give_back(receipt.id, owner_name="Pihak lain", reason="Bukan kami.")
    with acting(*DESK):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        service.give_back(receipt.id, owner_agency_code="DPUPR", reason="Bukan kami.")


def test_not_solved_goes_to_all_units_or_the_one_that_is_named(acting) -> None:
    receipt = shared(acting)
    for unit in ("DLHK", "DPUPR"):
        with acting("liaison", unit):
            service.answer(receipt.id, text=f"{unit} selesai.")
    with acting():
        with pytest.raises(Invalid):
            service.confirm(receipt.ticket, solved=False, text="x", agency_code="DISKOMINFO")
        done = service.confirm(receipt.ticket, solved=False, text="Masih bocor.", agency_code="DPUPR")
    assert done.status == "in_progress"
    assert (part(acting, receipt, "DLHK").state, part(acting, receipt, "DPUPR").state) == (
        "answered",
        "working",
    )
    with acting("liaison", "DPUPR"):
        assert service.answer(receipt.id, text="Sudah rapat.").status == "answered"
    with acting():
        service.confirm(receipt.ticket, solved=False, text="Semuanya belum.")
    assert {part(acting, receipt, unit).state for unit in ("DLHK", "DPUPR")} == {"working"}


def test_reopening_gives_it_to_the_same_units_with_their_roles(acting) -> None:
    receipt = shared(acting)
    for unit in ("DLHK", "DPUPR"):
        with acting("liaison", unit):
            service.answer(receipt.id, text="Selesai.")
    with acting():
        service.confirm(receipt.ticket, solved=True)
        assert service.reopen(receipt.ticket, reason="Rusak lagi.").status == "in_progress"
    assert (part(acting, receipt, "DLHK").role, part(acting, receipt, "DPUPR").role) == ("owner", "co_owner")
    with acting(*DESK):
        assert tidy.drift() == {}


def test_a_copy_is_seen_counted_apart_and_changes_nothing(acting) -> None:
    receipt = shared(acting, Order("DLHK"), Order("DPUPR", referral=True))
    with acting("liaison", "DPUPR"):
        seen = service.desk_view(receipt.id)
        assert seen.actions == ()
        assert [each.role for each in seen.assignments] == ["owner", "referral"]
        assert queries.inbox("agency").items == ()
        assert [row.number for row in queries.inbox("referral").items] == [receipt.number]
        counts = queries.counts()
        assert (counts["agency"], counts["referral"], counts["all"]) == (0, 1, 1)
        service.note(receipt.id, text="Kami tahu tempatnya.")
        for step in (service.answer, service.progress):
            with pytest.raises(Forbidden):
                step(receipt.id, text="x")
        with pytest.raises(Forbidden):
            service.hold(receipt.id, reason="x")
    with acting("liaison", "DLHK"):
        assert service.answer(receipt.id, text="Selesai.").status == "answered"
    with acting():
        assert [each.agency.code for each in service.public_view(receipt.number).units] == ["DLHK"]


def test_each_officer_finds_the_own_part_among_the_own_tasks(acting) -> None:
    receipt = shared(acting)
    with acting("liaison", "DPUPR"):
        service.progress(receipt.id, text="Menuju lokasi.")
        assert [row.number for row in queries.inbox("mine").items] == [receipt.number]
        assert queries.counts()["mine"] == 1
        assert tidy.drift() == {}


def test_a_part_is_handed_onward_and_its_unit_stays_responsible(acting, worker) -> None:
    receipt = shared(acting, Order("DPUPR", "Perbaiki."))
    with acting("liaison", "DPUPR"):
        for wrong in ("DLHK", "DPUPR", "BPJN"):
            with pytest.raises(Invalid):
                service.pass_on(receipt.id, agency_code=wrong, instruction="Tolong dicek.")
        service.pass_on(receipt.id, agency_code=VILLAGE, instruction="Tolong dicek warganya.")
    with acting("liaison", VILLAGE):
        assert "answer" in service.desk_view(receipt.id).actions
        service.progress(receipt.id, text="Linmas ke lokasi.")
        done = service.answer(receipt.id, text="Sudah kami bersihkan.", photos=[Upload("a.png", PIXEL)])
    assert done.status == "in_progress"
    with acting():
        seen = service.public_view(receipt.number)
        assert "Sudah kami bersihkan." not in repr(seen)
        assert [(each.agency.code, each.parent and each.parent.code) for each in seen.units] == [
            ("DPUPR", None),
            (VILLAGE, "DPUPR"),
        ]
    with acting("liaison", "DPUPR"):
        below = next(each for each in service.desk_view(receipt.id).assignments if each.role == "delegate")
        assert below.answer == "Sudah kami bersihkan."
        assert service.answer(receipt.id, text="Selesai.", adopt_photos=True).status == "answered"
    worker()
    with acting():
        told = service.public_view(receipt.number).timeline[0]
        assert len(told.photos) == 1
    with acting(*DESK):
        assert tidy.drift() == {}


def test_what_was_handed_onward_comes_back_to_the_unit_above_uncounted(acting) -> None:
    receipt = shared(acting, Order("DPUPR"))
    with acting("liaison", "DPUPR"):
        service.pass_on(receipt.id, agency_code=VILLAGE, instruction="Tolong dicek.")
    with acting("liaison", VILLAGE):
        service.give_back(receipt.id, reason="Di luar wilayah kami.")
        with pytest.raises(NotFound):
            service.desk_view(receipt.id)
    with acting("liaison", "DPUPR"):
        seen = service.desk_view(receipt.id)
        assert (seen.case.status, seen.bounces) == ("dispositioned", 0)
        back = next(each for each in seen.assignments if each.role == "delegate")
        assert (back.ended_how, back.ended_why) == ("returned", "Di luar wilayah kami.")


def test_when_a_part_ends_so_does_what_was_handed_onward_from_it(acting) -> None:
    receipt = shared(acting, Order("DPUPR"))
    with acting("liaison", "DPUPR"):
        service.pass_on(receipt.id, agency_code=VILLAGE, instruction="Tolong dicek.")
        service.give_back(receipt.id, owner_agency_code="DLHK", reason="Bukan kami.")
    with acting("liaison", VILLAGE), pytest.raises(NotFound):
        service.desk_view(receipt.id)
    with acting(*DESK):
        assert tidy.drift() == {}
