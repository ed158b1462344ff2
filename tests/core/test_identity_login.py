"""The way in: passwords, slow-down, second factor, recovery codes, new password."""

import re

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from superapp.context import Actor
from superapp.db.engine import session
from superapp.errors import Invalid, TooMany, Unavailable
from superapp.identity import login, passwords, rate, sessions, totp
from superapp.identity.login import Came
from superapp.identity.models import Audit, LoginSession, Officer

from .conftest import PASSWORD

HERE = Came("203.0.113.7", "Mozilla/5.0 (Android 14) Firefox/140.0")


def half(token: str) -> Actor:
    actor = sessions.actor_of(token)
    assert actor is not None
    return actor


@pytest.mark.parametrize("weak_before", [False, True])
def test_the_right_password_opens_and_is_kept_as_argon2id(hire, inside, tenant_a, monkeypatch, weak_before):
    if weak_before:
        name = hire(tenant_a, "coordinator")  # the tests' own hasher is a cheap one
    monkeypatch.setattr(passwords, "_hasher", passwords.strong())
    if not weak_before:
        name = hire(tenant_a, "coordinator")
    with inside(tenant_a):
        opened = login.sign_in(f"  {name.upper()} ", PASSWORD, HERE)
        assert opened.must == ""
        assert half(opened.token).roles == ("coordinator",)
        kept = session().scalar(select(Officer.password_hash).where(Officer.login == name))
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "name, password",
    [
        ("petugas-admin", "salah"),
        ("tidak-ada", PASSWORD),
        ("", ""),
        ("petugas-admin", "x\0\ud800"),
        ("x\0\ud800", "x"),
    ],
)
def test_a_wrong_login_or_password_says_the_same(hire, inside, tenant_a, name, password):
    hire(tenant_a, "admin")
    with inside(tenant_a), pytest.raises(Invalid) as told:
        login.sign_in(name, password, HERE)
    assert told.value.title == login.WRONG


def test_an_unknown_login_is_checked_against_a_hash_too(hire, inside, tenant_a, monkeypatch):
    judged = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords, "_hasher", type("Spy", (), {"verify": lambda _s, h, p: judged.append(h) or real(h, p)})()
    )
    monkeypatch.setattr(passwords, "_nobody", passwords.PasswordHasher(1, 8, 1).hash("x"))
    with inside(tenant_a), pytest.raises(Invalid):
        login.sign_in("tidak-ada", "apa saja", HERE)
    assert judged == [passwords._nobody]


def test_an_officer_who_was_switched_off_stays_out(hire, inside, tenant_a):
    name = hire(tenant_a, "admin")
    with inside(tenant_a):
        session().scalar(select(Officer).where(Officer.login == name)).active = False
        session().commit()
        with pytest.raises(Invalid):
            login.sign_in(name, PASSWORD, HERE)


def test_many_tries_are_slowed_down_even_with_the_right_password(hire, inside, tenant_a):
    name = hire(tenant_a, "admin")
    with inside(tenant_a), time_machine.travel("2026-03-17 02:00:00 +0000", tick=False) as clock:
        for _each in range(5):
            with pytest.raises(Invalid):
                login.sign_in(name, "salah", HERE)
        with pytest.raises(TooMany) as slow:
            login.sign_in(name, PASSWORD, HERE)
        assert slow.value.retry_after == 60
        clock.shift(61)
        assert login.sign_in(name, PASSWORD, HERE).token


def test_twenty_tries_an_hour_lock_the_door_for_the_rest_of_it(hire, inside, tenant_a):
    name = hire(tenant_a, "admin")
    with inside(tenant_a), time_machine.travel("2026-03-17 02:00:00 +0000", tick=False) as clock:
        for _each in range(20):
            with pytest.raises(Invalid):
                login.sign_in(name, "salah", HERE)
            clock.shift(61)
        with pytest.raises(TooMany) as locked:
            login.sign_in(name, PASSWORD, HERE)
        assert locked.value.retry_after == 3600 - 20 * 61
        clock.shift(locked.value.retry_after)
        assert login.sign_in(name, PASSWORD, HERE).token


def test_one_address_cannot_try_all_logins(hire, inside, tenant_a, monkeypatch):
    monkeypatch.setattr(login, "ADDRESS", ("login.address", 3, 900))
    with inside(tenant_a):
        for number in range(3):
            with pytest.raises(Invalid):
                login.sign_in(f"nama-{number}", "salah", HERE)
        with pytest.raises(TooMany):
            login.sign_in("nama-lain", "salah", HERE)
        with pytest.raises(Invalid):
            login.sign_in("nama-lain", "salah", Came("203.0.113.8"))


@pytest.mark.parametrize("paces, came", [(login.PACE, Came()), ((), HERE)])
def test_the_door_is_closed_while_tries_cannot_be_counted(
    hire, inside, tenant_a, monkeypatch, app, paces, came
):
    name = hire(tenant_a, "admin")
    monkeypatch.setattr(login, "PACE", paces)
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    monkeypatch.delitem(app.extensions, rate._ENGINE, raising=False)
    with inside(tenant_a), pytest.raises(Unavailable):
        login.sign_in(name, PASSWORD, came)
    monkeypatch.delitem(app.extensions, rate._ENGINE, raising=False)


def set_up(name: str) -> tuple[str, list[str], str]:
    """Sign in with a password and set the second factor up: its secret, recovery codes, full token."""
    opened = login.sign_in(name, PASSWORD, HERE)
    assert opened.must == "second_factor"
    actor = half(opened.token)
    sealed, secret = totp.offer(actor.id)
    full, codes = login.set_up_second_factor(actor, sealed, code_now(secret), HERE)
    return secret, codes, full.token


def code_now(secret: str) -> str:
    return pyotp.TOTP(secret).at(int(login.sessions.now().timestamp()))


def test_a_second_factor_is_set_up_before_anything_else(hire, inside, tenant_a):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a):
        opened = login.sign_in(name, PASSWORD, HERE)
        waiting = half(opened.token)
        assert (waiting.must, waiting.permissions) == ("second_factor", frozenset())
        _secret, codes, token = set_up(name)
        assert len(set(codes)) == 8
        assert "host.settings" in half(token).permissions
        kept = session().scalar(select(Officer).where(Officer.login == name))
        assert _secret not in kept.totp_secret
        assert not set(codes) & set(kept.recovery)


def test_the_half_sign_in_ends_with_the_second_factor(hire, inside, tenant_a):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a):
        secret, _codes, _token = set_up(name)
        with time_machine.travel(login.sessions.now().timestamp() + 60):
            opened = login.sign_in(name, PASSWORD, HERE)
            full = login.second_factor(half(opened.token), code_now(secret), HERE)
            assert full.token != opened.token
            assert sessions.actor_of(opened.token) is None
            assert half(full.token).must == ""


def test_a_code_works_once_and_not_after_its_time(hire, inside, tenant_a):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a), time_machine.travel("2026-03-17 02:00:00 +0000", tick=False) as clock:
        secret, _codes, _token = set_up(name)
        clock.shift(90)
        code = code_now(secret)
        login.second_factor(half(login.sign_in(name, PASSWORD, HERE).token), code, HERE)
        for wait in (0, 120):
            clock.shift(wait)
            waiting = half(login.sign_in(name, PASSWORD, HERE).token)
            with pytest.raises(Invalid):
                login.second_factor(waiting, code, HERE)


def test_a_recovery_code_works_once(hire, inside, tenant_a):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a):
        _secret, codes, _token = set_up(name)
        waiting = half(login.sign_in(name, PASSWORD, HERE).token)
        assert login.second_factor(waiting, codes[3].upper().replace("-", " "), HERE).token
        waiting = half(login.sign_in(name, PASSWORD, HERE).token)
        with pytest.raises(Invalid):
            login.second_factor(waiting, codes[3], HERE)
        assert login.second_factor(waiting, codes[4], HERE).token


def test_an_offer_for_one_officer_is_none_for_another(hire, inside, tenant_a):
    hire(tenant_a, "admin", second_factor=True)
    name = hire(tenant_a, "leader", second_factor=True)
    with inside(tenant_a):
        other = session().scalar(select(Officer.id).where(Officer.login == "petugas-admin"))
        sealed, secret = totp.offer(other)
        waiting = half(login.sign_in(name, PASSWORD, HERE).token)
        for wrong in (sealed, "", "bukan segel"):
            with pytest.raises(Invalid):
                login.set_up_second_factor(waiting, wrong, code_now(secret), HERE)


def test_a_generated_password_has_to_be_changed_first(app, inside, tenant_a, hire, client):
    from superapp.identity import officers

    hire(tenant_a, "admin")
    with inside(tenant_a):
        _officer, generated = officers.ensure_officer("baru", "Jabatan baru", "leader", second_factor=False)
        assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", generated)
    browser = client(tenant_a)
    assert browser.submit("/meja/masuk", {"login": "baru", "password": generated}).location == "/meja/sandi"
    assert browser.get("/meja/akun").location == "/meja/sandi"
    fresh = "kuda baterai jepit"
    answer = browser.submit("/meja/sandi", {"old": generated, "new": fresh, "again": fresh})
    assert answer.status_code == 303
    assert browser.get("/meja/akun").status_code == 200


@pytest.mark.parametrize(
    "old, new, again, field",
    [
        ("salah", "kuda baterai jepit", "kuda baterai jepit", "old"),
        (PASSWORD, "pendek", "pendek", "new"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "new"),
        (PASSWORD, "petugas-admin-2026", "petugas-admin-2026", "new"),
        (PASSWORD, "x" * 50 + "abcdef" * 20, "x" * 50 + "abcdef" * 20, "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "kuda baterai jepit", "kuda baterai", "again"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(enter, tenant_a, old, new, again, field):
    browser = enter(tenant_a, "admin")
    answer = browser.submit("/meja/sandi", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.get_data(as_text=True)


def test_a_new_password_ends_all_other_sign_ins(enter, client, tenant_a):
    browser, other = enter(tenant_a, "admin"), enter(tenant_a, "admin")
    fresh = "kuda baterai jepit"
    browser.submit("/meja/sandi", {"old": PASSWORD, "new": fresh, "again": fresh})
    assert browser.get("/meja/akun").status_code == 200
    assert other.get("/meja/akun").status_code == 303


def test_neither_trail_nor_sign_in_row_keeps_what_was_typed(hire, inside, tenant_a, caplog):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a):
        with pytest.raises(Invalid):
            login.sign_in(name, "sandi-yang-salah", HERE)
        secret, codes, token = set_up(name)
        rows = [*session().scalars(select(Audit)), *session().scalars(select(LoginSession))]
        words = " ".join(str(vars(row)) for row in rows) + caplog.text
    for private in ("sandi-yang-salah", PASSWORD, secret, token, name, HERE.address, *codes):
        assert private not in words
    assert "login.refused" in words


def test_the_host_key_changed_means_setting_up_anew_not_a_crash(hire, inside, tenant_a, app, client):
    name = hire(tenant_a, "admin", second_factor=True)
    with inside(tenant_a):
        set_up(name)
        session().scalar(select(Officer).where(Officer.login == name)).totp_secret = "gAAAA-from-another-key"
        session().commit()
    browser = client(tenant_a)
    browser.submit("/meja/masuk", {"login": name, "password": PASSWORD})
    answer = browser.submit("/meja/kode", {"code": "123456"})
    assert answer.status_code == 409
