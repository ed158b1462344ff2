"""Taking a step back: do and undo is nothing, on every row of a case, unless somebody acted since."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lapor_reports import PIXEL, draft
from sqlalchemy import select

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact, Upload
from plugins.lapor.jobs import tidy
from plugins.lapor.models import CaseEvent, Complaint
from plugins.lapor.service.deskwork import corrections, drafts, undo
from plugins.lapor.service.kept import images, steps
from plugins.lapor.service.vault import letters
from plugins.lapor.states import TABLE
from superapp.sdk import NotFound, at_time, current_tenant, now, session

STEPS = {
    "verify": lambda r: service.verify(r.id, area="51.71.01.1001"),
    "dispose": lambda r: service.dispose(r.id, agency_codes=["DLHK", "DPUPR"], instruction="Cek."),
    "give_back": lambda r: service.give_back(r.id, owner_agency_code="INSPEKTORAT", reason="Bukan kami"),
    "hold": lambda r: service.hold(r.id, reason="Menunggu", waiting_for="reporter", question="Di mana?"),
    "resume": lambda r: service.resume(r.id),
    "progress": lambda r: service.progress(r.id, text="Dikerjakan."),
    "answer": lambda r: service.answer(r.id, text="Selesai."),
    "archive": lambda r: service.archive(r.id, reason_code="court", rule="Pasal 1", remedy="Tunggu"),
    "forward": lambda r: service.forward(r.id, agency_code="BPJN"),
}
LEFT = {"version", "updated_at"}


def rows(complaint_id) -> dict:
    """All rows of a case but for what every change counts."""
    session().expire_all()
    return {
        key: {name: value for name, value in row.items() if name not in LEFT}
        for key, row in images.picture(complaint_id).items()
    }


def last(receipt):
    found = steps.offer(receipt.id)
    assert found is not None
    return found.batch_id


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000))
def test_do_and_undo_is_nothing_on_any_row_of_a_case(acting, seed) -> None:
    dice = random.Random(seed)
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        for _ in range(6):
            case = session().get(Complaint, (current_tenant().id, receipt.id))
            possible = sorted(name for name in STEPS if (case.status, name) in TABLE)
            if not possible:
                break
            before, version = rows(receipt.id), case.version
            with at_time(now() + timedelta(days=dice.randrange(9))):
                STEPS[step := dice.choice(possible)](receipt)
                changed = rows(receipt.id)
                assert undo.undo(last(receipt)) == [undo.Outcome(receipt.id, receipt.number, True)]
            assert rows(receipt.id) == before, step
            assert session().get(Complaint, (current_tenant().id, receipt.id)).version == version + 2
            assert tidy.drift() == {}
            STEPS[step](receipt)
            assert changed.keys() >= before.keys()


def test_the_timeline_keeps_the_step_and_its_undoing_without_the_text(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
        service.progress(receipt.id, text="Salah ketik nama orang.", photos=[Upload("a.png", PIXEL)])
        undo.undo(last(receipt))
        shown = service.public_view(receipt.number).timeline
    assert [(line.type, line.text, line.photos) for line in shown[:2]] == [
        ("undo", "", ()),
        ("progress", "", ()),
    ]
    assert shown[1].data.get("taken_back")


def test_what_was_written_goes_back_into_the_draft(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"], instruction="Mohon hari ini.")
        undo.undo(last(receipt))
        assert drafts.drafts_of(receipt.id)["dispose-instruction"].text == "Mohon hari ini."
        service.note(receipt.id, text="Catatan keliru.")
        undo.undo(last(receipt))
        assert drafts.drafts_of(receipt.id)["note-text"].text == "Catatan keliru."
        assert all("keliru" not in note.text for note in service.desk_view(receipt.id).notes)


def test_a_minute_later_it_stands(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.verify(receipt.id)
        batch = last(receipt)
        with at_time(now() + timedelta(seconds=61)):
            assert steps.offer(receipt.id) is None
            (outcome,) = undo.undo(batch)
    assert not outcome.ok
    assert "satu menit" in outcome.why


def test_once_is_enough(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.verify(receipt.id)
        batch = last(receipt)
        assert undo.undo(batch)[0].ok
        assert "sudah diurungkan" in undo.undo(batch)[0].why
        assert steps.offer(receipt.id) is None


def test_only_who_did_it_may_take_it_back(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.verify(receipt.id)
        batch = last(receipt)
    with acting("coordinator", "DLHK"), pytest.raises(NotFound):  # another officer
        undo.undo(batch)


def test_who_acted_since_is_named(acting) -> None:
    with acting("coordinator", "DISKOMINFO") as first:
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
        batch = last(receipt)
    with acting("liaison", "DLHK"):
        service.progress(receipt.id, text="Jalan.")
    with acting("coordinator", "DISKOMINFO"):
        as_officer(first)
        (outcome,) = undo.undo(batch)
    assert outcome.why == "Langkah ini tidak bisa diurungkan. liaison sudah melanjutkannya."


def test_an_answer_that_the_reporter_reacted_to_stands(acting) -> None:
    with acting("coordinator", "DLHK") as officer:
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
        service.answer(receipt.id, text="Selesai.")
        batch = last(receipt)
    with acting():
        service.confirm(receipt.ticket, solved=False, text="Belum.")
    with acting("coordinator", "DLHK"):
        as_officer(officer)
        (outcome,) = undo.undo(batch)
    assert "Pelapor sudah menanggapinya" in outcome.why


def test_a_column_that_a_clock_moved_meanwhile_is_not_overwritten(acting, admin_connection) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
        batch = last(receipt)
        admin_connection.execute(
            "UPDATE lapor.complaint SET due_at = due_at + interval '1 day' WHERE id = %s", [receipt.id]
        )
        (outcome,) = undo.undo(batch)
        assert not outcome.ok
        assert service.desk_view(receipt.id).case.status == "dispositioned"
        assert tidy.drift() == {}


def test_several_steps_of_one_batch_go_back_together(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        before = rows(receipt.id)
        with steps.one_batch() as batch:
            service.verify(receipt.id)
            service.dispose(receipt.id, agency_codes=["DLHK"])
            service.note(receipt.id, text="Sudah ditelepon.")
        assert [each.ok for each in undo.undo(batch)] == [True]
        assert rows(receipt.id) == before
        line = session().scalars(select(CaseEvent).where(CaseEvent.type == "undo")).one()
        assert line.data["actions"] == ["verify", "dispose", "note"]


def test_news_of_an_undone_step_never_leaves(acting, worker, told) -> None:
    receipt = mailed(acting)
    worker()
    told.clear()
    with acting("coordinator", "DLHK"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
        undo.undo(last(receipt))
    worker()
    assert told == []


def test_news_that_left_is_corrected(acting, worker, told) -> None:
    receipt = mailed(acting)
    with acting("coordinator", "DLHK"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    told.clear()
    with acting("coordinator", "DLHK"):
        as_officer_of(receipt)
        undo.undo(last(receipt))
    worker()
    assert sorted((each.to, each.text.split("\n")[0]) for each in told) == [
        (
            "dlhk@uji.example",
            f"Penerusan {receipt.number} dibatalkan. Unit Anda tidak perlu menindaklanjutinya.",
        ),
        (
            "pelapor@contoh.id",
            "Kabar terakhir tentang laporan Anda tidak berlaku: petugas membatalkan langkah itu.",
        ),
    ]


def test_the_inbox_counts_follow(acting) -> None:
    with acting("coordinator", "DLHK"):
        receipt = service.submit(draft())
        service.dispose(receipt.id, agency_codes=["DLHK"])
        assert (queries.counts()["unverified"], queries.counts()["agency"]) == (0, 1)
        undo.undo(last(receipt))
        assert (queries.counts()["unverified"], queries.counts()["agency"]) == (1, 0)


@pytest.fixture
def told(monkeypatch) -> list:
    """Every message of LAPOR, the usual ones and the corrections."""
    from plugins.lapor import notices

    messages: list = []
    monkeypatch.setattr(notices, "notify", messages.append)
    monkeypatch.setattr(corrections, "notify", messages.append)
    monkeypatch.setattr(letters, "notify", messages.append)
    return messages


def mailed(acting):
    with acting():
        return service.submit(draft(reporter=Contact("", "", "pelapor@contoh.id")))


def as_officer(officer) -> None:
    """Go on as an officer of an earlier scope, with the same id."""
    from superapp.sdk import set_actor

    set_actor(officer)


def as_officer_of(receipt) -> None:
    from dataclasses import replace

    from superapp.sdk import current_actor

    maker = session().scalars(select(undo.UndoEntry.officer_id).order_by(undo.UndoEntry.id.desc())).first()
    as_officer(replace(current_actor(), id=maker))
