"""What each answer of the other side means, over real HTTP and without a database's help."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sp4n_city import DRAFT

from plugins.lapor.contracts.outside import Busy, Destination, OutsideCase, Parcel, Refused, Unsure
from plugins.sp4n import asking
from plugins.sp4n.contract import STEPS
from plugins.sp4n.contract_reading import default_text, of
from plugins.sp4n.legacy import Legacy
from plugins.sp4n.modern import Modern
from plugins.sp4n.sandbox import Sandbox
from plugins.sp4n.transport import National, Sending
from superapp.sdk import now, outbound

ONE = UUID(int=1)
THERE = Destination(ONE, "sp4n", "national", "SP4N", "auto", "all", "", (), STEPS, False, True)
PAIR = National("JALAN", "LUBANG")


def parcel(number: str = "UJI-2026-000001", **given: Any) -> Sending:
    case = OutsideCase(
        id=ONE,
        number=number,
        kind="complaint",
        title=DRAFT.title,
        body=DRAFT.body,
        status="received",
        category_code="ROAD.POTHOLE",
        category="Jalan",
        area_code=None,
        address="Jalan Uji",
        lat=-8.67,
        lng=115.21,
        anonymous=given.pop("anonymous", False),
        secret=False,
        received_at=now(),
        agency="",
        due_at=None,
        tracking_url="",
        reporter=given.pop("reporter", None),
    )
    whole = {"id": ONE, "step": "new", "at": now(), "text": "", **given}
    return Sending(Parcel(destination=THERE, case=case, **whole), PAIR)


@pytest.fixture
def way(app: Flask, sandbox: Sandbox):
    with app.app_context():
        yield {
            "modern": Modern(sandbox.modern, sandbox.token("uji"), of("")),
            "legacy": Legacy(sandbox.legacy, sandbox.token("uji")),
        }


def test_each_failure_is_told_apart(way: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    meanings = {
        Busy: ("503", "429"),
        Refused: ("401", "422", "refuse"),
        Unsure: ("500", "502", "lost", "garbage", "timeout"),
    }
    for name, one in way.items():
        for meaning, faults in meanings.items():
            for count, fault in enumerate(faults):
                sandbox.nation.fail(fault)
                given = parcel(f"UJI-{name}-{fault}", id=UUID(int=count + 2))
                with pytest.raises(meaning) as told:
                    one.push(given)
                assert str(told.value), (name, fault)
                if fault == "503":
                    assert told.value.after == 120
    strange = Modern("http://127.0.0.1:9", "x", of(""))
    with pytest.raises(Busy):
        strange.push(parcel())
    with pytest.raises(Refused, match="token"):
        Modern(sandbox.modern, "bukan", of("")).push(parcel())
    with pytest.raises(Busy, match="token"):
        Modern(sandbox.modern, "bukan", of("")).pull({}, {})


def test_what_is_there_already_counts_as_taken(way: Any, sandbox: Sandbox) -> None:
    first = way["modern"].push(parcel())
    again = way["modern"].push(parcel(id=UUID(int=9)))
    assert first.foreign_id == again.foreign_id and len(sandbox.nation.reports()) == 1
    follow = parcel(step="progress", text="Dikerjakan.", foreign_id=first.foreign_id, id=UUID(int=10))
    way["modern"].push(follow)
    way["modern"].push(follow)
    assert [line.text for line in sandbox.nation.reports()[0].log] == ["", "Dikerjakan."]
    with pytest.raises(Refused, match="belum diketahui"):
        way["modern"].push(parcel(step="progress"))
    with pytest.raises(Refused, match="tidak mengenal"):
        way["modern"].push(parcel(step="progress", foreign_id="404", id=UUID(int=11)))


def test_given_back_and_opened_again_are_said_as_such(way: Any, sandbox: Sandbox) -> None:
    number = sandbox.nation.dispose("uji", title="A", body="B")
    way["modern"].push(parcel(foreign_id=number, came_from_there=True, owner=True))
    report = sandbox.nation.report(number)
    assert report.log[-1].kind == "bukan_wewenang" and report.status == "Bukan wewenang"
    way["modern"].push(parcel(foreign_id=number, owner=True, id=UUID(int=12)))
    assert report.log[-1].kind == "dibuka_lagi" and report.data["diserahkan"] is True


def test_a_contract_of_another_shape_is_spoken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    text = default_text().replace('ok = "sukses"\nok_values = [true]', 'ok = "code"\nok_values = [200]')
    text = text.replace(
        'header = "Authorization"\nvalue = "Bearer {token}"', 'header = "X-Key"\nvalue = "{token}"'
    )
    text = text.replace('idempotency = "Idempotency-Key"', 'idempotency = ""').replace("data.nomor", "id")
    said: list[tuple[str, dict[str, str], bytes]] = []

    def send(method: str, url: str, *, headers: Any, content: bytes, **_: Any) -> outbound.Reply:
        said.append((url, headers, content))
        return outbound.Reply(201, {}, b'{"code": 200, "id": 77}')

    monkeypatch.setattr(outbound, "send", send)
    made = Modern("https://nasional.example/v9/", "kunci", of(text))
    with app.app_context():
        assert not made.repeatable and made.push(parcel()).foreign_id == "77"
    url, headers, content = said[0]
    assert url == "https://nasional.example/v9/laporan" and headers["X-Key"] == "kunci"
    assert b'"lintang":-8.67' in content and b'"anonim":false' in content


def test_a_name_is_left_out_again_where_it_slipped_through(way: Any, sandbox: Sandbox) -> None:
    for name, one in way.items():
        one.push(parcel(f"UJI-{name}", anonymous=True, reporter=DRAFT.reporter, id=UUID(int=len(name) + 20)))
    one = parcel("UJI-9", reporter=DRAFT.reporter, id=UUID(int=30))
    way["modern"].push(one)
    kept = [dataclasses.asdict(each) for each in sandbox.nation.reports()]
    assert ["Contoh" in str(each) for each in kept] == [False, False, True]


def test_trials_say_what_was_seen(way: Any, sandbox: Sandbox) -> None:
    assert "3 topik" in way["legacy"].test()
    assert "sesuai kontrak" in way["modern"].test()
    sandbox.nation.fail("garbage", "garbage", "500")
    for name in ("modern", "legacy", "legacy"):
        with pytest.raises(Busy):
            way[name].test()
