"""Whatever the other side does to a request: each event arrives once, in order, or an officer sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from outside_stub import FAULTS, Died, Stub, served, switched_on
from register import STEPS
from sqlalchemy import select
from test_outside_core import DRAFT

from plugins.lapor import service
from plugins.lapor.models import ParcelRow
from plugins.lapor.service.outside import deciding, destinations, sending
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.sdk import now, session

PLENTY = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
SEQUENCES = st.lists(st.sampled_from(FAULTS), max_size=7)


@pytest.fixture
def stub() -> Iterator[Stub]:
    with served(Stub()) as made:
        yield made


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path, stub: Stub) -> Iterator[Tenant]:
    with (
        switched_on(app, tenant_a, tmp_path, stub.hooks()) as known,
        tenant_scope(known, SYSTEM),
    ):
        yield known


def begin(stub: Stub, faults: list[str], *, repeatable: bool) -> tuple[UUID, list[tuple[str, str]]]:
    """A connection of its own, with two cases of two steps each; what has to be told, in order."""
    for each in destinations.destinations("kantor"):
        destinations.disconnect(each.id, reason="uji berikutnya")
    stub.taken, stub.faults, stub.repeatable = [], list(faults), repeatable
    name = f"k{now().timestamp()}"
    there = destinations.connect(
        "kantor", name, title="Kantor", takes="all", steps=STEPS, repeatable=repeatable
    )
    first, second = service.submit(DRAFT), service.submit(DRAFT)
    service.verify(first.id)
    service.verify(second.id)
    return there.id, [(each.number, step) for each in (first, second) for step in ("new", "verified")]


def rows(there: UUID, *states: str) -> list[ParcelRow]:
    query = select(ParcelRow).where(ParcelRow.destination_id == there).order_by(ParcelRow.event_id)
    found = session().scalars(query, execution_options={"populate_existing": True})
    return [row for row in found if not states or row.state in states]


def days_pass(there: UUID, moment: datetime, *, hours: int = 40) -> datetime:
    """The worker's turns, an hour apart, until nothing waits any more that could go."""
    for _hour in range(hours):
        moment += timedelta(hours=1)
        with at_time(moment):
            sending.wake()
            try:
                sending.deliver(there)
            except Died:
                continue
        if not rows(there, "waiting", "sending"):
            break
    return moment


def told_in_order(stub: Stub, wanted: list[tuple[str, str]]) -> None:
    """Each once, and each case's in its order."""
    told = [(number, step) for _, number, step in stub.taken]
    assert sorted(told) == sorted(wanted)
    for number in {number for number, _ in wanted}:
        assert [step for n, step in told if n == number] == ["new", "verified"]


@PLENTY
@given(faults=SEQUENCES)
@example(faults=["timeout_after", "die_after", "garbage_after", "reset_after", "drip_after", "500_after"])
def test_where_repeats_are_recognised_each_event_arrives_once(
    tenant: Tenant, stub: Stub, faults: list[str]
) -> None:
    there, wanted = begin(stub, faults, repeatable=True)
    days_pass(there, now())
    assert {row.state for row in rows(there)} == {"sent"}
    told_in_order(stub, wanted)


@PLENTY
@given(faults=SEQUENCES)
@example(faults=["timeout_after", "die", "500", "die_after", "reset"])
def test_where_they_are_not_nothing_doubles_and_an_officer_sees_the_rest(
    tenant: Tenant, stub: Stub, faults: list[str]
) -> None:
    there, wanted = begin(stub, faults, repeatable=False)
    moment = now()
    for _round in range(8):
        moment = days_pass(there, moment)
        told = [(number, step) for _, number, step in stub.taken]
        assert len(told) == len(set(told)), "something stands there twice"
        left = rows(there, "unsure", "dead")
        if not left:
            break
        _officer_looks(there, stub, left)
    assert {row.state for row in rows(there)} == {"sent"}
    told_in_order(stub, wanted)


def _officer_looks(there: UUID, stub: Stub, left: list[ParcelRow]) -> None:
    """Who looks on the other side knows which of them arrived, and says so."""
    arrived = {key for key, _, _ in stub.taken}
    for row in left:
        if str(deciding.compose.parcel_id(there, row.event_id)) in arrived:
            deciding.done_by_hand(there, row.event_id)
        else:
            deciding.again(there, row.event_id)


def test_a_late_yes_counts_and_a_late_no_does_not(tenant: Tenant, stub: Stub) -> None:
    """A worker so slow that it was given up still knows that it arrived."""
    from plugins.lapor.contracts.outside import Pushed
    from plugins.lapor.service.outside import outcome

    there, _ = begin(stub, [], repeatable=False)
    parcel = sending._claim(there)
    assert parcel is not None
    with at_time(now() + timedelta(minutes=11)):
        sending.wake()
        outcome.mark(parcel, outcome.Outcome("busy", "503"))
        assert next(row.state for row in rows(there)) == "unsure"
        outcome.mark(parcel, outcome.Outcome("sent", pushed=Pushed("S-1")))
    assert next(row.state for row in rows(there)) == "sent"
