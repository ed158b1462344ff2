"""A person's own data across all services that are on, and the hooks of switching off and of commands."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from plugins.surel import service
from superapp import cli
from superapp.cli import main
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import hooks, lifecycle, registry
from superapp.plugin.hookspecs import superapp_person_export
from superapp.sdk import Message, PluginRefused, work
from tests.core.plugins_made import plugin

CONTACT = "warga@example.org"


@pytest.fixture
def written(app: Flask, tenant_a: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        service.deliver(tenant_a, Message("email", CONTACT, "Halo", "Isi", key="uji:1"))
    monkeypatch.setattr(cli, "app", lambda: app)
    return tenant_a


def test_a_person_gets_a_copy_and_can_have_it_erased(app: Flask, written: Tenant) -> None:
    run, options = CliRunner(), ["--tenant", written.slug, "--contact", CONTACT]
    copy = run.invoke(main, ["person", "export", *options])
    assert copy.exit_code == 0
    assert [part["plugin"] for part in json.loads(copy.output)] == ["surel"]
    asked = run.invoke(main, ["person", "erase", *options], input="n\n")
    assert asked.exit_code == 1 and json.loads(run.invoke(main, ["person", "export", *options]).output)
    done = run.invoke(main, ["person", "erase", *options, "--yes"])
    assert done.exit_code == 0 and "surel: 1" in done.output
    assert json.loads(run.invoke(main, ["person", "export", *options]).output) == []


def test_another_city_keeps_what_it_has(app: Flask, written: Tenant, tenant_b: Tenant) -> None:
    options = ["--tenant", tenant_b.slug, "--contact", CONTACT]
    assert "nothing was kept" in CliRunner().invoke(main, ["person", "erase", *options, "--yes"]).output
    with app.app_context(), tenant_scope(written, SYSTEM):
        assert hooks.ask(superapp_person_export, tenant=written, contact=CONTACT)


def test_an_unknown_city_is_one_sentence(app: Flask, written: Tenant) -> None:
    done = CliRunner().invoke(main, ["person", "export", "--tenant", "atlantis", "--contact", CONTACT])
    assert done.exit_code == 1 and "atlantis" in done.output and "Traceback" not in done.output


def test_a_plugin_may_refuse_to_be_switched_off(app: Flask, tenant_a: Tenant, tmp_path: Path) -> None:
    def open_delivery(tenant: Tenant) -> None:
        raise PluginRefused("Masih ada kiriman.")

    kept = app.extensions["superapp_plugins"]
    made = plugin(tmp_path, "kirim", superapp_tenant_disabling=open_delivery)
    app.extensions["superapp_plugins"] = registry.build([made])
    try:
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            lifecycle.enable(tenant_a, "kirim")
            with pytest.raises(PluginRefused):
                lifecycle.disable(tenant_a, "kirim")
            assert "kirim" in lifecycle.enabled_now(tenant_a)
    finally:
        app.extensions["superapp_plugins"] = kept


def test_a_plugins_own_commands_stand_below_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = click.Group(
        "cuaca", commands={"halo": click.Command("halo", callback=lambda: click.echo("Halo"))}
    )
    made = plugin(tmp_path, "cuaca", superapp_cli=lambda: group)
    monkeypatch.setattr(registry, "discover", lambda: [made])
    assert CliRunner().invoke(main, ["cuaca", "halo"]).output.strip() == "Halo"
    assert CliRunner().invoke(main, ["hujan"]).exit_code == 2
