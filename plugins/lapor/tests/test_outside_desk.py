"""The desk's page of connections: what waits, by hand and back, what was refused, what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from register import STEPS, Register
from sqlalchemy import select
from test_outside_core import DRAFT

from plugins.lapor import service
from plugins.lapor.contracts.outside import Destination
from plugins.lapor.models import Difference, ParcelRow
from plugins.lapor.service.outside import compare, deciding, destinations, numbers, sending
from plugins.lapor.tests.desk_people import COUNTER, sits
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.plugin import registry
from superapp.sdk import Conflict, now, session
from superapp.testing.client import TenantClient
from tests.core.plugins_made import plugin


@pytest.fixture
def far() -> Register:
    return Register()


@pytest.fixture
def city(app: Flask, tenant_a: Tenant, tmp_path: Path, far: Register) -> Iterator[Tenant]:
    """The first government with the connector on."""
    made = plugin(tmp_path, "kantor", requires="lapor", **far.hooks())
    kept = app.extensions["superapp_plugins"]
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
    with app.app_context():
        yield replace(tenant_a, enabled=tenant_a.enabled | {"kantor"})
    app.extensions["superapp_plugins"] = kept


def connected() -> Destination:
    return destinations.connect(
        "kantor", "satu", title="Kantor Satu", takes="all", steps=STEPS, repeatable=True
    )


@pytest.fixture
def there(city: Tenant) -> Iterator[Destination]:
    with tenant_scope(city, SYSTEM):
        yield connected()


@pytest.fixture
def desk(app: Flask, tenant_a: Tenant, client: Callable[[Tenant], TenantClient]) -> TenantClient:
    """The coordinator's browser."""
    return sits(app, client, tenant_a, "coordinator", COUNTER)


def first(destination: Destination, state: str) -> Any:
    query = select(ParcelRow).where(ParcelRow.destination_id == destination.id, ParcelRow.state == state)
    return session().scalars(query.order_by(ParcelRow.event_id)).first()


def test_by_hand_and_back_loses_and_doubles_nothing(there: Destination, far: Register) -> None:
    destinations.set_mode(there.id, "manual")
    receipt = service.submit(DRAFT)
    service.verify(receipt.id)
    sending.deliver(there.id)
    assert far.taken == []
    row = first(there, "waiting")
    words = {line.label: line.value for line in deciding.card(there.id, row.event_id)}
    assert words["Judul"] == DRAFT.title and "Pelapor" not in words
    later = session().scalars(select(ParcelRow).where(ParcelRow.step == "verified")).one()
    with pytest.raises(Conflict):
        deciding.done_by_hand(there.id, later.event_id)
    deciding.done_by_hand(there.id, row.event_id, foreign_id=" X-12 ")
    destinations.set_mode(there.id, "auto")
    sending.deliver(there.id)
    assert far.taken == [(receipt.number, "verified")]
    ref = numbers.ref_of(there.id, receipt.id)
    assert ref is not None and ref.foreign_id == "X-12"


def test_a_refused_one_is_sent_again_or_left_out_with_a_reason(there: Destination, far: Register) -> None:
    one, two = service.submit(DRAFT), service.submit(DRAFT)
    far.faults = ["refused", "refused"]
    sending.deliver(there.id)
    rows = session().scalars(select(ParcelRow).order_by(ParcelRow.event_id)).all()
    assert [row.state for row in rows] == ["dead", "dead"]
    deciding.again(there.id, rows[0].event_id)
    deciding.skip(there.id, rows[1].event_id, reason="Sudah dilaporkan lewat telepon.")
    with pytest.raises(Conflict):
        deciding.skip(there.id, rows[1].event_id, reason="Lagi.")
    service.verify(two.id)
    sending.deliver(there.id)
    assert far.taken == [(one.number, "new"), (two.number, "verified")]


def test_differences_are_listed_until_both_sides_agree(there: Destination, far: Register) -> None:
    receipt = service.submit(DRAFT)
    sending.deliver(there.id)

    def kinds() -> list[str]:
        query = select(Difference.kind).where(Difference.resolved_at.is_(None))
        return sorted(session().scalars(query))

    compare.compare(there.id)
    assert kinds() == ["unknown_there"]
    far.words = {f"N-{receipt.number[-6:]}": "Selesai"}
    compare.compare(there.id)
    assert kinds() == ["state"]
    deciding.settled(there.id, receipt.id, "state", note="Di sana dibuka lagi.")
    assert kinds() == []
    compare.compare(there.id)
    assert kinds() == ["state"]  # they still differ
    far.words = {f"N-{receipt.number[-6:]}": "Proses"}
    compare.compare(there.id)
    assert kinds() == []
    far.faults = ["refused"]
    service.verify(receipt.id)
    sending.deliver(there.id)
    with at_time(now() + timedelta(days=3)):
        compare.compare(there.id)
    assert kinds() == ["waiting_long"]


def test_the_page_shows_decides_and_keeps_what_was_typed(
    city: Tenant, far: Register, desk: TenantClient
) -> None:
    far.faults = ["refused"]
    with tenant_scope(city, SYSTEM):
        made = connected()
        receipt = service.submit(DRAFT)
        sending.deliver(made.id)
        event_id = first(made, "dead").event_id
    base = f"/meja/lapor/sambungan/{made.id}"
    assert "Kantor Satu" in desk.get("/meja/lapor/sambungan").get_data(as_text=True)
    page = desk.get(base).get_data(as_text=True)
    assert receipt.number in page and "Kategori tidak dikenal." in page and DRAFT.body in page
    assert "Kantor Satu" in desk.get(f"/meja/lapor/{receipt.number}").get_data(as_text=True)
    parcel = f"{base}/kiriman/{event_id}"
    answer = desk.submit(parcel, {"what": "skip", "reason": "x" * 501}, form="/meja/akun")
    assert answer.status_code == 422 and "x" * 501 in answer.get_data(as_text=True)
    answer = desk.submit(parcel, {"what": "done", "foreign_id": "K-77"}, form="/meja/akun")
    assert answer.status_code == 303
    assert "K-77" in desk.get(f"/meja/lapor/{receipt.number}").get_data(as_text=True)
    assert desk.submit(f"{base}/cara", {"mode": "lain"}, form="/meja/akun").status_code == 422
    assert desk.submit(f"{base}/cara", {"mode": "paused"}, form="/meja/akun").status_code == 303
