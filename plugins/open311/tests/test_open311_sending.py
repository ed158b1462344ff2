"""One city sends to another's GeoReport server and follows it: both ends are ours, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from open311_city import Georeport, made
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.models import CaseEvent, Difference, OutsideRef, ParcelRow
from plugins.lapor.queries import id_of
from plugins.lapor.service import reference
from plugins.lapor.service.outside import compare, deciding, pulling, sending
from plugins.lapor.service.vault import people
from plugins.open311 import jobs
from plugins.open311.client import servers
from plugins.open311.client.servers import Given
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.sdk import now, session
from superapp.testing.browser import Live

POTHOLE = Draft(
    kind="complaint",
    title="Lubang di tikungan",
    body="Lubang di tikungan depan pasar sejak Senin.",
    category="ROAD.POTHOLE",
    location=Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001"),
    reporter=Contact("Warga Uji", "081234567890", "warga@uji.example"),
    answers={"width": "40", "traffic": "Bisa"},
)


class Abroad(Georeport):
    """The other city: what it does, it does in a thread of its own, beside the scope that is open here."""

    def act(self, deed: Callable[[], Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(super().act, deed).result()


@pytest.fixture
def there(app: Flask, tenant_b: Tenant, client: Any) -> Georeport:
    """The other city, with a key that may report and handle."""
    city = made(app, tenant_b, client, "open311.write", "lapor.handle", "lapor.all")
    return Abroad(city.app, city.tenant, city.http, city.key)


@pytest.fixture
def here(app: Flask, tenant_a: Tenant, there: Georeport) -> Iterator[Tenant]:
    """This city's scope, as its jobs run in."""
    reference.forget()
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        yield tenant_a


Connect = Callable[..., UUID]


@pytest.fixture
def connect(here: Tenant, there: Georeport, live: Live, at_home: None) -> Connect:
    """Connects the other city: potholes go to its own potholes."""

    def make(**changes: Any) -> UUID:
        given = Given(
            "Kota Lain", live.url(there.tenant, "/open311/v2"), api_key=there.key, agency_code="BPJN"
        )
        server_id = servers.add(replace(given, **changes))
        jobs.fetch(str(server_id))
        servers.map_services(server_id, {"ROAD.POTHOLE": "ROAD.POTHOLE"})
        jobs.fetch(str(server_id))
        return server_id

    return make


def destination(server_id: UUID) -> UUID:
    return servers.one(server_id).destination_id


def numbers(server_id: UUID) -> list[str]:
    query = select(OutsideRef.foreign_id).where(OutsideRef.destination_id == destination(server_id))
    return list(session().scalars(query, execution_options={"populate_existing": True}))


def states(server_id: UUID) -> list[tuple[str, str]]:
    query = select(ParcelRow.step, ParcelRow.state).where(ParcelRow.destination_id == destination(server_id))
    return [tuple(row) for row in session().execute(query.order_by(ParcelRow.event_id))]


def lines(complaint_id: UUID, kind: str) -> list[str]:
    query = select(CaseEvent.text).where(CaseEvent.complaint_id == complaint_id, CaseEvent.type == kind)
    return list(session().scalars(query.order_by(CaseEvent.at, CaseEvent.id)))


@pytest.mark.parametrize("spelling", ["json", "xml"])
def test_a_case_is_handed_over_and_its_answer_comes_home(
    connect: Connect, there: Georeport, spelling: str
) -> None:
    server_id = connect(spelling=spelling, updates=True)
    row = servers.one(server_id)
    assert "DRAIN.CLOG" in {each["code"] for each in row.services} and row.fetch_error == ""
    asked = {each["code"]: each for each in row.definitions["ROAD.POTHOLE"]}
    assert asked["traffic"]["required"] and len(asked["traffic"]["values"]) == 3
    assert "close_up" not in asked, "a question for a photo is information only"
    servers.fix_answers(server_id, {"ROAD.POTHOLE": {"traffic": asked["traffic"]["values"][1][0]}})

    receipt = service.submit(POTHOLE)
    target = destination(server_id)
    sending.deliver(target)
    assert states(server_id) == []
    service.forward(receipt.id, agency_code="BPJN", text="Ini jalan nasional.")
    sending.deliver(target)
    assert states(server_id) == [("new", "sent")]
    [number] = numbers(server_id)
    their_id = there.act(lambda: id_of(number))
    theirs = there.act(lambda: service.desk_view(their_id))
    assert receipt.number in theirs.case.body and theirs.case.lat == -8.7343
    assert there.act(lambda: people.kept(their_id).contact) == Contact(), "identity stays at home"
    assert "081234567890" not in repr(theirs)
    answered = {each.code: each.value for each in there.act(lambda: _answers(their_id))}
    assert answered["traffic"] == (asked["traffic"]["values"][1][0],)

    there.act(lambda: service.verify(their_id))
    there.act(lambda: service.dispose(their_id, agency_codes=["DPUPR"]))
    there.act(lambda: service.progress(their_id, text="Regu berangkat."))
    pulling.pull(target)
    assert "Regu berangkat." in lines(receipt.id, "hear")
    heard = len(lines(receipt.id, "hear"))
    pulling.pull(target)
    assert len(lines(receipt.id, "hear")) == heard, "asked twice, told once"

    there.act(lambda: service.answer(their_id, text="Sudah ditambal.", no_work="not_found"))
    pulling.pull(target)
    assert service.desk_view(receipt.id).case.status == "answered"
    assert lines(receipt.id, "heard_answer") == ["Sudah ditambal."]


def _answers(complaint_id: UUID) -> Any:
    from plugins.lapor.service.coach.answers import of_case

    return of_case(complaint_id)


def test_our_updates_reach_them_once_and_are_no_news_to_us(connect: Connect, there: Georeport) -> None:
    server_id = connect(updates=True, copies=True, agency_code="", identity=True)
    servers.fix_answers(server_id, {"ROAD.POTHOLE": {"traffic": _first(server_id, "traffic")}})
    receipt = service.submit(POTHOLE)
    target = destination(server_id)
    sending.deliver(target)
    [number] = numbers(server_id)
    their_id = there.act(lambda: id_of(number))
    there.act(lambda: service.verify(their_id))
    there.act(lambda: service.dispose(their_id, agency_codes=["DPUPR"]))
    service.verify(receipt.id)
    service.dispose(receipt.id, agency_codes=["DPUPR"])
    service.progress(receipt.id, text="Regu kami berangkat.")
    sending.deliver(target)
    assert states(server_id) == [("new", "sent"), ("progress", "sent")]
    told = there.act(lambda: service.public_view(number).timeline)
    assert [each.text for each in told].count("Regu kami berangkat.") == 1
    pulling.pull(target)
    assert "Regu kami berangkat." not in lines(receipt.id, "outside_kept")
    kept = there.act(lambda: people.kept(their_id).contact)
    assert kept.name == "Warga Uji", "identity travels only where the admin allowed it"


def _first(server_id: UUID, code: str) -> str:
    asked = servers.one(server_id).definitions["ROAD.POTHOLE"]
    return next(str(each["values"][0][0]) for each in asked if each["code"] == code)


def test_a_token_becomes_a_number_and_both_sides_agree(connect: Connect, there: Georeport) -> None:
    there.settings(answer="token")
    server_id = connect()
    servers.fix_answers(server_id, {"ROAD.POTHOLE": {"traffic": _first(server_id, "traffic")}})
    receipt = service.submit(POTHOLE)
    service.forward(receipt.id, agency_code="BPJN", text="Ini jalan nasional.")
    target = destination(server_id)
    sending.deliver(target)
    assert numbers(server_id) == [""] and states(server_id) == [("new", "sent")]
    pulling.pull(target)
    [number] = numbers(server_id)
    assert number.startswith(there.tenant.short_code)

    def differences() -> list[str]:
        query = select(Difference.kind).where(Difference.resolved_at.is_(None))
        return sorted(session().scalars(query))

    compare.compare(target)
    assert differences() == ["unknown_there"], "not published there yet"
    there.act(lambda: service.verify(id_of(number)))
    compare.compare(target)
    assert differences() == []
    there.act(lambda: service.archive(id_of(number), reason_code="abuse", rule="P", remedy="R"))
    compare.compare(target)
    assert differences() == ["state"]
    pulling.pull(target)
    assert service.desk_view(receipt.id).case.status == "answered"
    compare.compare(target)
    assert differences() == []


def test_what_an_officer_has_to_set_first_is_said(connect: Connect, there: Georeport) -> None:
    server_id = connect(copies=True)
    target = destination(server_id)
    service.submit(replace(POTHOLE, answers={}))
    sending.deliver(target)
    [row] = session().scalars(select(ParcelRow).where(ParcelRow.destination_id == target))
    asked = next(
        each["description"]
        for each in servers.one(server_id).definitions["ROAD.POTHOLE"]
        if each["code"] == "traffic"
    )
    assert row.state == "dead" and asked in row.cause
    card = {each.label: each.value for each in deciding.card(target, row.event_id)}
    assert card["service_code"] == "ROAD.POTHOLE" and "api_key" not in card
    other = service.submit(replace(POTHOLE, category="WASTE.PILE", answers={}))
    service.forward(other.id, agency_code="BPJN", text="Milik mereka.")
    sending.deliver(target)
    causes = session().scalars(
        select(ParcelRow.cause).where(ParcelRow.complaint_id == other.id, ParcelRow.state == "dead")
    )
    assert any("Tumpukan sampah" in each for each in causes)


def test_a_wrong_key_is_refused_in_their_words(connect: Connect, there: Georeport) -> None:
    server_id = connect(copies=True, api_key="bukan-kunci")
    servers.fix_answers(server_id, {"ROAD.POTHOLE": {"traffic": _first(server_id, "traffic")}})
    service.submit(POTHOLE)
    sending.deliver(destination(server_id))
    [row] = session().scalars(select(ParcelRow).where(ParcelRow.destination_id == destination(server_id)))
    assert (row.state, row.cause_kind) == ("dead", "refused")
    assert "403" in row.cause and "api_key" in row.cause and "bukan-kunci" not in row.cause
    servers.change(
        server_id,
        Given("Kota Lain", servers.one(server_id).endpoint, api_key=there.key, copies=True),
    )
    deciding.again(destination(server_id), row.event_id)
    with at_time(now() + timedelta(minutes=5)):
        sending.deliver(destination(server_id))
    assert states(server_id) == [("new", "sent")]
    servers.end(server_id)
    assert servers.living() == [] and servers.peer(str(server_id)) is None
