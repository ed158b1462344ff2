"""Random walks through a case: each allowed step works, each illegal one is 409 and changes nothing."""

import random

import pytest
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import tidy
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow, Reporter
from plugins.lapor.service.coaching.correct import window_of
from plugins.lapor.service.seen import may_see
from plugins.lapor.states import TABLE, TRANSITIONS
from plugins.lapor.tests.conftest import role
from superapp.sdk import SYSTEM, Conflict, current_actor, current_tenant, session, set_actor

ACTIONS = tuple(dict.fromkeys(each.action for each in TRANSITIONS))
TEXT = {"text": "Keterangan"}


def audited(receipt):
    """An auditor steps in; the officer of the walk goes on after that."""
    before = current_actor()
    set_actor(role("auditor"))
    try:
        return service.false_closing(receipt.id, reason="Belum dikerjakan")
    finally:
        set_actor(before)


STEPS = {
    "verify": lambda r: service.verify(r.id),
    "dispose": lambda r: service.dispose(r.id, agency_codes=["DLHK", "DPUPR"]),
    "give_back": lambda r: service.give_back(r.id, owner_agency_code="INSPEKTORAT", reason="Bukan kami"),
    "hold": lambda r: service.hold(r.id, reason="Menunggu", waiting_for="reporter", question="Di mana?"),
    "resume": lambda r: service.resume(r.id),
    "progress": lambda r: service.progress(r.id, **TEXT),
    "answer": lambda r: service.answer(r.id, **TEXT),
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
    tables = (CaseEvent, DeadlineRow)
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
            elif action == "autoclose" or (action == "correct" and window_of(case) is None):
                with pytest.raises(Conflict):  # its time has not come, or is over
                    STEPS[action](receipt)
            else:
                done = STEPS[action](receipt)
                assert done.version == version + 1
                to = TABLE[status, action].to
                assert to in {"HELD", done.status} or (to == "SAME" and done.status == status), (
                    status,
                    action,
                )
        assert tidy.drift() == {}
        assert may_see(SYSTEM, case, [])
        set_actor(SYSTEM)
