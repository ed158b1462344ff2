"""Random walks through a case: each allowed step works, each illegal one is 409 and changes nothing."""

import random
from dataclasses import replace

import pytest
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import tidy
from plugins.lapor.models import Assignment, CaseEvent, Complaint, DeadlineRow, Reporter
from plugins.lapor.service.case import active_assignments
from plugins.lapor.service.coaching.correct import window_of
from plugins.lapor.service.owners import move, parts
from plugins.lapor.service.seen import may_see
from plugins.lapor.states import TABLE, TRANSITIONS
from plugins.lapor.tests.conftest import role
from superapp.sdk import (
    SYSTEM,
    Conflict,
    Invalid,
    current_actor,
    current_tenant,
    directory,
    new_id,
    session,
    set_actor,
)


def audited(receipt):
    """An auditor steps in; the officer of the walk goes on after that."""
    before = current_actor()
    set_actor(role("auditor"))
    try:
        return service.false_closing(receipt.id, reason="Belum dikerjakan")
    finally:
        set_actor(before)


ACTIONS = tuple(dict.fromkeys(each.action for each in TRANSITIONS))
TEXT = {"text": "Keterangan"}
TOLD = {"instruction": "Tolong dicek."}


def turn(receipt):
    """The part that has to be answered next; None when nobody has it."""
    found = parts.owning(active_assignments(receipt.id))
    return min(found, key=lambda each: each.state == "answered", default=None)


def unit(receipt) -> str | None:
    """The code of the unit whose turn it is."""
    part = turn(receipt)
    return directory.agencies()[part.agency_id].code if part else None


def as_unit(receipt, step):
    """Do a step as an officer of that unit."""
    before, part = current_actor(), turn(receipt)
    set_actor(replace(before, agency_id=part.agency_id if part else before.agency_id))
    try:
        return step()
    finally:
        set_actor(before)


def moved(receipt):
    """The part of the unit whose turn it is goes to another one."""
    part = turn(receipt)
    given = part.id if part else new_id()
    return move.move_part(receipt.id, given, "DISKOMINFO", document="Perwali 1", by="Uji")


STEPS = {
    "verify": lambda r: service.verify(r.id),
    "dispose": lambda r: service.dispose(r.id, agency_codes=["DLHK", "DPUPR"]),
    "give_back": lambda r: service.give_back(
        r.id, agency_code=unit(r), owner_agency_code="INSPEKTORAT", reason="Bukan kami"
    ),
    "pass_on": lambda r: as_unit(r, lambda: service.pass_on(r.id, agency_code="KEL-SERANGAN", **TOLD)),
    "hear": lambda r: service.hear(r.id, heard="progress", source="Telepon", **TEXT),
    "move": moved,
    "recall": lambda r: service.recall(r.id, reason="Keliru"),
    "hold": lambda r: service.hold(r.id, reason="Menunggu", waiting_for="reporter", question="Di mana?"),
    "resume": lambda r: service.resume(r.id),
    "progress": lambda r: service.progress(r.id, **TEXT),
    "answer": lambda r: service.answer(r.id, agency_code=unit(r), **TEXT),
    "archive": lambda r: service.archive(r.id, reason_code="court", rule="Pasal 1", remedy="Tunggu putusan"),
    "forward": lambda r: service.forward(r.id, agency_code="BPJN"),
    "solved": lambda r: service.confirm(r.ticket, solved=True, rating=4),
    "unsolved": lambda r: service.confirm(r.ticket, solved=False, text="Belum"),
    "reopen": lambda r: service.reopen(r.ticket, reason="Muncul lagi"),
    "reply": lambda r: service.reply(r.ticket, **TEXT),
    "correct": lambda r: service.correct(r.ticket, version=None, body="Sampah menumpuk sejak Senin."),
    "withdraw": lambda r: service.withdraw(r.ticket),
    "autoclose": lambda r: service.autoclose(r.id),
    "reject_proof": lambda r: service.reject_proof(r.id, reason="Foto lama"),
    "false_closing": audited,
}


def trace(receipt) -> str:
    """All that is kept of a case."""
    session().expire_all()
    key = (current_tenant().id, receipt.id)
    tables = (CaseEvent, DeadlineRow, Assignment)
    rows = [session().get(Complaint, key), session().get(Reporter, key)]
    for table in tables:
        rows += session().query(table).filter(table.complaint_id == receipt.id).order_by(table.id).all()
    return repr([{c.key: getattr(row, c.key) for c in row.__table__.columns} for row in rows])


def test_every_action_has_a_step_here() -> None:
    assert set(STEPS) == set(ACTIONS)


@pytest.mark.parametrize("seed", range(6))
def test_a_random_walk_keeps_the_table_and_the_counters(acting, seed) -> None:
    dice = random.Random(seed)
    with acting("coordinator", "DISKOMINFO"):
        receipt = service.submit(draft(reporter=Contact(email="pelapor@contoh.id")))
        for _ in range(30):
            case = session().get(Complaint, (current_tenant().id, receipt.id))
            status, action, version = case.status, dice.choice(ACTIONS), case.version
            if (status, action) not in TABLE:
                before = trace(receipt)
                with pytest.raises(Conflict):
                    STEPS[action](receipt)
                assert trace(receipt) == before, (status, action)
            elif action in {"autoclose", "recall"} or (action == "correct" and window_of(case) is None):
                # Its time has not come, or is over; and what an officer sent on is not recalled.
                with pytest.raises(Conflict):
                    STEPS[action](receipt)
            else:
                try:
                    done = STEPS[action](receipt)
                except (Invalid, Conflict):  # nobody to hear of or to move, or the village has it already
                    assert action in {"hear", "pass_on", "move"}
                    continue
                assert done.version == version + 1
                arrow = TABLE[status, action]
                same = arrow.to == "SAME" and done.status == status
                assert same or arrow.to in {"HELD", done.status} or done.status in arrow.ends, (
                    status,
                    action,
                )
        assert tidy.drift() == {}
        assert may_see(SYSTEM, case, [])
        set_actor(SYSTEM)
