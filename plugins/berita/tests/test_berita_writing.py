"""What officers write: drafts, the form's errors, publishing, two at once, the archive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from plugins.berita import forms, queries, sample, service
from plugins.berita.contracts import Draft, Published, Text
from plugins.berita.models import Article
from superapp.context import SYSTEM, Actor, Tenant, tenant_scope
from superapp.db.engine import session
from superapp.jobs import tasks
from superapp.sdk import Conflict, Forbidden, Invalid, at_time, new_id, now
from superapp.testing.client import TenantClient

NOON = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)  # 12.00 in the tenant's time
Officer = Callable[[Tenant, str], TenantClient]
Make = Callable[..., str]
GOOD = {"title_id": "Pasar murah", "summary_id": "Sabtu pagi.", "body_id": "Di **lapangan**.", "version": "0"}


def draft(title: str = "Kabar", **more: object) -> Draft:
    return Draft({"id": Text(title, "", "Isi.")}, **more)  # type: ignore[arg-type]


def test_an_officer_writes_previews_and_publishes_without_script(
    officer: Officer, client: Callable[[Tenant], TenantClient], tenant_a: Tenant
) -> None:
    browser = officer(tenant_a, "coordinator")
    given = {**GOOD, "id": str(new_id())}
    preview = browser.submit("/meja/berita/baru", {**given, "do": "preview"})
    assert "<strong>lapangan</strong>" in preview.text and 'value="Pasar murah"' in preview.text
    assert "Pasar murah" not in browser.get("/meja/berita/").text  # a preview keeps nothing
    saved = browser.submit("/meja/berita/baru", {**given, "do": "save"})
    assert saved.status_code == 303
    assert client(tenant_a).get("/berita/pasar-murah").status_code == 404
    page = saved.headers["Location"]
    assert browser.submit(page, {**given, "version": "1", "do": "publish"}).status_code == 303
    assert client(tenant_a).get("/berita/pasar-murah").status_code == 200
    assert "terbit sejak" in browser.get("/meja/berita/?kotak=terbit").text


def test_the_same_form_sent_twice_makes_one_article(officer: Officer, tenant_a: Tenant) -> None:
    browser = officer(tenant_a, "coordinator")
    given = {**GOOD, "id": str(new_id()), "do": "save"}
    first, second = (browser.submit("/meja/berita/baru", given) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert browser.get("/meja/berita/").text.count(">Pasar murah<") == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_id": "  "}, "title_id"),
        ({"title_id": "x" * 161}, "title_id"),
        ({"title_id": "a\nb"}, "title_id"),
        ({"title_id": "a\x00b"}, "title_id"),
        ({"summary_id": "x" * 301}, "summary_id"),
        ({"body_id": ""}, "body_id"),
        ({"body_id": "x" * 20_001}, "body_id"),
        ({"body_id": "a\x08b"}, "body_id"),
        ({"title_en": "Only a title"}, "body_en"),
        ({"body_en": "Only a body"}, "title_en"),
        ({"agency": "TIDAK-ADA"}, "agency"),
        ({"publish_at": "2020-01-01T09:00"}, "publish_at"),
        ({"publish_at": "0001-01-01T00:00"}, "publish_at"),
        ({"publish_at": "9999-12-31T23:59"}, "publish_at"),
        ({"publish_at": "besok"}, "publish_at"),
        ({"pinned_until": "2020-01-01"}, "pinned_until"),
        ({"pinned_until": "9999-12-31"}, "pinned_until"),
        ({"pinned_until": "31/12"}, "pinned_until"),
    ],
)
def test_bad_input_names_the_field_keeps_the_form_and_stores_nothing(
    officer: Officer, tenant_a: Tenant, wrong: dict[str, str], field: str
) -> None:
    browser = officer(tenant_a, "coordinator")
    answer = browser.submit("/meja/berita/baru", {**GOOD, **wrong, "do": "publish"})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}-error"' in answer.text
    kept = {**GOOD, **wrong}["summary_id"]
    assert kept in answer.text
    assert "Belum ada berita" in browser.get("/meja/berita/").text


def test_all_wrong_fields_are_named_at_once(app: Flask, tenant_a: Tenant) -> None:
    with app.test_request_context(), tenant_scope(tenant_a), pytest.raises(Invalid) as caught:
        forms.read({"title_id": "", "body_id": "", "agency": "?", "publish_at": "?"})
    assert {e.field for e in caught.value.errors} == {"title_id", "body_id", "agency", "publish_at"}


def test_local_time_is_the_tenants(app: Flask, tenant_a: Tenant) -> None:
    with app.test_request_context(), tenant_scope(tenant_a), at_time(NOON):
        read = forms.read({**GOOD, "publish_at": "2026-03-18T09:00"})
        assert read.publish_at is not None and read.publish_at.utcoffset() == timedelta(hours=8)
        assert forms.local(read.publish_at) == "2026-03-18T09:00"


def test_a_published_moment_may_stay_when_the_text_is_mended(
    officer: Officer, article: Make, tenant_a: Tenant
) -> None:
    key = article(tenant_a, "Kabar")
    browser = officer(tenant_a, "coordinator")
    page = browser.get(f"/meja/berita/{key}").text
    moment = page.split('name="publish_at"')[1].split('value="')[1].split('"')[0]
    assert moment == "2026-03-17T12:00"
    given = {**GOOD, "version": "1", "publish_at": moment, "do": "publish"}
    assert browser.submit(f"/meja/berita/{key}", given).status_code == 303


def test_two_officers_at_once_lose_nothing(officer: Officer, article: Make, tenant_a: Tenant) -> None:
    key = article(tenant_a, "Kabar")
    browser = officer(tenant_a, "coordinator")
    first = browser.submit(f"/meja/berita/{key}", {**GOOD, "version": "1", "do": "publish"})
    late = browser.submit(
        f"/meja/berita/{key}", {**GOOD, "body_id": "Tulisan kedua", "version": "1", "do": "publish"}
    )
    assert (first.status_code, late.status_code) == (303, 409)
    assert "Tulisan kedua" in late.text and "sudah diubah petugas lain" in late.text
    assert "Tulisan kedua" not in browser.get(f"/meja/berita/{key}").text


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "1 "])
def test_a_form_without_its_version_is_refused(
    officer: Officer, article: Make, tenant_a: Tenant, version: str
) -> None:
    key = article(tenant_a, "Kabar")
    answer = officer(tenant_a, "coordinator").submit(f"/meja/berita/{key}", {**GOOD, "version": version})
    assert answer.status_code == 400


def test_who_may_only_write_neither_publishes_nor_changes_what_is_public(
    app: Flask, officer: Officer, article: Make, tenant_a: Tenant
) -> None:
    browser = officer(tenant_a, "liaison")
    assert browser.submit("/meja/berita/baru", {**GOOD, "do": "publish"}).status_code == 403
    assert browser.submit("/meja/berita/baru", {**GOOD, "do": "save"}).status_code == 303
    key = article(tenant_a, "Kabar")
    writer = Actor(kind="officer", permissions=frozenset({"berita.write"}))
    with app.test_request_context(), tenant_scope(tenant_a, writer):
        for deed in (service.write, service.publish):
            with pytest.raises(Forbidden):
                deed(draft(), UUID(key), 1)
        with pytest.raises(Forbidden):
            service.archive(UUID(key), 1)


def test_a_role_without_a_right_does_not_get_in(officer: Officer, tenant_a: Tenant) -> None:
    browser = officer(tenant_a, "leader")
    assert browser.get("/meja/berita/").status_code == 403
    assert browser.get("/meja/berita/baru").status_code == 403


def test_archive_hides_and_restore_makes_a_draft(
    officer: Officer, client: Callable[[Tenant], TenantClient], article: Make, tenant_a: Tenant
) -> None:
    key = article(tenant_a, "Kabar")
    browser, url = officer(tenant_a, "coordinator"), f"/meja/berita/{key}"
    assert browser.submit(url, {"do": "archive", "version": "1"}).status_code == 303
    assert client(tenant_a).get("/berita/kabar").status_code == 404
    assert browser.submit(url, {"do": "archive", "version": "1"}).status_code == 409
    assert browser.submit(url, {"do": "restore", "version": "2"}).status_code == 303
    assert client(tenant_a).get("/berita/kabar").status_code == 404
    assert ">Kabar<" in browser.get("/meja/berita/?kotak=draf").text


def test_taken_addresses_get_an_ending(app: Flask, tenant_a: Tenant) -> None:
    keys = [new_id() for _ in range(3)]
    with app.test_request_context(), tenant_scope(tenant_a, SYSTEM):
        for key in keys:
            service.write(draft("Kabar"), key)
        slugs = {session().scalar(select(Article.slug).where(Article.id == key)) for key in keys}
    assert len(slugs) == 3 and "kabar" in slugs


def test_dropping_the_english_words_drops_their_page(
    officer: Officer, client: Callable[[Tenant], TenantClient], article: Make, tenant_a: Tenant
) -> None:
    key = article(tenant_a, "Kabar", english="Cheap fish")
    browser = officer(tenant_a, "coordinator")
    assert browser.submit(f"/meja/berita/{key}", {**GOOD, "version": "1", "do": "publish"}).status_code == 303
    assert "Cheap fish" not in client(tenant_a).get("/berita/kabar?lang=en").text


def test_a_schedule_is_announced_once_when_its_time_has_come(
    app: Flask, tenant_a: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Published] = []
    monkeypatch.setattr(service, "emit", told.append)
    key, moment = new_id(), now()
    with app.test_request_context(), tenant_scope(tenant_a, SYSTEM):
        service.publish(draft(publish_at=moment + timedelta(hours=2)), key)
        service.announce(str(key))
        assert told == []
        with at_time(moment + timedelta(hours=3)):
            service.announce(str(key))
            service.announce(str(key))
        service.announce(str(new_id()))  # one that is gone is no error
    assert told == [Published(article_id=str(key), slug="kabar", title="Kabar")]


def test_publishing_tells_others_through_the_worker(
    app: Flask, worker: Callable[[], None], tenant_a: Tenant, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(tasks, "listeners", lambda hook, tenant: heard.append(hook) or [])
    article(tenant_a, "Kabar")
    worker()
    assert heard == ["superapp_event"]


def test_a_conflict_rolls_everything_back(app: Flask, tenant_a: Tenant) -> None:
    key = new_id()
    with app.test_request_context(), tenant_scope(tenant_a, SYSTEM):
        service.write(draft("Asli"), key)
        with pytest.raises(Conflict):
            service.publish(draft("Lain"), key, 7)
        assert queries.editing(key)[1]["id"].title == "Asli"


def test_samples_come_in_through_the_service(
    app: Flask, client: Callable[[Tenant], TenantClient], tenant_a: Tenant
) -> None:
    done: list[int] = []
    with app.test_request_context(), tenant_scope(tenant_a, SYSTEM):
        sample.load(tenant_a, 500, done.append)
    assert done == [1, 2, 3]
    assert client(tenant_a).get("/berita/").text.count("row-title") == 3
