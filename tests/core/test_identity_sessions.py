"""Sign-ins: how long they last, whose they are, how they end."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from superapp.db.engine import session
from superapp.errors import NotFound
from superapp.identity import sessions
from superapp.identity.models import LoginSession, Officer

START = datetime(2026, 3, 17, 2, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as moved:
        yield moved


def test_three_idle_hours_end_a_sign_in(clock, enter, tenant_a):
    browser = enter(tenant_a, "admin")
    for _each in range(3):
        clock.shift(3 * 3600 - 61)
        assert browser.get("/meja/akun").status_code == 200
    clock.shift(3 * 3600 + 1)
    assert browser.get("/meja/akun").status_code == 303


def test_twelve_hours_end_a_sign_in_however_busy(clock, enter, tenant_a):
    browser = enter(tenant_a, "admin")
    for _each in range(5):
        clock.shift(2 * 3600)
        assert browser.get("/meja/akun").status_code == 200
    clock.shift(2 * 3600 - 1)
    assert browser.get("/meja/akun").status_code == 200
    clock.shift(1)
    assert browser.get("/meja/akun").location.startswith("/meja/masuk")


def test_a_half_sign_in_lasts_fifteen_minutes(clock, hire, client, tenant_a):
    from .conftest import PASSWORD

    login = hire(tenant_a, "admin", second_factor=True)
    browser = client(tenant_a)
    browser.submit("/meja/masuk", {"login": login, "password": PASSWORD})
    assert browser.get("/meja/kode").location == "/meja/kode/pasang"
    clock.shift(15 * 60)
    assert browser.get("/meja/kode/pasang").location == "/meja/"


def test_a_sign_in_of_one_government_is_nobody_at_another(enter, tenant_a, tenant_b):
    browser = enter(tenant_a, "admin")
    value = browser.get_cookie("superapp_desk", domain=tenant_a.host).value
    browser.at(tenant_b)
    browser.set_cookie("superapp_desk", value, domain=tenant_b.host)
    assert browser.get("/meja/akun").location.startswith("/meja/masuk")
    assert browser.at(tenant_a).get("/meja/akun").status_code == 200


def test_the_cookie_stays_on_its_host_and_away_from_scripts(hire, client, tenant_a):
    from .conftest import PASSWORD

    login = hire(tenant_a, "admin")
    answer = client(tenant_a).submit("/meja/masuk", {"login": login, "password": PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("superapp_desk="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie


def test_with_tls_the_cookie_is_bound_to_host_and_tls(app, monkeypatch, hire, client, tenant_a):
    from .conftest import PASSWORD

    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    login = hire(tenant_a, "admin")
    browser, base = client(tenant_a), f"https://{tenant_a.host}"
    page = browser.get("/meja/masuk", base_url=base).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post(
        "/meja/masuk",
        data={"csrf_token": token, "login": login, "password": PASSWORD},
        base_url=base,
        headers={"Referer": f"{base}/meja/masuk"},
    )
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-superapp-desk="))
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


def test_the_token_changes_with_every_sign_in_and_is_kept_as_a_hash(enter, inside, tenant_a):
    tokens = {
        enter(tenant_a, "admin").get_cookie("superapp_desk", domain=tenant_a.host).value for _ in range(2)
    }
    assert len(tokens) == 2
    with inside(tenant_a):
        kept = set(session().scalars(select(LoginSession.token_hash)))
    assert kept == {sessions.digest(token) for token in tokens}


def test_one_lists_and_ends_ones_own_sign_ins(enter, inside, tenant_a):
    browser, other = enter(tenant_a, "admin"), enter(tenant_a, "admin")
    with inside(tenant_a):
        ids = list(session().scalars(select(LoginSession.id).order_by(LoginSession.id)))
    page = browser.get("/meja/akun").get_data(as_text=True)
    assert all(str(each) in page for each in ids)
    assert browser.submit(f"/meja/akun/sesi/{ids[1]}/akhiri", form="/meja/akun").status_code == 303
    assert other.get("/meja/akun").status_code == 303
    assert browser.get("/meja/akun").status_code == 200
    assert browser.submit(f"/meja/akun/sesi/{ids[0]}/akhiri", form="/meja/akun").location == "/meja/masuk"
    assert browser.get("/meja/akun").status_code == 303


def test_nobody_ends_another_officers_sign_in(enter, inside, tenant_a):
    enter(tenant_a, "leader")
    browser = enter(tenant_a, "admin")
    with inside(tenant_a):
        leader = session().scalar(select(Officer.id).where(Officer.login == "petugas-leader"))
        theirs = sessions.of_officer(leader)[0].id
        admin = session().scalar(select(Officer.id).where(Officer.login == "petugas-admin"))
        with pytest.raises(NotFound):
            sessions.revoke(theirs, admin)
    assert browser.submit(f"/meja/akun/sesi/{theirs}/akhiri", form="/meja/akun").status_code == 404


def test_signing_out_ends_the_sign_in_on_the_server(enter, tenant_a):
    browser = enter(tenant_a, "admin")
    value = browser.get_cookie("superapp_desk", domain=tenant_a.host).value
    assert browser.submit("/meja/keluar", form="/meja/akun").location == "/meja/masuk"
    browser.set_cookie("superapp_desk", value, domain=tenant_a.host)
    assert browser.get("/meja/akun").status_code == 303


def test_signing_out_without_a_sign_in_is_no_error(client, tenant_a):
    assert client(tenant_a).submit("/meja/keluar", form="/meja/masuk").status_code == 303


def test_over_sign_ins_are_swept_away(clock, enter, inside, tenant_a, tenant_b):
    enter(tenant_a, "admin")
    enter(tenant_b, "admin")
    clock.shift(3 * 3600 + 1)
    with inside(tenant_a):
        assert sessions.sweep() == 1
    with inside(tenant_b):
        assert session().scalar(select(func.count()).select_from(LoginSession)) == 1


def test_a_visitor_without_cookie_costs_no_query_for_the_actor(app, client, tenant_a, monkeypatch):
    monkeypatch.setattr(sessions, "actor_of", lambda token: pytest.fail("asked"))
    assert client(tenant_a).get("/meja/masuk").status_code == 200


@pytest.mark.parametrize(
    "agent, short",
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari Edg/140", "Edge, Windows"),
        ("curl/8", ""),
        ("x" * 5000, ""),
    ],
)
def test_of_the_browser_only_two_words_are_kept(agent, short):
    assert sessions.short_agent(agent) == short


def test_the_worker_sweeps_every_government(clock, app, enter, inside, tenant_a, tenant_b):
    from types import SimpleNamespace

    from superapp.jobs import tasks

    for tenant in (tenant_a, tenant_b):
        enter(tenant, "admin")
    clock.shift(3 * 3600 + 1)
    tasks.tidy(SimpleNamespace(additional_context={"flask": app}), 0)
    for tenant in (tenant_a, tenant_b):
        with inside(tenant):
            assert session().scalar(select(func.count()).select_from(LoginSession)) == 0
