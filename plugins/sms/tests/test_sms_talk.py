"""Messages in and out, what they cost, and when none goes any more."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from flask import Flask
from sms_city import CITIZEN, OTHER, City

from plugins.percakapan.contracts import Choice, Say
from plugins.sms.models import Heard, Outgoing
from plugins.sms.proof import sign
from plugins.sms.sandbox import Gateway
from plugins.sms.service import board, personal, queueing, spending, tidy
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.sdk import Invalid, Message, at_time, now, session, work
from superapp.testing.client import TenantClient

RECEIPT = "Terima kasih.\nNomor: UJI-2026-000001\nPIN: 123 456"


def tell(text: str = "Ada kabar.", key: str = "e1", to: str = CITIZEN, kind: str = "lapor.answered") -> None:
    with work():
        queueing.deliver(Message("sms", to, "x", text, key=key, kind=kind))


def later(**more: float) -> object:
    return at_time(now() + timedelta(**more))


def priced(city: City, connected: Callable[..., Tenant], **more: int) -> Callable[[], None]:
    """A function that runs the city's jobs under other caps."""
    tenant = connected(city.tenant, city.gateway, **more)
    object.__setattr__(city.tenant, "settings", tenant.settings)  # the open scope sees them too
    return city.work


def test_a_talk_goes_in_one_message_with_numbered_choices(city: City, worker: Callable[[], None]) -> None:
    ask = Say("Sudah benar?", (Choice("send:1", "Kirim"), Choice("edit:1", "Ubah")))
    city.partner.says = [(Say("Halo – apa kabar?"), ask)]
    assert city.gateway.says(CITIZEN, "Lampu jalan mati") == 200
    worker()  # once through the real queue; the others run at once
    assert [each.text for each in city.got()] == ["Halo - apa kabar?\nSudah benar?\n1. Kirim\n2. Ubah"]
    city.gateway.says(CITIZEN, "1")
    city.work()
    sender, first = city.partner.heard[0]
    assert (sender.channel, sender.address, sender.phone) == ("sms", CITIZEN, CITIZEN)
    assert city.texts() == ["Lampu jalan mati", "1"] and first.id != city.partner.heard[1][1].id
    assert len({each.key for each in city.got()}) == 2
    for table in (Heard, Outgoing):
        for row in session().execute(table.__table__.select()).mappings():
            assert row["sealed"] == "" and CITIZEN not in repr(dict(row))


def test_who_posts_proves_it_and_a_repeat_changes_nothing(
    city: City, connected: Callable[..., Tenant], client: Callable[[Tenant], TenantClient]
) -> None:
    body = orjson.dumps({"from": CITIZEN, "text": "halo", "id": "g1"})
    json = {"Content-Type": "application/json"}
    for wrong in ({}, {"X-Sms-Token": ""}, {"X-Sms-Token": "lain"}, {"X-Other": city.gateway.in_secret}):
        assert city.gateway.raw(body, {**json, **wrong}) == 403
    right = {**json, "X-Sms-Token": city.gateway.in_secret}
    for _repeat in range(2):
        assert city.gateway.raw(body, right) == 200
    city.work()
    assert city.gateway.raw(body, right) == 200
    form = {"X-Sms-Token": city.gateway.in_secret, "Content-Type": "application/x-www-form-urlencoded"}
    assert city.gateway.raw(b"from=0811-0000-0001&text=dari+formulir&id=g2", form) == 200
    assert city.gateway.raw(b"from=INFO&text=promo&id=g3", form) == 200  # a company, nobody to answer
    assert city.gateway.raw(b"from=62811", form) == 422
    assert city.gateway.raw(b"no json", right) == 400 and city.gateway.raw(b"[1]", right) == 422
    city.work()
    assert city.texts() == ["halo", "dari formulir"]
    city.gateway.proof = "hmac"
    connected(city.tenant, city.gateway)
    assert city.gateway.says(CITIZEN, "bertanda tangan") == 200
    assert city.gateway.raw(body, {**json, "X-Sms-Token": sign(body + b" ", city.gateway.in_secret)}) == 403
    assert city.gateway.raw(body, right) == 403


def test_without_an_id_the_same_words_are_a_repeat_for_a_while(
    city: City, connected: Callable[..., Tenant]
) -> None:
    connected(city.tenant, city.gateway, id_field="", time_field="sent_at")
    for _repeat in range(2):
        city.gateway.says(CITIZEN, "ya")
        city.work()
    city.gateway.says(OTHER, "ya")
    city.work()
    assert city.texts() == ["ya", "ya"]
    with later(seconds=121):
        city.gateway.says(CITIZEN, "ya")
        city.work()
    assert city.texts() == ["ya", "ya", "ya"] and len({m.id for _, m in city.partner.heard}) == 3
    old = str(int((now() - timedelta(days=8)).timestamp()))
    city.gateway.says(CITIZEN, "lama", sent_at=old)
    city.gateway.says(CITIZEN, "baru", sent_at=now().isoformat())
    city.work()
    assert city.texts()[3:] == ["baru"] and board.counts_in() == {"done": 3, "old": 1}


def test_the_cap_lets_only_number_and_pin_through_until_the_last_limit(
    city: City, connected: Callable[..., Tenant]
) -> None:
    run = priced(city, connected, price=100, cap_day=200, hard_percent=150)
    city.gateway.says(CITIZEN, "a")
    run()
    tell(key="k1")
    tell(key="k2")
    run()
    assert city.states() == [("sent", "", 100), ("sent", "", 100), ("capped", "cap_day", 0)]
    city.partner.says = [(Say(RECEIPT),), (Say("Anda menulis: c"),), (Say(RECEIPT),)]
    for text in "bcd":
        city.gateway.says(CITIZEN, text)
    run()
    assert [state for state, _, _ in city.states()[3:]] == ["sent", "capped", "capped"]
    assert [each.text for each in city.got()][2:] == [RECEIPT]
    assert (spending.purse("cap_day").spent, spending.purse("cap_month").messages) == (300, 3)
    with later(days=1):  # a new day, the same or the next month
        tell(key="k3")
        run()
    assert len(city.got()) == 4


def test_one_number_cannot_empty_the_purse(city: City, connected: Callable[..., Tenant]) -> None:
    run = priced(city, connected, price=100, cap_number_day=100, cap_number_month=200, hard_percent=100)
    with at_time(datetime(2026, 11, 10, 5, tzinfo=UTC)):
        for key in ("k1", "k2"):
            tell(key=key)
        tell(key="k3", to="0811 0000 0002")
        tell("x" * 161, key="k4", to="0811 0000 0003")  # two parts are too dear here
        run()
    for day in (11, 12):
        with at_time(datetime(2026, 11, day, 5, tzinfo=UTC)):
            tell(key=f"d{day}")
            run()
    assert [(state, reason) for state, reason, _ in city.states()] == [
        ("sent", ""),
        ("capped", "cap_number_day"),
        ("sent", ""),
        ("capped", "cap_number_day"),
        ("sent", ""),
        ("capped", "cap_number_month"),
    ]
    # The city's own midnight counts: 00.30 in Makassar is still the day before in UTC.
    assert spending.periods(datetime(2026, 11, 30, 16, 30, tzinfo=UTC)) == ("D2026-12-01", "M2026-12")


def test_what_may_have_gone_out_is_not_repeated_and_costs(city: City) -> None:
    city.gateway.faults += ["silent", 500]
    tell(key="k1")
    tell(key="k2")
    for minutes in (0, 5, 600):
        with later(minutes=minutes):
            city.work()
    assert [(state, cost) for state, _, cost in city.states()] == [("unknown", 350), ("unknown", 350)]
    assert len(city.got()) == 1 and spending.purse("cap_month").spent == 700


def test_what_surely_did_not_go_out_costs_nothing_and_goes_later(city: City) -> None:
    city.gateway.faults += [503, 429, "no", 400]
    for key in ("k1", "k2", "k3"):
        tell(key=key)
    city.work()
    assert city.states() == [("waiting", "HTTP 503", 0)] + [("waiting", "", 0)] * 2
    assert spending.purse("cap_day").spent == 0
    for minutes in (1, 5):
        with later(minutes=minutes):
            city.work()
    assert city.states() == [("failed", "HTTP 200", 0), ("failed", "HTTP 400", 0), ("sent", "", 350)]
    assert (spending.purse("cap_day").spent, spending.purse("cap_day").messages) == (350, 1)


def test_a_worker_that_died_while_sending_does_not_send_again(city: City) -> None:
    tell(key="k1")
    row = session().query(Outgoing).one()
    with work():
        row.state, row.cost = "sending", 350
    city.work()
    assert city.states() == [("unknown", "worker died", 350)] and city.got() == []


def test_stop_is_honoured_until_mulai(city: City) -> None:
    city.gateway.says(CITIZEN, "Berhenti.")
    city.work()
    assert "MULAI" in city.got()[0].text and city.texts() == [] and board.stopped() == 1
    tell(key="k1")
    tell(key="k2", to=OTHER)
    city.gateway.says(CITIZEN, "status?")  # who asks gets an answer
    city.work()
    assert [state for state, _, _ in city.states()] == ["sent", "stopped", "sent", "sent"]
    city.gateway.says(CITIZEN, "mulai")
    city.work()
    tell(key="k3")
    city.work()
    assert city.states()[-1][0] == "sent" and board.stopped() == 0
    city.gateway.says(CITIZEN, "MULAI")  # now the word is the conversation's
    city.work()
    assert city.texts() == ["status?", "MULAI"]


def test_who_asks_gets_and_loses_what_is_kept_and_old_rows_go(city: City) -> None:
    city.gateway.says(CITIZEN, "stop")
    city.work()
    kept = personal.export("0811 0000 0001")
    assert [each["state"] for each in kept.data["received"]] == ["done"]
    assert len(kept.data["no_notices_since"]) == 1 and personal.export("a@b.id") is None
    assert personal.forget("+62 811-0000-0001") == 5 and personal.export(CITIZEN) is None
    assert spending.purse("cap_month").spent == 350  # the city's own sum stays
    with later(days=31):
        tidy.sweep()
    assert city.states() == [] and board.counts_in() == {}


def test_while_it_is_off_nothing_is_kept_and_nothing_costs(
    app: Flask, city: City, connected: Callable[..., Tenant]
) -> None:
    off = connected(city.tenant, city.gateway, mode="off")
    assert city.gateway.says(CITIZEN, "halo") == 404

    def notice() -> None:
        with app.app_context(), tenant_scope(off, SYSTEM):
            tell()
            tell(key="n", to="bukan nomor")

    Context().run(notice)
    assert [state for state, _, _ in city.states()] == ["skipped", "undeliverable"]


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"url": ""}, "url"),
    ({"url": "https://10.1.1.1/x"}, "url"),
    ({"url": "https://{to}.example/x"}, "url"),
    ({"url": "https://["}, "url"),
    ({"body": '{"text": {text}}'}, "body"),
    ({"headers": ["tanpa titik dua"]}, "headers"),
    ({"headers": ["X-Text: {text}"]}, "headers"),
    ({"success_status": "500"}, "success_status"),
    ({"success_path": "a", "success_value": ""}, "success_value"),
    ({"in_secret": ""}, "in_secret"),
    ({"hard_percent": 90}, "hard_percent"),
)


def test_settings_that_cannot_work_are_refused_by_name(
    app: Flask, tenant_a: Tenant, gateway: Gateway
) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        for wrong, field in WRONG:
            with pytest.raises(Invalid) as refused:
                lifecycle.save_settings(tenant_a, "sms", gateway.settings(**wrong))
            assert [each.field for each in refused.value.errors] == [field], wrong
