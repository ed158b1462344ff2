"""The sandbox of the command line: it connects a government without a bot, and leaves others alone."""

from __future__ import annotations

import pytest
from flask import Flask

from plugins.telegram import cli
from plugins.telegram.sandbox import serving
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.sdk import save_settings
from superapp.tenancy import resolve
from superapp.testing.commands import command


def fresh(app: Flask, slug: str) -> Tenant:
    with app.app_context():
        found = resolve.by_slug(slug, fresh=True)
    assert found is not None
    return found


def test_the_command_connects_only_who_has_no_bot(
    app: Flask, tenant_a: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "until_stopped", lambda: None)
    with serving() as taken:
        port = taken.url.rpartition(":")[2]
        status, said = command(app, fresh(app, tenant_a.slug), cli.group, f"sandbox --port {port}")
        assert status == 1 and "Add --connect" in said
        status, said = command(app, fresh(app, tenant_a.slug), cli.group, f"sandbox --port {port} --connect")
        assert (status, said) == (1, f"Error: Port {port} is taken.\n")
    status, said = command(app, fresh(app, tenant_a.slug), cli.group, f"sandbox --port {port} --connect")
    assert status == 0 and said.startswith(f"Open http://127.0.0.1:{port}/")
    assert fresh(app, tenant_a.slug).settings["telegram"]["server"] == f"http://127.0.0.1:{port}"
    again = command(app, fresh(app, tenant_a.slug), cli.group, f"sandbox --port {port}")
    assert again[0] == 0  # from then on it is its own
    with app.app_context(), tenant_scope(fresh(app, tenant_a.slug), SYSTEM):
        save_settings(
            tenant_a, "telegram", {"token": "123456:" + "x" * 35, "server": "https://bot.uji.example"}
        )
    status, said = command(app, fresh(app, tenant_a.slug), cli.group, f"sandbox --port {port} --connect")
    assert status == 1 and "has a bot" in said
