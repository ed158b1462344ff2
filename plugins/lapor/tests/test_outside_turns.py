"""Days with a register that is often away, by hand for a day, and turns that leave room for everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from outside_stub import switched_on
from register import STEPS, Register
from sqlalchemy import select, text
from test_outside_core import DRAFT

from plugins.lapor import service
from plugins.lapor.contracts.outside import Busy, Destination, Parcel, Pushed
from plugins.lapor.models import ParcelRow
from plugins.lapor.service.outside import deciding, destinations, numbers, outcome, sending
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.jobs import worker as workers
from superapp.plugin import lifecycle
from superapp.sdk import current_tenant, now, session, work

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, BY_HAND, PAUSED = 12, 4, 7


class OftenAway(Register):
    """Away from 10 to 12 each day."""

    def push(self, tenant: Tenant, parcel: Parcel) -> Pushed | None:
        """As `lapor_push`."""
        if parcel.destination.plugin == "kantor" and now().hour in (10, 11):
            self.tries += 1
            raise Busy("503")
        return super().push(tenant, parcel)


@pytest.fixture
def far() -> OftenAway:
    return OftenAway()


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path, far: OftenAway) -> Iterator[Tenant]:
    with (
        switched_on(app, tenant_a, tmp_path, far.hooks()) as known,
        tenant_scope(known, SYSTEM),
    ):
        yield known


def connect(key: str = "satu", **more: object) -> Destination:
    given = {"title": f"Kantor {key}", "takes": "all", "steps": STEPS, "repeatable": True, **more}
    return destinations.connect("kantor", key, **given)  # type: ignore[arg-type]


def waiting(there: Destination) -> list[ParcelRow]:
    query = select(ParcelRow).where(ParcelRow.destination_id == there.id, ParcelRow.state == "waiting")
    found = session().scalars(
        query.order_by(ParcelRow.event_id), execution_options={"populate_existing": True}
    )
    return list(found)


def test_two_hours_away_a_day_a_day_by_hand_and_one_paused(tenant: Tenant, far: OftenAway) -> None:
    with at_time(BEGAN):
        there = connect()
    wanted: list[tuple[str, str]] = []
    for hour in range(9, DAYS * 24, 2):
        day, time = divmod(hour, 24)
        with at_time(BEGAN + timedelta(hours=hour)):
            if time == 9:
                modes = {BY_HAND: "manual", BY_HAND + 1: "auto", PAUSED: "paused", PAUSED + 1: "auto"}
                if day in modes:
                    destinations.set_mode(there.id, modes[day])  # type: ignore[arg-type]
                receipt = service.submit(DRAFT)
            if time == 11:
                service.verify(receipt.id)
                wanted += [(receipt.number, "new"), (receipt.number, "verified")]
            if time == 15 and day == BY_HAND:
                _key_in(there, far)
            sending.wake()
            sending.deliver(there.id)
            if time == 17 and day not in (BY_HAND, PAUSED):
                assert not waiting(there), f"something still waits on day {day}, five hours after the break"
    assert sorted(far.taken) == sorted(wanted)
    for number, _ in wanted[::2]:
        assert [step for told, step in far.taken if told == number] == ["new", "verified"]
    assert far.tries < DAYS * 2 * 6


def _key_in(there: Destination, far: OftenAway) -> None:
    """An officer copies the cards one after the other and writes the number from there down."""
    for row in waiting(there):
        card = {line.label: line.value for line in deciding.card(there.id, row.event_id)}
        number = card["Nomor kami"]
        far.taken.append((number, row.step))
        deciding.done_by_hand(there.id, row.event_id, foreign_id=f"M-{number[-6:]}")
        again = numbers.ref_of(there.id, row.complaint_id)
        assert again is not None and again.foreign_id == f"M-{number[-6:]}"


def test_a_long_rest_ends_with_one_try_and_then_everything_goes(tenant: Tenant, far: OftenAway) -> None:
    with at_time(BEGAN):
        there = connect()
        made = [service.submit(DRAFT) for _ in range(4)]
    far.faults = ["busy"] * 1000
    moment, tries = BEGAN, []
    for _hour in range(30):
        moment += timedelta(minutes=30)
        with at_time(moment):
            if moment.hour not in (10, 11):
                sending.deliver(there.id)
                tries.append(far.tries)
    row = destinations.one(there.id)
    assert row.failures >= 5 and row.rests_until is not None
    late = [later - sooner for sooner, later in zip(tries[-12:], tries[-11:], strict=False)]
    assert max(late) <= 1, "a register that rests is tried once, not by all that waits"
    far.faults = []
    with at_time(moment + timedelta(days=2)):
        sending.deliver(there.id)
    assert sorted(number for number, _ in far.taken) == sorted(each.number for each in made)
    assert destinations.one(there.id).failures == 0
    assert max(outcome._pause(n).total_seconds() for n in range(40)) <= 86_400


MANY = """
WITH made AS (
    INSERT INTO lapor.event
        (tenant_id, id, complaint_id, type, actor_kind, actor_name, public, text, data, at)
    SELECT :tenant, gen_random_uuid(), :case, 'progress', 'system', '', true, 'Dikerjakan.', '{}', :now
    FROM generate_series(1, :many) RETURNING id
)
INSERT INTO lapor.parcel
    (tenant_id, destination_id, event_id, complaint_id, step, owner, state, made_at, due_at)
SELECT :tenant, :there, id, :case, 'progress', false, 'waiting', :now, :now FROM made
"""


def backlog(many: int, key: str) -> UUID:
    """So many steps of one case that wait for one register of the open tenant."""
    there, receipt = connect(key, takes="forwarded"), service.submit(DRAFT)
    with work() as unit:
        given = {"tenant": current_tenant().id, "case": receipt.id, "there": there.id, "many": many}
        unit.execute(text(MANY), {**given, "now": now()})
        sending.nudge(there.id)
    return there.id


def test_who_has_thousands_or_is_slow_delays_nobody(
    app: Flask,
    two_tenants: tuple[Tenant, Tenant],
    tmp_path: Path,
    worker: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log: list[str] = []
    quick_done = threading.Event()

    def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
        key = parcel.destination.key
        if key == "lambat":
            assert quick_done.wait(20), "the quick one waits behind the slow one"
        log.append(key)
        if log.count("cepat") == 6:
            quick_done.set()
        return Pushed(f"N-{parcel.case.number}")

    many, few = two_tenants
    monkeypatch.setattr(sending, "TURN", 8)
    with switched_on(app, many, tmp_path, {"lapor_push": lapor_push}):
        for each in two_tenants:
            with tenant_scope(each, SYSTEM):
                lifecycle.enable(each, "kantor")
        with tenant_scope(many, SYSTEM):
            backlog(30, "banyak")
        with tenant_scope(few, SYSTEM):
            backlog(6, "sedikit")
        # One thread for all: the many have one turn, then it is the turn of the few.
        monkeypatch.setattr(workers, "LANES", {"default": 1, "outbound": 1})
        worker()
        assert sorted(log) == ["banyak"] * 30 + ["sedikit"] * 6
        assert log[:14] == ["banyak"] * 8 + ["sedikit"] * 6
        with tenant_scope(many, SYSTEM):
            backlog(1, "lambat")
            backlog(6, "cepat")
        monkeypatch.setattr(workers, "LANES", {"default": 1, "outbound": 2})
        worker()
    assert log[36:] == ["cepat"] * 6 + ["lambat"]


def test_the_next_one_of_ten_thousand_is_found_by_an_index(tenant: Tenant, admin_connection: Any) -> None:
    there = backlog(10_000, "banyak")
    admin_connection.execute("ANALYZE lapor.parcel")
    bound = session().connection()
    asked = sending.next_due(there, now()).compile(
        dialect=bound.dialect, compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(bound.exec_driver_sql(f"EXPLAIN {asked}".replace("%", "%%")).scalars())
    assert "Seq Scan" not in plan and "parcel_due" in plan, plan
