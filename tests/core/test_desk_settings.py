"""Services at the desk: the switch, and the form made from a plugin's schema."""

import pytest
from marshmallow import Schema, fields, validate
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from superapp.db.engine import session
from superapp.errors import FieldError
from superapp.identity.models import Audit
from superapp.plugin import lifecycle
from superapp.plugin.registry import registry
from superapp.tenancy.models import TenantPlugin
from superapp.web import desk_forms


class Every(Schema):
    """One field of each kind."""

    greeting = fields.String(required=True, validate=validate.Length(3, 40), metadata={"label": "Salam"})
    text = fields.String(load_default="", metadata={"long": True})
    port = fields.Integer(load_default=587, validate=validate.Range(1, 65535), metadata={"label": "Porta"})
    share = fields.Float(load_default=0.5)
    on = fields.Boolean(load_default=True)
    mode = fields.String(
        load_default="a", validate=validate.OneOf(["a", "b"]), metadata={"choices": {"a": "Satu", "b": "Dua"}}
    )
    to = fields.List(fields.Email(), load_default=list)
    sender = fields.Email(load_default=None, allow_none=True)
    site = fields.Url(load_default=None, allow_none=True)
    password = fields.String(load_default="", metadata={"label": "Sandi", "secret": True})


def test_each_kind_of_field_gets_its_widget(app):
    with app.test_request_context():
        made = {
            widget.name: widget
            for widget in desk_forms.widgets(Every, {"password": "rahasia", "to": ["a@b.id"]})
        }
    kinds = {name: widget.kind for name, widget in made.items()}
    assert kinds == {
        "greeting": "text",
        "text": "long",
        "port": "number",
        "share": "number",
        "on": "check",
        "mode": "choice",
        "to": "lines",
        "sender": "email",
        "site": "url",
        "password": "secret",
    }
    assert made["port"].value == 587 and made["to"].value == "a@b.id" and made["on"].value is True
    assert made["mode"].choices == (("a", "Satu"), ("b", "Dua"))
    assert (made["password"].value, made["password"].kept) == ("", True)
    assert made["sender"].optional and not made["greeting"].optional


def test_what_was_typed_becomes_what_the_schema_takes():
    form = MultiDict(
        {"greeting": " Halo ", "port": "25", "to": "a@b.id\n\n c@d.id ", "mode": "b", "share": "1"}
    )
    data = desk_forms.read(Every, form, {})
    assert Every().load(data) == {
        "greeting": "Halo",
        "text": "",
        "port": 25,
        "share": 1.0,
        "on": False,
        "mode": "b",
        "to": ["a@b.id", "c@d.id"],
        "sender": None,
        "site": None,
        "password": "",
    }


@pytest.mark.parametrize(
    "form, kept",
    [
        ({}, "lama"),
        ({"password": "baru"}, "baru"),
        ({"password.forget": "1"}, ""),
        ({"password": "baru", "password.forget": "1"}, "baru"),
    ],
)
def test_an_empty_secret_keeps_the_stored_one(form, kept):
    data = desk_forms.read(Every, MultiDict({"greeting": "Halo", **form}), {"password": "lama"})
    assert Every().load(data)["password"] == kept


@pytest.mark.parametrize(
    "message, said",
    [
        ("Missing data for required field.", "Isi bagian ini."),
        ("Not a valid integer.", "Tulis angka saja."),
        (
            "Must be greater than or equal to 1 and less than or equal to 65535.",
            "Pilih angka dari 1 sampai 65535.",
        ),
        ("Length must be between 3 and 40.", "Pakai 3 sampai 40 huruf."),
        ("Must be one of: a, b.", "Pilih dari daftar."),
        ("Kata-kata layanan itu sendiri 100%.", "Kata-kata layanan itu sendiri 100%."),
    ],
)
def test_errors_are_said_in_the_officers_words(app, message, said):
    with app.test_request_context():
        assert desk_forms.in_words(message) == said


def test_the_schemas_own_messages_are_all_in_words(app):
    wrong = dict.fromkeys(("greeting", "port", "share", "mode", "sender", "site", "unknown"), "x") | {
        "to": ["x"]
    }
    with app.test_request_context():
        errors = Every().validate(wrong)
        flat = [
            text for value in errors.values() for text in (value if isinstance(value, list) else value[0])
        ]
        assert len(flat) == len(wrong)
        assert all(desk_forms.in_words(text) != text for text in flat), flat


def test_the_first_error_of_a_field_stands_beside_it(app):
    errors = (FieldError("port", "Not a valid integer."), FieldError("port", "lagi"))
    with app.test_request_context():
        made = {widget.name: widget.error for widget in desk_forms.widgets(Every, {}, errors)}
    assert made["port"] == "Tulis angka saja." and made["greeting"] == ""


@pytest.fixture
def plugin(app) -> str:
    with app.app_context():
        return next(name for name in reversed(registry().names()) if name in registry().schemas)


@pytest.fixture
def schema(app, plugin, monkeypatch):
    with app.app_context():
        monkeypatch.setitem(registry().schemas, plugin, Every)
    return Every


def test_a_switched_off_service_is_gone_and_its_return_is_too(enter, client, inside, tenant_a, tenant_b):
    plugin, page = "berita", "/berita/"
    admin, visitor = enter(tenant_a, "admin"), client(tenant_a)
    shown = visitor.get(page).status_code
    assert shown != 404
    off = f"/meja/pengaturan/layanan/{plugin}/mati"
    assert admin.submit(off, form="/meja/pengaturan").status_code == 303
    assert visitor.get(page).status_code == 404
    assert client(tenant_b).get(page).status_code == shown
    with inside(tenant_a):
        assert plugin not in lifecycle.enabled_now(tenant_a)
    assert admin.submit(off.replace("/mati", "/nyala"), form="/meja/pengaturan").status_code == 303
    assert visitor.get(page).status_code == shown
    with inside(tenant_a):
        done = list(
            session().scalars(select(Audit.action).where(Audit.object_id == plugin).order_by(Audit.id))
        )
    assert done == ["plugin.off", "plugin.on"]


def test_a_service_that_is_not_installed_cannot_be_switched(enter, tenant_a):
    admin = enter(tenant_a, "admin")
    answer = admin.submit("/meja/pengaturan/layanan/tidak_ada/nyala", form="/meja/pengaturan")
    assert answer.status_code == 404
    assert admin.get("/meja/pengaturan/layanan/tidak_ada").status_code == 404


def test_settings_are_stored_and_shown_again(enter, inside, tenant_a, plugin, schema):
    admin, url = enter(tenant_a, "admin"), f"/meja/pengaturan/layanan/{plugin}"
    data = {
        "greeting": "Halo",
        "port": "25",
        "on": "1",
        "mode": "b",
        "to": "a@b.id",
        "password": "rahasia-sekali",
    }
    assert admin.submit(url, data).status_code == 303
    page = admin.get(url).get_data(as_text=True)
    assert 'value="Halo"' in page and 'value="25"' in page and "a@b.id" in page
    assert "rahasia-sekali" not in page and "Sudah tersimpan" in page
    with inside(tenant_a):
        kept = session().scalar(select(TenantPlugin.settings).where(TenantPlugin.name == plugin))
        assert "rahasia-sekali" not in str(kept)
        assert lifecycle.stored_settings(plugin)["password"] == "rahasia-sekali"
    assert admin.submit(url, {**data, "password": "", "port": "26"}).status_code == 303
    with inside(tenant_a):
        stored = lifecycle.stored_settings(plugin)
    assert (stored["password"], stored["port"]) == ("rahasia-sekali", 26)


def test_wrong_settings_are_shown_beside_their_fields_and_nothing_is_stored(
    enter, inside, tenant_a, plugin, schema
):
    admin, url = enter(tenant_a, "admin"), f"/meja/pengaturan/layanan/{plugin}"
    answer = admin.submit(
        url, {"greeting": "Halo", "port": "99999", "sender": "bukan surat", "to": "a@b.id\nx"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("port", "sender", "to"):
        assert f'id="f-{field}-error"' in page and f'href="#f-{field}"' in page
    assert "Pilih angka dari 1 sampai 65535." in page and 'value="bukan surat"' in page
    with inside(tenant_a):
        assert not lifecycle.stored_settings(plugin)
        assert "plugin.settings" not in set(session().scalars(select(Audit.action)))


def test_a_secret_of_an_older_host_key_counts_as_not_set(inside, tenant_a, plugin, schema):
    with inside(tenant_a):
        session().scalar(select(TenantPlugin).where(TenantPlugin.name == plugin)).settings = {
            "greeting": "Halo",
            "password": "gAAAA-from-another-key",
            "gone": 1,
        }
        session().commit()
        assert lifecycle.stored_settings(plugin) == {"greeting": "Halo"}
