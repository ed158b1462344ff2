"""Who may enter what: each host page × each role, nobody, another government; keys; declarations."""

import flask
import pytest
from flask import Flask
from flask.views import MethodView

from superapp.context import ANONYMOUS, Actor
from superapp.errors import Forbidden, Unauthorized
from superapp.identity import permit, roles

PAGES = {
    "/meja/pengaturan": {"admin"},
    "/meja/pengaturan/petugas": {"admin"},
    "/meja/pengaturan/petugas/baru": {"admin"},
    "/meja/pengaturan/peran": {"admin"},
    "/meja/pengaturan/kunci": {"admin"},
    "/meja/pengaturan/kunci/baru": {"admin"},
    "/meja/pengaturan/jejak": {"admin"},
    "/meja/akun": set(roles.ROLES),
    "/meja/sandi": set(roles.ROLES),
}


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_each_page_of_the_host_opens_for_its_roles_alone(enter, tenant_a, role):
    browser = enter(tenant_a, role)
    seen = {page: browser.get(page).status_code for page in PAGES}
    assert seen == {page: 200 if role in holders else 403 for page, holders in PAGES.items()}


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"/meja/sandi"}))
def test_a_visitor_is_sent_to_the_door_and_back(client, tenant_a, page):
    answer = client(tenant_a).get(f"{page}?x=1&y=2")
    assert answer.status_code == 303
    assert answer.location == f"/meja/masuk?next={page}%3Fx%3D1%26y%3D2"


def test_after_the_door_one_stands_where_one_wanted(hire, client, tenant_a):
    from .conftest import PASSWORD

    login, browser = hire(tenant_a, "admin"), client(tenant_a)
    asked = "/meja/pengaturan/jejak"
    page = browser.get(f"/meja/masuk?next={asked}").get_data(as_text=True)
    assert f'value="{asked}"' in page
    answer = browser.submit("/meja/masuk", {"login": login, "password": PASSWORD, "next": asked})
    assert answer.location == asked


@pytest.mark.parametrize(
    "way_out",
    [
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "/meja/../lapor",
        "/meja/\r\nX: y",
        "/lapor",
    ],
)
def test_the_door_never_leads_off_the_desk(hire, client, tenant_a, way_out):
    from .conftest import PASSWORD

    login = hire(tenant_a, "admin")
    answer = client(tenant_a).submit("/meja/masuk", {"login": login, "password": PASSWORD, "next": way_out})
    assert answer.location == "/meja/"


def test_a_post_without_token_or_from_another_site_is_refused(enter, tenant_a):
    browser = enter(tenant_a, "admin")
    assert browser.post("/meja/akun/pintasan", data={}).status_code in {400, 403}
    assert browser.post("/meja/keluar", data={"csrf_token": "x"}).status_code in {400, 403}


def test_a_role_change_holds_from_the_next_request(enter, hire, tenant_a):
    browser = enter(tenant_a, "admin", login="pindah")
    assert browser.get("/meja/pengaturan").status_code == 200
    hire(tenant_a, "leader", login="pindah")
    assert browser.get("/meja/pengaturan").status_code == 403


@pytest.fixture
def small():
    app = Flask("small")

    @app.get("/open")
    @permit.public
    def opened():
        return ""

    @permit.permit("x.read")
    @app.get("/closed")
    def closed():
        return ""

    class Both(MethodView):
        @permit.public
        def get(self):
            return ""

        def post(self):
            return ""

    app.add_url_rule("/both", view_func=Both.as_view("both"))
    return app


def test_an_endpoint_that_declares_nothing_is_named(small):
    assert permit.undeclared(small) == ["POST /both (both)"]
    small.add_url_rule("/forgotten", "forgotten", lambda: "")
    assert "GET /forgotten (forgotten)" in permit.undeclared(small)


def test_the_real_app_declares_everything(app):
    assert permit.undeclared(app) == []


def test_the_guard_refuses_what_declares_nothing(small):
    small.add_url_rule("/forgotten", "forgotten", lambda: "")
    small.before_request(permit.guard)
    small.register_error_handler(Forbidden, lambda error: ("", 403))
    small.register_error_handler(Unauthorized, lambda error: ("", 401))
    browser = small.test_client()
    assert browser.get("/open").status_code == 200
    assert browser.get("/forgotten").status_code == 403
    assert browser.get("/closed").status_code == 401


def test_a_declaration_survives_flask_smorest():
    from flask_smorest import Blueprint
    from marshmallow import Schema

    bp = Blueprint("api", "api")

    @bp.route("/x", methods=["POST"])
    @bp.arguments(Schema)
    @bp.response(200)
    @permit.permit("x.write")
    def view(data):
        return data

    assert permit.declared(view, "POST") == ("x.write",)


def test_permit_without_a_permission_is_a_mistake():
    with pytest.raises(ValueError, match="@public"):
        permit.permit()


def test_any_one_of_the_permissions_is_enough():
    actor = Actor(kind="officer", permissions=frozenset({"a"}))
    permit.require(actor, "b", "a")
    permit.require(Actor(kind="system"), "b")
    with pytest.raises(Forbidden):
        permit.require(actor, "b", "c")
    with pytest.raises(Unauthorized):
        permit.require(ANONYMOUS, "a")
    with pytest.raises(Forbidden):
        permit.require(Actor(kind="api"), permit.ANY_OFFICER)


def test_static_files_are_open_and_named_so(app):
    with app.test_request_context("/static/x.css"):
        assert flask.request.endpoint == "static"
        assert permit.guard() is None
