"""A message reaches the other side signed, in order, once for each id, whatever that side answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from listener import Listener, listening
from sqlalchemy import select
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from plugins.webhook import jobs, service
from plugins.webhook.models import Delivery, Subscription
from superapp.context import SYSTEM, Tenant, at_time, now, tenant_scope
from superapp.sdk import Invalid, NotFound, outbound, session

EVENT = "lapor.submitted"


@pytest.fixture
def other() -> Iterator[Listener]:
    with listening() as told:
        yield told


@pytest.fixture
def inside(app: Flask, tenant_a: Tenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        yield


@pytest.fixture
def target(inside: None, other: Listener) -> tuple[UUID, str]:
    return service.subscribe("Sistem aset", other.url, [EVENT])


def rows(state: str = "") -> list[Delivery]:
    found = session().scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)).all()
    return [row for row in found if state in ("", row.state)]


def later(days: float = 0.0, seconds: float = 0.0) -> Any:
    return at_time(now() + timedelta(days=days, seconds=seconds))


def test_a_report_is_told_signed_and_without_a_person(
    app: Flask, tenant_a: Tenant, other: Listener, worker: Callable[[], None]
) -> None:
    from plugins.lapor import service as lapor
    from plugins.lapor.contracts import Contact, Draft, Location

    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        _, secret = service.subscribe("Sistem aset", other.url, [EVENT])
        who = Contact("Sekarwangi", "081234567890", "sekar@uji.example")
        place = Location(address="Jalan Uji 1")
        made = lapor.submit(
            Draft("complaint", "Got", "Got mampet.", "DRAIN.CLOG", location=place, reporter=who)
        )
    worker()
    [(headers, body)] = other.heard
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == EVENT
    assert told["data"]["number"] == made.number
    assert told["data"]["tenant"] == "uji-a"
    assert all(word not in body.decode() for word in ("Sekarwangi", "0812", "uji.example", "mampet"))
    with pytest.raises(WebhookVerificationError):
        Webhook(service.new_secret()).verify(body, headers)


def test_only_the_events_that_were_asked_for_and_only_living_addresses(target, other: Listener) -> None:
    from superapp.sdk import event_types, work

    kinds = event_types()
    with work():
        service.queue(kinds[EVENT]("c", "UJI-2026-000001", "received"))
        service.queue(kinds["lapor.closed"]("c", "UJI-2026-000001", "closed"))
    assert [row.type for row in rows()] == [EVENT]
    service.end(target[0])
    assert [row.state for row in rows()] == ["dropped"]
    with work():
        service.queue(kinds[EVENT]("c", "UJI-2026-000001", "received"))
    assert len(rows()) == 1


def signed_by(secret: str, told: tuple[dict[str, str], bytes]) -> bool:
    try:
        Webhook(secret).verify(told[1], told[0])
    except WebhookVerificationError:
        return False
    return True


def test_while_a_secret_is_changed_both_sign_and_never_a_third(target, other: Listener) -> None:
    made, first = target
    second = service.change_secret(made, 24)
    told = []
    for seconds, change in ((10, None), (20, 24), (30, 0), (40, 24)):
        with later(seconds=seconds):
            if change is not None:
                last = service.change_secret(made, change)
            service.test(made)
            jobs.send_next(str(made))
        told.append(last if change is not None else second)
    third, fourth, fifth = told[1:]
    good = [[signed_by(s, heard) for s in (first, second, third, fourth, fifth)] for heard in other.heard]
    assert good == [
        [True, True, False, False, False],
        [False, True, True, False, False],
        [False, False, False, True, False],
        [False, False, False, True, True],
    ]


def test_a_former_secret_ends_in_time_or_by_hand(target, other: Listener) -> None:
    made, _first = target
    second = service.change_secret(made, 24)
    with later(days=1.01):
        assert service.opened_secrets(service.one(made)) == (second,)
        jobs.sweep()
        assert (service.one(made).old_secret, service.one(made).old_until) == ("", None)
    service.change_secret(made, 72)
    service.end_old_secret(made)
    assert len(service.opened_secrets(service.one(made))) == 1
    with pytest.raises(Invalid):
        service.change_secret(made, 25)


@pytest.mark.parametrize("answer", [500, 404, 301, "slow", "drip", "reset", "garbage"])
def test_what_failed_is_tried_again_with_the_same_id(
    target, other: Listener, answer: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SECONDS", 0.6)
    other.answers = [answer, 200]
    service.test(target[0])
    jobs.send_next(str(target[0]))
    assert [row.state for row in rows()] == ["waiting"]
    jobs.send_next(str(target[0]))
    assert len(other.heard) == 1, "not before its time"
    with later(seconds=7):
        jobs.send_next(str(target[0]))
    assert [row.state for row in rows()] == ["sent"]
    assert len({headers["webhook-id"] for headers, _ in other.heard}) == 1


def test_messages_keep_their_order_behind_one_that_fails(target, other: Listener) -> None:
    other.answers = [500, 200]
    for _ in range(3):
        service.test(target[0])
    jobs.send_next(str(target[0]))
    assert len(other.heard) == 1
    with later(seconds=7):
        jobs.send_next(str(target[0]))
    ids = [headers["webhook-id"] for headers, _ in other.heard]
    assert ids == [str(rows()[0].id), *(str(row.id) for row in rows())]


def test_a_dead_address_rests_and_its_messages_end_at_the_desk(target, other: Listener) -> None:
    other.answers = [500]
    service.test(target[0])
    for day in range(30):
        with later(days=day):
            jobs.send_next(str(target[0]))
    [row] = rows()
    assert (row.state, row.tries) == ("dead", len(jobs.PAUSES))
    assert len(other.heard) == len(jobs.PAUSES)
    other.answers = [200]
    service.again(row.id)
    with later(days=31):
        jobs.send_next(str(target[0]))
    assert rows()[0].state == "sent"
    assert session().get(Subscription, {"tenant_id": row.tenant_id, "id": target[0]}).failures == 0  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        service.again(row.id)


def test_one_that_wants_to_hear_no_more_is_paused(target, other: Listener) -> None:
    other.answers = [410]
    service.test(target[0])
    jobs.send_next(str(target[0]))
    assert service.one(target[0]).active is False


def test_a_skipped_message_needs_a_reason(target, other: Listener) -> None:
    from superapp.sdk import work

    service.test(target[0])
    with work():
        rows()[0].state = "dead"
    with pytest.raises(Invalid):
        service.skip(rows()[0].id, " ")
    service.skip(rows()[0].id, "sudah dicatat sendiri")
    assert (rows()[0].state, rows()[0].reason) == ("dropped", "sudah dicatat sendiri")


def test_a_slow_address_delays_no_other(target, other: Listener, worker, monkeypatch) -> None:
    import time

    monkeypatch.setattr(jobs, "SECONDS", 3.0)
    with listening() as quick:
        fast, _ = service.subscribe("Cepat", quick.url, [EVENT])
        other.answers = ["slow"]
        service.test(target[0])
        service.test(fast)
        started = time.monotonic()
        session().rollback()
        import threading

        done = threading.Thread(target=worker)
        done.start()
        while not quick.heard and time.monotonic() - started < 5:
            time.sleep(0.02)
        assert quick.heard and time.monotonic() - started < 1.4
        done.join()


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("ftp://contoh.example/x", "url"),
        ("https://10.0.0.8/x", "url"),
        ("https://[fd00::1]/x", "url"),
        ("https://warga:rahasia@contoh.example/x", "url"),
        ("contoh.example", "url"),
    ],
)
def test_an_address_inside_is_refused(inside: None, url: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.subscribe("Uji", url, [EVENT])
    assert [each.field for each in refused.value.errors] == [field]


def test_wrong_names_and_events_are_named(inside: None) -> None:
    with pytest.raises(Invalid) as refused:
        service.subscribe("", "https://contoh.example/x", ["bukan.kejadian"])
    assert [each.field for each in refused.value.errors] == ["title", "events"]


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0", "fd00::1", "::ffff:10.0.0.1"],
)
def test_a_name_that_leads_inside_is_never_asked(inside: None, monkeypatch, address: str) -> None:
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (address, 443))])
    with pytest.raises(outbound.NotSent, match="inside"):
        outbound.send("GET", "https://contoh.example/")


def test_in_production_this_machine_is_inside_too(
    inside: None, app: Flask, other: Listener, monkeypatch
) -> None:
    from dataclasses import replace

    monkeypatch.setitem(
        app.extensions, "superapp_settings", replace(app.extensions["superapp_settings"], env="production")
    )
    assert outbound.judge(other.url) == "scheme"
    assert outbound.judge("https://127.0.0.1/x") == "inside"


def test_the_body_is_what_standard_webhooks_describes(target, other: Listener) -> None:
    service.test(target[0])
    jobs.send_next(str(target[0]))
    told = json.loads(other.heard[0][1])
    assert set(told) == {"type", "timestamp", "data"}
    assert told["timestamp"].endswith("Z")
