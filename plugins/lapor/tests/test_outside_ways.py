"""Cases that change hands: undone, handed over again, turned secret, corrected, cut off, connected anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from outside_stub import switched_on
from register import STEPS, Register
from sqlalchemy import select
from test_outside_core import DRAFT

from plugins.lapor import service
from plugins.lapor.contracts import Receipt
from plugins.lapor.contracts.outside import Arrival, Destination
from plugins.lapor.models import CaseEvent, Complaint, OutsideRef, ParcelRow
from plugins.lapor.service.deskwork import undo
from plugins.lapor.service.kept import steps
from plugins.lapor.service.outside import compare, deciding, destinations, sending, taking
from plugins.lapor.tests.conftest import role
from superapp.context import SYSTEM, Tenant, at_time, set_actor, tenant_scope
from superapp.sdk import Actor, NotFound, now, session, work


@pytest.fixture
def far() -> Register:
    return Register()


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path, far: Register) -> Iterator[Tenant]:
    with (
        switched_on(app, tenant_a, tmp_path, far.hooks()) as known,
        tenant_scope(known, SYSTEM),
    ):
        yield known


def connected(takes: str = "forwarded", **more: object) -> Destination:
    given = {"agency_code": "BPJN", "steps": STEPS, "repeatable": True, **more}
    return destinations.connect("kantor", "satu", title="Kantor Satu", takes=takes, **given)  # type: ignore[arg-type]


def states(receipt: Receipt) -> list[tuple[str, str, str]]:
    query = select(ParcelRow).where(ParcelRow.complaint_id == receipt.id).order_by(ParcelRow.event_id)
    found = session().scalars(query, execution_options={"populate_existing": True})
    return [(row.step, row.state, row.cause_kind) for row in found]


def refs_of(receipt: Receipt) -> list[OutsideRef]:
    query = select(OutsideRef).where(OutsideRef.complaint_id == receipt.id)
    return list(session().scalars(query, execution_options={"populate_existing": True}))


def ref_of(receipt: Receipt) -> OutsideRef:
    [found] = refs_of(receipt)
    return found


def returned(there: Destination, receipt: Receipt) -> None:
    number = f"N-{receipt.number[-6:]}"
    told = taking.take(there.id, Arrival("r1", now(), foreign_id=number, news="return", text="Jalan kota."))
    assert told.applied


def test_handed_over_again_is_told_as_such_under_the_known_number(tenant: Tenant, far: Register) -> None:
    there = connected()
    receipt = service.submit(DRAFT)
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    sending.deliver(there.id)
    returned(there, receipt)
    ref = ref_of(receipt)
    assert not ref.owner
    late = Arrival("a9", now(), foreign_id=ref.foreign_id, news="answer", text="Selesai.")
    assert not taking.take(there.id, late).applied  # they gave it back
    service.forward(receipt.id, agency_code="BPJN", text="Tetap jalan nasional.")
    sending.deliver(there.id)
    first, second = far.parcels
    assert (first.step, first.owner, first.foreign_id) == ("new", True, "")
    assert (second.step, second.owner, second.foreign_id) == ("new", True, ref.foreign_id)
    assert first.id != second.id
    sent = select(CaseEvent).where(CaseEvent.complaint_id == receipt.id, CaseEvent.type == "sent_outside")
    assert len(session().scalars(sent).all()) == 1
    assert [unit.external_id for unit in service.desk_view(receipt.id).case.units if unit.agency] == [
        ref.foreign_id
    ]
    again = Arrival("a2", now(), foreign_id=ref.foreign_id, news="answer", text="Sudah ditambal.")
    assert taking.take(there.id, again).applied


def test_taken_back_before_they_heard_of_it_never_leaves(tenant: Tenant, far: Register) -> None:
    there = connected()
    receipt = service.submit(DRAFT)
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    service.hear(receipt.id, heard="return", text="Lewat telepon: bukan kami.", source="Telepon")
    assert not ref_of(receipt).owner
    service.dispose(receipt.id, agency_codes=["DLHK"])
    sending.deliver(there.id)
    assert far.taken == []
    assert {state for _, state, _ in states(receipt)} == {"dropped"}


def test_what_is_undone_never_leaves_and_what_was_keyed_in_stands(tenant: Tenant, far: Register) -> None:
    there, officer = connected(), role("coordinator")
    receipt = service.submit(DRAFT)
    set_actor(officer)
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    sending.deliver(there.id)
    assert far.taken == []  # it may still be taken back
    [outcome] = undo.undo(batch(receipt))
    assert outcome.ok and refs_of(receipt) == []
    assert states(receipt) == [("new", "dropped", "undone")]
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    destinations.set_mode(there.id, "manual")
    row = session().scalars(select(ParcelRow).where(ParcelRow.state == "waiting")).one()
    deciding.done_by_hand(there.id, row.event_id, foreign_id="K-1")
    [outcome] = undo.undo(batch(receipt))
    assert not outcome.ok and "Sistem lain" in outcome.why
    assert (ref_of(receipt).owner, ref_of(receipt).foreign_id) == (True, "K-1")


def batch(receipt: Receipt) -> UUID:
    found = steps.offer(receipt.id)
    assert found is not None
    return found.batch_id


def test_a_case_that_turns_secret_is_told_no_further_and_asked_for_no_more(
    tenant: Tenant, far: Register
) -> None:
    there = connected("all", agency_code="")
    receipt = service.submit(DRAFT)
    sending.deliver(there.id)
    service.verify(receipt.id)
    with work():
        case = session().get(Complaint, (tenant.id, receipt.id))
        case.secret, case.published = True, False
    service.dispose(receipt.id, agency_codes=["DLHK"])
    sending.deliver(there.id)
    assert states(receipt) == [("new", "sent", ""), ("verified", "dropped", "secret")]
    with work():
        assert compare._pairs(there.id, None) == []
    set_actor(Actor("officer", None, "Loket", frozenset({"lapor.outside"})))
    row = session().scalars(select(ParcelRow).where(ParcelRow.step == "verified")).one()
    with pytest.raises(NotFound):
        deciding.skip(there.id, row.event_id, reason="Tidak melihatnya.")
    set_actor(SYSTEM)
    with work():
        session().get(Complaint, (tenant.id, receipt.id)).secret = False
    service.progress(receipt.id, text="Truk berangkat.")
    sending.deliver(there.id)
    assert [step for _, step in far.taken] == ["new", "progress"]


def test_a_copy_goes_to_whom_the_corrected_kind_concerns(tenant: Tenant, far: Register) -> None:
    there = connected("categories", agency_code="", categories=["DRAIN.CLOG"])
    receipt, other = service.submit(DRAFT), service.submit(DRAFT)
    service.verify(other.id)
    service.verify(receipt.id, category="DRAIN.CLOG")
    sending.deliver(there.id)
    assert far.taken == [(receipt.number, "new")]
    assert not far.parcels[0].owner and far.parcels[0].case.category_code == "DRAIN.CLOG"
    service.dispose(receipt.id, agency_codes=["DLHK"])
    sending.deliver(there.id)
    assert far.taken[1:] == [(receipt.number, "disposed")]


def test_cut_off_and_connected_anew_knows_its_cases_and_gets_what_it_missed(
    tenant: Tenant, far: Register
) -> None:
    there = connected("all")
    known, unheard = service.submit(DRAFT), service.submit(DRAFT)
    service.forward(known.id, agency_code="BPJN", text="Jalan nasional.")
    far.faults = ["", "busy", "busy", "busy"]
    sending.deliver(there.id)
    destinations.disconnect(there.id, reason="Perjanjian berakhir.")
    with pytest.raises(NotFound):
        taking.take(there.id, Arrival("x", now(), foreign_id="N-1", news="progress"))
    missed = service.submit(DRAFT)
    far.faults, far.taken = [], []
    again = connected("all")
    assert again.id == there.id
    sending.deliver(there.id)
    assert far.taken == []  # what waited was dropped with the reason
    for each in (unheard, missed):
        assert refs_of(each) == []
        service.verify(each.id)
    with at_time(now() + timedelta(hours=1)):
        sending.deliver(there.id)
    assert sorted(far.taken) == sorted((each.number, "new") for each in (unheard, missed))
    ref = ref_of(known)
    assert ref.owner and ref.foreign_id
    told = taking.take(there.id, Arrival("y", now(), foreign_id=ref.foreign_id, news="answer", text="Ya."))
    assert told.applied
