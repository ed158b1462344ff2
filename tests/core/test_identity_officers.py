"""Officers and roles: made once, changed by the admin, never locked out."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from superapp.context import Actor
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import Conflict, Invalid, NotFound
from superapp.identity import officers, passwords, roles
from superapp.identity.models import Assignment, Officer, Role
from superapp.tenancy.models import Agency, Area

from .conftest import PASSWORD


@dataclass(frozen=True)
class Right:
    code: str
    title: str
    roles: tuple[str, ...]


READ, WRITE = (
    Right("x.read", "Membaca", ("leader", "coordinator")),
    Right("x.write", "Menulis", ("coordinator",)),
)


def held(code: str) -> set[str]:
    return set(session().scalar(select(Role.permissions).where(Role.code == code)))


@pytest.fixture
def agency_code(inside, tenant_a) -> str:
    with inside(tenant_a):
        return session().scalars(select(Agency.code).order_by(Agency.code)).first()


@pytest.fixture
def area_code(inside, tenant_a) -> str:
    with inside(tenant_a):
        return session().scalars(select(Area.code).order_by(Area.code)).first()


def test_roles_are_seeded_once(inside, tenant_a):
    with inside(tenant_a):
        roles.seed_roles(tenant_a, [READ, WRITE])
        assert roles.seed_roles(tenant_a, [READ, WRITE]) == []
        assert {"x.read", "x.write"} <= held("coordinator") and "x.read" in held("leader")
        assert {right.code for right in roles.HOST} <= held("admin")
        assert "x.read" not in held("admin")


def test_what_an_admin_took_away_stays_away_and_what_is_new_comes(inside, tenant_a):
    with inside(tenant_a):
        roles.seed_roles(tenant_a, [READ])
        with work():
            roles.known("leader").permissions = ["own.right"]
        assert "coordinator: x.write" in roles.seed_roles(tenant_a, [READ, WRITE])
        assert held("leader") == {"own.right"}


def test_a_permission_for_an_unknown_role_harms_nothing(inside, tenant_a):
    with inside(tenant_a):
        roles.seed_roles(tenant_a, [Right("x.odd", "Aneh", ("tidak_ada", "leader"))])
        assert "x.odd" in held("leader")


def test_roles_are_seeded_in_their_own_scope_alone(inside, tenant_a, tenant_b):
    with inside(tenant_a), pytest.raises(RuntimeError):
        roles.seed_roles(tenant_b, [])


def test_ensuring_an_officer_twice_changes_nothing(hire, inside, tenant_a, agency_code):
    hire(tenant_a, "liaison")
    with inside(tenant_a):
        first, generated = officers.ensure_officer("dinas", "Pejabat penghubung", "liaison", agency_code)
        kept = first.password_hash
        again, none = officers.ensure_officer(" DINAS ", "Pejabat penghubung", "liaison", agency_code)
        assert (again.id, again.password_hash, none) == (first.id, kept, None)
        assert passwords.right(kept, generated) and first.must_change
        where = select(func.count()).select_from(Assignment).where(Assignment.officer_id == first.id)
        assert session().scalar(where) == 1


def test_a_given_password_is_set_as_it_is(hire, inside, tenant_a):
    hire(tenant_a, "leader")
    with inside(tenant_a):
        officer, none = officers.ensure_officer("x-1", "Pimpinan", "leader", password="kuda baterai jepit")
        assert none is None and not officer.must_change
        officers.ensure_officer("x-1", "Pimpinan", "leader", password="kuda baterai lain")
        assert passwords.right(officer.password_hash, "kuda baterai lain")


def test_an_officer_moves_to_another_role_and_place(hire, inside, tenant_a, agency_code, area_code):
    hire(tenant_a, "liaison")
    with inside(tenant_a):
        officer, _none = officers.ensure_officer("x-1", "Pejabat", "liaison", agency_code)
        officers.ensure_officer("x-1", "Lurah", "operator", None, area_code)
        rows = session().execute(
            select(Assignment.role_code, Assignment.agency_id, Assignment.area_code).where(
                Assignment.officer_id == officer.id
            )
        )
        assert [tuple(row) for row in rows] == [("operator", None, area_code)]
        [seen] = [view for view in officers.listing() if view.login == "x-1"]
        assert seen.name == "Lurah" and seen.area and not seen.agency


def test_the_actor_carries_agency_and_area(hire, inside, tenant_a, agency_code, area_code):
    from superapp.identity import login, sessions

    name = hire(tenant_a, "operator", agency_code=agency_code, area_code=area_code)
    with inside(tenant_a):
        opened = login.sign_in(name, PASSWORD, login.Came())
        actor = sessions.actor_of(opened.token)
        assert actor.agency_id == session().scalar(select(Agency.id).where(Agency.code == agency_code))
        assert actor.area_codes == (area_code,)
        assert actor.name == roles.ROLES["operator"]


@pytest.mark.parametrize(
    "given, fields",
    [
        ({"login": "x", "name": "y"}, {"login"}),
        ({"login": "dua kata", "name": "y"}, {"login"}),
        ({"login": "é" * 5, "name": "y"}, {"login"}),
        ({"login": "x" * 81, "name": ""}, {"login", "name"}),
        ({"login": "baik", "name": "\x00"}, {"name"}),
        ({"login": "petugas-admin", "name": "y"}, {"login"}),
        ({"login": "baik", "name": "y", "agency_code": "TIDAK"}, {"agency_code"}),
        ({"login": "baik", "name": "y", "area_code": "99"}, {"area_code"}),
    ],
)
def test_a_wrong_officer_is_refused_naming_the_fields(hire, inside, tenant_a, given, fields):
    hire(tenant_a, "admin")
    with inside(tenant_a):
        with pytest.raises(Invalid) as told:
            officers.add(**{"role": "leader", **given})
        assert {error.field for error in told.value.errors} == fields
        assert len(officers.listing()) == 1


def test_an_unknown_role_is_refused_and_nothing_is_written(inside, tenant_a):
    with inside(tenant_a):
        with pytest.raises(NotFound):
            officers.add("baik", "Jabatan", "tidak_ada")
        assert officers.listing() == []


def test_switching_off_ends_sign_ins_and_switching_on_lets_in_again(enter, inside, tenant_a, client):
    admin, other = enter(tenant_a, "admin"), enter(tenant_a, "leader")
    with inside(tenant_a):
        theirs = session().scalar(select(Officer.id).where(Officer.login == "petugas-leader"))
    url = f"/meja/pengaturan/petugas/{theirs}"
    assert admin.submit(f"{url}/mati", form="/meja/pengaturan/petugas").status_code == 303
    assert other.get("/meja/akun").status_code == 303
    wrong = other.submit("/meja/masuk", {"login": "petugas-leader", "password": PASSWORD})
    assert wrong.status_code == 422
    assert admin.submit(f"{url}/nyala", form="/meja/pengaturan/petugas").status_code == 303
    right = other.submit("/meja/masuk", {"login": "petugas-leader", "password": PASSWORD})
    assert right.status_code == 303


def test_nobody_switches_off_their_own_account(enter, inside, tenant_a):
    browser = enter(tenant_a, "admin")
    with inside(tenant_a):
        mine = session().scalar(select(Officer.id).where(Officer.login == "petugas-admin"))
        with pytest.raises(Conflict):
            from superapp.context import set_actor

            set_actor(Actor(kind="officer", id=mine))
            officers.switch(mine, active=False)
    answer = browser.submit(f"/meja/pengaturan/petugas/{mine}/mati", form="/meja/pengaturan/petugas")
    assert answer.status_code == 409
    assert browser.get("/meja/akun").status_code == 200


def test_a_new_password_from_the_admin_is_shown_once_and_must_be_changed(enter, inside, tenant_a, client):
    admin, other = enter(tenant_a, "admin"), enter(tenant_a, "leader")
    with inside(tenant_a):
        theirs = session().scalar(select(Officer.id).where(Officer.login == "petugas-leader"))
    page = admin.submit(
        f"/meja/pengaturan/petugas/{theirs}/sandi", {"second_factor": "1"}, form="/meja/pengaturan/petugas"
    )
    password = page.get_data(as_text=True).split("data-copy>")[1].split("<")[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert other.get("/meja/akun").status_code == 303
    answer = client(tenant_a).submit("/meja/masuk", {"login": "petugas-leader", "password": password})
    assert answer.location == "/meja/sandi"


def test_an_officer_of_another_government_is_not_there(enter, hire, inside, tenant_a, tenant_b):
    browser = enter(tenant_a, "admin")
    hire(tenant_b, "leader")
    with inside(tenant_b):
        theirs = session().scalar(select(Officer.id).where(Officer.login == "petugas-leader"))
    for deed in ("mati", "nyala", "sandi"):
        answer = browser.submit(f"/meja/pengaturan/petugas/{theirs}/{deed}", form="/meja/pengaturan/petugas")
        assert answer.status_code == 404
    with inside(tenant_b):
        assert session().scalar(select(Officer.active).where(Officer.id == theirs))
        with pytest.raises(NotFound):
            officers.one(session().scalar(select(Assignment.id)))


def test_the_desk_adds_an_officer_and_shows_the_password_once(enter, tenant_a, agency_code):
    browser = enter(tenant_a, "admin")
    url = "/meja/pengaturan/petugas/baru"
    data = {"login": "dishub", "name": "Pejabat penghubung", "role": "liaison", "agency_code": agency_code}
    page = browser.submit(url, data).get_data(as_text=True)
    password = page.split("data-copy>")[1].split("<")[0]
    listed = browser.get("/meja/pengaturan/petugas").get_data(as_text=True)
    assert "dishub" in listed and password not in listed


@pytest.mark.parametrize(
    "wrong, field", [({"login": "x"}, "login"), ({"role": "tidak_ada"}, "role"), ({"name": ""}, "name")]
)
def test_the_desk_keeps_what_was_typed_and_says_what_is_wrong(enter, tenant_a, wrong, field):
    browser = enter(tenant_a, "admin")
    data = {"login": "dishub", "name": "Pejabat penghubung", "role": "liaison", **wrong}
    answer = browser.submit("/meja/pengaturan/petugas/baru", data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and f'id="f-{field}-error"' in page
    assert all(f'value="{data[name]}"' in page for name in ("login", "name"))


def test_single_letter_keys_can_be_switched_off(enter, tenant_a):
    browser = enter(tenant_a, "admin")
    assert 'data-keys="on"' in browser.get("/meja/akun").get_data(as_text=True)
    browser.submit("/meja/akun/pintasan", {}, form="/meja/akun")
    assert 'data-keys="off"' in browser.get("/meja/akun").get_data(as_text=True)
    browser.submit("/meja/akun/pintasan", {"on": "1"}, form="/meja/akun")
    assert 'data-keys="on"' in browser.get("/meja/akun").get_data(as_text=True)
