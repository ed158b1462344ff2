"""A post becomes a case once; its writer, and nobody else, takes the case over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from plugins.lapor.contracts import Contact
from plugins.lapor.contracts.door import DOOR
from plugins.medsos import personal, service
from plugins.medsos.models import Post
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import Invalid, NotFound, at_time, now, session, unseal, use, work
from superapp.testing.client import TenantClient

LINK = "https://www.instagram.com/wali.kota/p/C7abc_DEF-1/?igsh=xyz"
TEXT = "Lampu di depan pasar mati sejak seminggu."


@pytest.fixture
def inside(app: Flask, tenant_a: Tenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        yield


def test_a_post_is_a_case_once_and_nobodys_until_it_is_claimed(inside: None) -> None:
    made, known = service.take(link=LINK, text=TEXT, handle="@warga.kota", address="Jalan Uji 1")
    again = service.take(link="instagram.com/reel/C7abc_DEF-1", text="Kata lain.")
    assert not known and again == (made, True)
    post = service.one(made)
    assert post.case is not None and (post.case.channel, post.case.body) == ("social", TEXT)
    kept = session().scalars(select(Post)).one()
    for secret in (kept.link, kept.handle, kept.token):
        assert "warga" not in secret and "C7abc" not in secret and post.token not in secret
    assert unseal(kept.handle) == "warga.kota"

    mine = Contact("", "0812 3456 7890", "warga@example.org")
    with pytest.raises(Invalid):
        service.claim(post.token, Contact(email="bukan surel"))
    receipt = service.claim(post.token, mine)
    assert use(DOOR).reporter_view(use(DOOR).enter(receipt.number, receipt.pin)).contact.email == mine.email
    for call in (lambda: service.claimable(post.token), lambda: service.claim(post.token, Contact())):
        with pytest.raises(NotFound, match="sudah dipakai"):
            call()
    with pytest.raises(NotFound):
        service.claimable(post.token[:-1] + ("0" if post.token[-1] != "0" else "1"))
    assert service.one(made).token == "" and service.one(made).claimed_at

    found = personal.export("+62 812-3456-7890")
    assert found is not None and found.data["posts"][0]["handle"] == "warga.kota"
    assert personal.export("@WARGA.kota") == found
    assert service.forget("warga@example.org") == 1 and personal.export("warga.kota") is None
    gone = service.one(made)
    assert (gone.link, gone.handle, gone.erased, gone.number) == ("", "", True, receipt.number)
    assert service.take(link=LINK, text=TEXT) == (made, True), "known still, though its words are gone"


def test_links_end_and_names_are_forgotten_in_time(inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    late, _ = service.take(link=LINK, text=TEXT, handle="warga")
    erased, _ = service.take(link="https://x.com/a/status/123456", text=TEXT, handle="lain")
    token = service.one(late).token
    receipt = service.claim(service.one(erased).token, Contact(email="lain@example.org"))
    service.tidy()
    assert not service.one(erased).erased
    from plugins.lapor.service import owndata

    owndata.erase(receipt.ticket)
    service.tidy()
    assert service.one(erased).erased and not service.one(late).erased
    with at_time(now() + timedelta(days=91)):
        with pytest.raises(NotFound, match="lewat masanya"):
            service.claimable(token)
        service.tidy()
        assert service.one(late).erased


def test_a_claim_link_of_the_counter_is_not_good_here(inside: None) -> None:
    from plugins.lapor.contracts import Draft, Location

    made = use(DOOR).submit(
        Draft("complaint", "", TEXT, location=Location(address="Jl. Uji"), channel="counter")
    )
    assert made.claim_token
    with pytest.raises(NotFound, match="tidak berlaku"):
        service.claimable(made.claim_token)


def test_a_secret_case_has_no_reply_for_everybody(inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    whole = service.Draft
    monkeypatch.setattr(service, "Draft", lambda **values: replace(whole(**values), secret=True))
    made, _ = service.take(link=LINK, text=TEXT)
    post = service.one(made)
    assert post.case is None and post.token == ""


@pytest.fixture
def officer(app: Flask, client: Callable[[Tenant], TenantClient], tenant_a: Tenant) -> TenantClient:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        roles.seed_roles(tenant_a, registry().permissions.values())
        who = officers.add("operator-uji", "Koordinator", "coordinator")[0]
        row = officers._known(who)
        row.must_change, row.totp_required = False, False
        token = sessions.start(who, verified=True)
        name = permit.cookie_name()
    browser = client(tenant_a)
    browser.set_cookie(name, token, domain=tenant_a.host)
    return browser


def test_from_the_paste_box_to_the_writers_own_report(
    officer: TenantClient, client: Callable[[Tenant], TenantClient], tenant_a: Tenant
) -> None:
    page = officer.get("/meja/medsos/").text
    assert "javascript:(()=" in page and "/meja/medsos/#tautan=" in page
    wrong = officer.submit("/meja/medsos/", {"link": "https://x.com/", "text": "Tulisan saya"})
    assert wrong.status_code == 422 and "Tulisan saya" in wrong.text and 'id="f-link-error"' in wrong.text
    made = officer.submit(
        "/meja/medsos/", {"link": "x.com/warga/status/123456", "text": TEXT, "handle": "@warga"}
    )
    assert made.status_code == 303
    shown = officer.get(made.location).text
    claim = re.search(r"/medsos/klaim/([0-9a-f]{64})", shown)
    told = re.search(r'<p data-copy="([^"]*)">', shown)
    assert claim and told and len(told[1]) <= 280 and claim[1] not in told[1] and "PIN" not in shown
    twice = officer.submit("/meja/medsos/", {"link": "twitter.com/x/status/123456?s=1", "text": "lain"})
    assert twice.location == made.location

    citizen, path = client(tenant_a), f"/medsos/klaim/{claim[1]}"
    opened = citizen.get(path)
    assert TEXT in opened.text and opened.headers["Cache-Control"] == "no-store"
    assert opened.headers["Referrer-Policy"] == "same-origin"
    refused = citizen.submit(path, {"phone": "bukan nomor", "name": "N"})
    assert refused.status_code == 422 and 'value="bukan nomor"' in refused.text
    taken = citizen.submit(path, {"email": "warga@example.org"})
    assert taken.status_code == 200 and re.search(r"\b\d{6}\b", taken.text) and "/lapor/buka/" in taken.text
    assert citizen.get(path).status_code == 404 and "sudah dipakai" in citizen.get(path).text
    assert "mengambil laporannya" in officer.get(made.location).text
    assert citizen.get(f"/medsos/klaim/{'0' * 64}").status_code == 404


def test_the_page_is_for_who_may_write_complaints_down(
    client: Callable[[Tenant], TenantClient], tenant_a: Tenant
) -> None:
    assert client(tenant_a).get("/meja/medsos/").status_code == 303
