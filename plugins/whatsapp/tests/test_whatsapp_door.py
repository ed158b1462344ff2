"""The address that Meta calls: who may post, what counts once, and whose number it is."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import TypeVar

import pytest
from flask import Flask
from whatsapp_city import CITIZEN, OTHER, City

from plugins.whatsapp.sandbox import Meta, running
from plugins.whatsapp.service import claims, tidy
from plugins.whatsapp.signature import sign
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.sdk import Invalid, at_time, now
from superapp.testing.client import TenantClient

PATH = "/whatsapp/webhook"
R = TypeVar("R")


def in_scope(app: Flask, tenant: Tenant, run: Callable[[], R]) -> R:
    """Run something as another tenant's job, though the test holds a scope open."""

    def inside() -> R:
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            return run()

    return Context().run(inside)


def test_the_challenge_is_answered_for_the_right_token_alone(
    app: Flask,
    client: Callable[[Tenant], TenantClient],
    connected: Callable[..., Tenant],
    tenant_a: Tenant,
    tenant_b: Tenant,
    meta: Meta,
) -> None:
    connected(tenant_a, meta)
    asked = {"hub.mode": "subscribe", "hub.verify_token": meta.verify_token, "hub.challenge": "1158201444"}
    meta_asks = client(tenant_a)
    good = meta_asks.get(PATH, query_string=asked)
    assert (good.status_code, good.text, good.mimetype) == (200, "1158201444", "text/plain")
    for wrong in (
        {"hub.verify_token": "x"},
        {"hub.mode": "x"},
        {"hub.verify_token": ""},
        {"hub.challenge": "<b>"},
    ):
        bad = meta_asks.get(PATH, query_string={**asked, **wrong})
        assert (bad.status_code, bad.mimetype) == (403, "application/problem+json")
    assert client(tenant_b).get(PATH, query_string=asked).status_code == 404  # off there


def test_only_what_meta_signed_is_put_down(city: City) -> None:
    body = b'{"object": "whatsapp_business_account", "entry": []}'
    right = sign(body, city.meta.app_secret)
    assert city.meta.raw(body, right) == 200
    assert city.meta.raw(body + b" ", right) == 403
    for wrong in ("", "sha256=", right.upper(), right[7:], sign(body, "lain"), "sha256=\u00e9"):
        assert city.meta.raw(body, wrong) == 403, wrong
    assert city.meta.raw(b"no json", sign(b"no json", city.meta.app_secret)) == 400
    assert city.meta.raw(b"[1, 2]", sign(b"[1, 2]", city.meta.app_secret)) == 200
    assert city.heard_states() == []


def test_a_message_counts_once_and_not_when_it_is_old(city: City) -> None:
    for _repeat in range(2):
        assert city.meta.says(CITIZEN, "halo", id="wamid.SAMA") == 200
    city.work()
    assert city.meta.says(CITIZEN, "halo", id="wamid.SAMA") == 200
    city.work()
    assert [message.text for _, message in city.partner.heard] == ["halo"] and len(city.got()) == 1
    old = str(int((now() - timedelta(days=8)).timestamp()))
    ahead = str(int((now() + timedelta(hours=1)).timestamp()))
    assert city.meta.says(CITIZEN, "lama", timestamp=old) == 200
    assert city.meta.says(CITIZEN, "nanti", timestamp=ahead) == 200
    city.work()
    assert len(city.partner.heard) == 1 and sorted(city.heard_states()) == ["done", "old", "old"]


def test_another_numbers_messages_are_nobodys_business_here(city: City) -> None:
    told = {
        "from": CITIZEN,
        "id": "wamid.LAIN",
        "timestamp": "1764150000",
        "type": "text",
        "text": {"body": "x"},
    }
    assert city.meta.post({"messages": [told]}, phone_number_id="100000000000009") == 200
    city.work()
    assert city.partner.heard == [] and city.heard_states() == []


def test_a_number_serves_the_government_that_had_it_first(
    app: Flask, city: City, connected: Callable[..., Tenant], tenant_b: Tenant
) -> None:
    city.meta.says(CITIZEN, "halo")
    with running(phone_number_id=city.meta.phone_number_id) as stolen:
        connected_b = connected(tenant_b, stolen)
        assert stolen.says(OTHER, "halo") == 200
        at_b = City(connected_b, stolen, city.partner)
        assert in_scope(app, connected_b, lambda: (claims.own_number(), at_b.heard_states())) == ("", [])
        city.work()
        assert [sender.address for sender, _ in city.partner.heard] == [CITIZEN]
        # The first one lets go of it: from then on it is free.
        in_scope(app, connected(city.tenant, city.meta, mode="off"), tidy.sweep)
        assert in_scope(app, connected_b, claims.own_number) == city.meta.phone_number_id


def test_a_flood_is_put_down_without_words_and_answered_with_nothing(
    connected: Callable[..., Tenant], city: City
) -> None:
    connected(city.tenant, city.meta, per_hour=2)
    for count in range(4):
        assert city.meta.says(CITIZEN, f"pesan {count}") == 200
    assert city.meta.says(OTHER, "satu") == 200
    assert sorted(city.heard_states()) == ["limited", "limited", "waiting", "waiting", "waiting"]


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"app_secret": ""}, "app_secret"),
    ({"phone_number_id": "62 811"}, "phone_number_id"),
    ({"templates": ["lapor.answered"]}, "templates"),
    ({"graph_base": "https://10.0.0.8"}, "graph_base"),
    ({"graph_base": "https://["}, "graph_base"),
    ({"graph_base": "https://graph.facebook.com/x"}, "graph_base"),
    ({"api_version": "latest"}, "api_version"),
)


def test_settings_that_cannot_work_are_refused_by_name(app: Flask, tenant_a: Tenant) -> None:
    meta = Meta(base="https://graph.facebook.com")
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        for wrong, field in WRONG:
            with pytest.raises(Invalid) as refused:
                lifecycle.save_settings(tenant_a, "whatsapp", meta.settings(**wrong))
            assert [each.field for each in refused.value.errors] == [field], wrong


def test_a_day_later_the_same_message_is_still_known(city: City) -> None:
    city.meta.says(CITIZEN, "halo", id="wamid.SAMA")
    city.work()
    with at_time(now() + timedelta(days=1)):
        city.meta.says(CITIZEN, "halo", id="wamid.SAMA")
        city.work()
    assert len(city.partner.heard) == 1
