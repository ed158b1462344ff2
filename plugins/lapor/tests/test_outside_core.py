"""One parcel for a step and a register, in order, once; news of theirs once, only forward, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from register import STEPS, Register
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Draft, Location
from plugins.lapor.contracts.outside import Arrival, Destination
from plugins.lapor.models import CaseEvent, Complaint, OutsideRef, ParcelRow
from plugins.lapor.service import reference
from plugins.lapor.service.outside import destinations, numbers, pulling, sending, taking
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.plugin import registry
from superapp.sdk import now, session, work
from tests.core.plugins_made import plugin

DRAFT = Draft(
    kind="complaint",
    title="Tumpukan sampah di depan pasar",
    body="Sampah menumpuk tiga hari di depan pasar dan baunya masuk rumah.",
    category="WASTE.PILE",
    location=Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001"),
)


@pytest.fixture
def far() -> Register:
    return Register()


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path, far: Register) -> Iterator[Tenant]:
    made = plugin(tmp_path, "kantor", requires="lapor", **far.hooks())
    reference.forget()
    kept = app.extensions["superapp_plugins"]
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
    known = replace(tenant_a, enabled=tenant_a.enabled | {"kantor"})
    with app.app_context(), tenant_scope(known, SYSTEM):
        yield known
    app.extensions["superapp_plugins"] = kept


def connected(takes: str = "all", **options: object) -> Destination:
    return destinations.connect(
        "kantor", "satu", title="Kantor Satu", takes=takes, steps=STEPS, repeatable=True, **options
    )


def states(destination: Destination) -> list[tuple[str, str]]:
    query = select(ParcelRow.step, ParcelRow.state).where(ParcelRow.destination_id == destination.id)
    return [tuple(row) for row in session().execute(query.order_by(ParcelRow.event_id))]


def test_a_case_and_its_steps_go_out_in_order_once(tenant: Tenant, far: Register) -> None:
    there = connected()
    receipt = service.submit(DRAFT)
    service.verify(receipt.id)
    service.dispose(receipt.id, agency_codes=["DLHK"])
    service.progress(receipt.id, text="Truk berangkat.")
    sending.deliver(there.id)
    assert far.taken == [(receipt.number, step) for step in ("new", "verified", "disposed", "progress")]
    sending.deliver(there.id)
    assert len(far.taken) == 4
    ref = numbers.ref_of(there.id, receipt.id)
    assert ref is not None and ref.foreign_id == f"N-{receipt.number[-6:]}" and ref.second_id == "T-1"
    lines = session().scalars(select(CaseEvent.type).where(CaseEvent.complaint_id == receipt.id)).all()
    assert list(lines).count("sent_outside") == 1


def test_a_failure_holds_its_case_and_no_other(tenant: Tenant, far: Register) -> None:
    there = connected()
    first, second = service.submit(DRAFT), service.submit(DRAFT)
    service.verify(first.id)
    far.faults = ["refused"]
    sending.deliver(there.id)
    assert far.taken == [(second.number, "new")]
    assert states(there) == [("new", "dead"), ("new", "sent"), ("verified", "waiting")]


def test_a_lost_answer_doubles_nothing_where_repeats_are_known(tenant: Tenant, far: Register) -> None:
    there = connected()
    receipt = service.submit(DRAFT)
    far.faults = ["lost_after"]
    sending.deliver(there.id)
    assert states(there) == [("new", "waiting")]
    with at_time(now() + timedelta(hours=1)):
        sending.deliver(there.id)
    assert far.taken == [(receipt.number, "new")] and far.tries == 2


def test_where_repeats_are_not_known_an_officer_looks(tenant: Tenant, far: Register) -> None:
    there = destinations.connect("kantor", "satu", title="Kantor", takes="all", steps=STEPS)
    service.submit(DRAFT)
    far.faults = ["lost_after"]
    sending.deliver(there.id)
    with at_time(now() + timedelta(days=3)):
        sending.deliver(there.id)
    assert states(there) == [("new", "unsure")] and far.tries == 1


def test_thirty_days_without_the_other_side_lose_nothing(tenant: Tenant, far: Register) -> None:
    there, began = connected(), now()
    receipt = service.submit(DRAFT)
    far.faults = ["busy"] * 10_000
    for day in range(30):
        with at_time(began + timedelta(days=day)):
            sending.deliver(there.id)
            if day == 3:
                service.verify(receipt.id)
    assert far.taken == [] and far.tries < 70
    far.faults = []
    with at_time(began + timedelta(days=31)):
        for _turn in range(3):
            sending.deliver(there.id)
    assert far.taken == [(receipt.number, "new"), (receipt.number, "verified")]


def test_secrets_and_whistle_blowing_stay_at_home(tenant: Tenant, far: Register) -> None:
    there = connected()
    service.submit(replace(DRAFT, secret=True))
    service.submit(replace(DRAFT, whistle=True))
    receipt = service.submit(DRAFT)
    with work():
        session().get(Complaint, (tenant.id, receipt.id)).secret = True
    sending.deliver(there.id)
    assert far.taken == [] and states(there) == [("new", "dropped")]


def test_forwarding_hands_over_and_their_answer_comes_home_once(tenant: Tenant, far: Register) -> None:
    there = connected("forwarded", agency_code="BPJN")
    receipt = service.submit(DRAFT)
    sending.deliver(there.id)
    assert far.taken == []
    service.forward(receipt.id, agency_code="BPJN", text="Jalan provinsi.")
    sending.deliver(there.id)
    parcel = far.parcels[0]
    assert parcel.step == "new" and parcel.owner and parcel.case.reporter is None
    number = f"N-{receipt.number[-6:]}"
    far.news = [
        Arrival("a1", now(), foreign_id=number, news="progress", text="Diperiksa bidang jalan."),
        Arrival("a2", now(), foreign_id=number, news="answer", text="Sudah ditambal."),
        Arrival("a2", now(), foreign_id=number, news="answer", text="Sudah ditambal."),
        Arrival("a0", now() - timedelta(days=1), foreign_id=number, news="progress", text="Diterima."),
        Arrival("x", now(), foreign_id="N-9", news="answer", text="Bukan milik kita."),
    ]
    pulling.pull(there.id)
    case = service.desk_view(receipt.id).case
    assert case.status == "answered"
    assert [unit.external_id for unit in case.units] == [number]
    kept = taking.take(there.id, far.news[3])
    assert kept.repeated and not kept.applied and "terlambat" in kept.why
    sending.deliver(there.id)
    assert [step for _, step in far.taken] == ["new"]  # their own news do not go back to them


def test_their_case_comes_in_once_and_its_reporter_decides_there(tenant: Tenant, far: Register) -> None:
    there = connected("forwarded")
    draft = replace(DRAFT, channel="national")
    taken = taking.take(there.id, Arrival("c1", now(), foreign_id="77", draft=draft))
    again = taking.take(there.id, Arrival("c9", now(), foreign_id="77", draft=draft))
    assert taken.applied and again.repeated and again.complaint_id == taken.complaint_id
    service.dispose(taken.complaint_id, agency_codes=["DLHK"])
    service.answer(taken.complaint_id, text="Sudah diangkut.", no_work="not_found")
    sending.deliver(there.id)
    assert [step for _, step in far.taken] == ["disposed", "answer"]
    done = taking.take(there.id, Arrival("c2", now(), foreign_id="77", news="solved"))
    assert done.applied and service.desk_view(taken.complaint_id).case.status == "closed"
    ref = session().scalars(select(OutsideRef)).one()
    assert ref.came_from_there and ref.foreign_id == "77"
