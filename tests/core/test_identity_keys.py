"""API keys: of one government, with chosen rights, until they end."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from superapp.db.engine import session
from superapp.errors import Invalid, NotFound
from superapp.identity import keys
from superapp.identity.models import ApiKey

KNOWN = ("x.read", "x.write", "host.audit")


def make(*permissions: str, days: int = 90) -> tuple[keys.KeyView, str]:
    return keys.create("Dasbor", permissions or ("x.read",), days, KNOWN)


def bearer(full: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {full}"}


def test_a_key_holds_what_it_was_given_and_no_more(inside, tenant_a):
    with inside(tenant_a):
        _key, full = make("x.read", "x.write")
        actor = keys.actor_of(full)
        assert actor.kind == "api" and actor.permissions == {"x.read", "x.write"}
        assert not actor.may("host.audit")


def test_a_key_opens_what_it_may_and_nothing_else(inside, client, tenant_a):
    with inside(tenant_a):
        _key, full = make("host.audit")
    browser = client(tenant_a)
    assert browser.get("/meja/pengaturan/jejak", headers=bearer(full)).status_code == 200
    assert browser.get("/meja/pengaturan", headers=bearer(full)).status_code == 403
    assert browser.get("/meja/akun", headers=bearer(full)).status_code == 403


def test_a_key_of_one_government_is_unknown_to_another(inside, client, tenant_a, tenant_b):
    with inside(tenant_a):
        _key, full = make("host.audit")
    answer = client(tenant_b).get("/meja/pengaturan/jejak", headers=bearer(full))
    assert answer.status_code == 401


@pytest.mark.parametrize("full", ["", "x", "uji_abcdefgh_geheim", "uji__", "a_b_c_d", "\x00_\x00_\x00"])
def test_anything_else_is_401(client, tenant_a, full):
    answer = client(tenant_a).get("/api/v1/", headers={**bearer(full), "Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_many_wrong_keys_are_slowed_down(client, tenant_a):
    browser = client(tenant_a)
    seen = [browser.get("/", headers=bearer("uji_x_y")).status_code for _ in range(61)]
    assert (seen[59], seen[60]) == (401, 429)


def test_the_right_prefix_with_another_secret_is_refused(inside, tenant_a):
    with inside(tenant_a):
        _key, full = make()
        assert keys.actor_of(full[:-1] + ("a" if full[-1] != "a" else "b")) is None


def test_a_key_ends_on_its_day_and_when_ended(inside, tenant_a):
    with inside(tenant_a), time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        key, full = make(days=30)
        _other, second = make(days=90)
        clock.shift(30 * 86400 - 1)
        assert keys.actor_of(full)
        clock.shift(1)
        assert keys.actor_of(full) is None
        assert {view.id: view.state for view in keys.listing()}[key.id] == "expired"
        keys.revoke(_other.id)
        keys.revoke(_other.id)
        assert keys.actor_of(second) is None
        assert {view.id: view.state for view in keys.listing()}[_other.id] == "revoked"


def test_the_last_use_is_kept_to_the_minute(inside, tenant_a):
    with inside(tenant_a), time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        _key, full = make()
        used = []
        for wait in (0, 30, 31):
            clock.shift(wait)
            keys.actor_of(full)
            used.append(session().scalar(select(ApiKey.used_at)))
            session().rollback()
        assert used[0] == used[1] < used[2]


def test_only_a_hash_is_kept(inside, tenant_a):
    with inside(tenant_a):
        _key, full = make()
        row = session().scalar(select(ApiKey))
        assert full.rsplit("_", 1)[1].encode() not in bytes(row.key_hash)
        assert len(row.key_hash) == 32


@pytest.mark.parametrize(
    "name, permissions, days, agency, field",
    [
        ("", ("x.read",), 90, "", "name"),
        ("x" * 121, ("x.read",), 90, "", "name"),
        ("Dasbor\x00", ("x.read",), 90, "", "name"),
        ("Dasbor", (), 90, "", "permissions"),
        ("Dasbor", ("x.read", "x.delete"), 90, "", "permissions"),
        ("Dasbor", ("x.read",), 91, "", "days"),
        ("Dasbor", ("x.read",), 90, "tidak-ada", "agency_code"),
    ],
)
def test_a_wrong_wish_is_refused_naming_the_field(inside, tenant_a, name, permissions, days, agency, field):
    with inside(tenant_a):
        with pytest.raises(Invalid) as told:
            keys.create(name, permissions, days, KNOWN, agency)
        assert [error.field for error in told.value.errors] == [field]
        assert keys.listing() == []


def test_a_key_that_is_not_there_cannot_be_ended(inside, tenant_a, tenant_b):
    with inside(tenant_a):
        key, _full = make()
    with inside(tenant_b), pytest.raises(NotFound):
        keys.revoke(key.id)


def test_the_desk_shows_a_key_once(enter, tenant_a, app):
    from superapp.plugin.registry import registry

    browser = enter(tenant_a, "admin")
    with app.app_context():
        code = sorted(registry().permissions)[0]
    made = browser.submit(
        "/meja/pengaturan/kunci/baru", {"name": "Dasbor", "permissions": [code], "days": "30"}
    )
    full = made.get_data(as_text=True).split("data-copy>")[1].split("<")[0]
    assert made.headers["Cache-Control"] == "no-store"
    listed = browser.get("/meja/pengaturan/kunci").get_data(as_text=True)
    assert "Dasbor" in listed and full not in listed and full.split("_")[1] in listed
    key_id = listed.split("/meja/pengaturan/kunci/")[-1].split("/akhiri")[0]
    assert (
        browser.submit(f"/meja/pengaturan/kunci/{key_id}/akhiri", form="/meja/pengaturan/kunci").status_code
        == 303
    )
    assert browser.get("/", headers=bearer(full)).status_code == 401


def test_the_desk_shows_what_is_wrong_with_a_key(enter, tenant_a):
    browser = enter(tenant_a, "admin")
    made = browser.submit("/meja/pengaturan/kunci/baru", {"name": "Dasbor", "days": "९"})
    page = made.get_data(as_text=True)
    assert made.status_code == 422
    assert 'value="Dasbor"' in page and 'id="f-permissions-error"' in page and 'id="f-days-error"' in page
