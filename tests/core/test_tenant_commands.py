"""The commands on a host that runs: apply from another process, see drift, write a folder back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from superapp.cli import main
from superapp.context import tenant_scope
from superapp.db import migrate
from superapp.db.work import work
from superapp.tenancy import resolve
from superapp.tenancy.models import Agency
from superapp.testing import postgres
from superapp.testing.host import Host

EXAMPLE = Path(__file__).parents[2] / "tenants" / "_example"
Command = Callable[..., Result]


@pytest.fixture
def environment(app: Flask, superapp_host: Host, tmp_path: Path) -> dict[str, str]:
    """What a command needs to reach the test's database, and two folders to apply."""
    urls = migrate.urls_for(superapp_host.server.admin_url, postgres.KEY, superapp_host.database)
    for name in ("contoh", "_example"):
        shutil.copytree(EXAMPLE, tmp_path / "tenants" / name)
    return {
        "SUPERAPP_ENV": "test",
        "SUPERAPP_SECRET_KEY": postgres.KEY,
        "SUPERAPP_APP_URL": urls.app,
        "SUPERAPP_OPS_URL": urls.ops,
        "SUPERAPP_BASE_DOMAIN": "localhost",
        "SUPERAPP_TENANTS": str(tmp_path / "tenants"),
        "SUPERAPP_VAR": str(superapp_host.var),
        "SUPERAPP_LOG_LEVEL": "ERROR",
    }


@pytest.fixture
def command(environment: dict[str, str]) -> Command:
    """`command("list", "--json")`: what `superapp tenant` answers."""
    return lambda *arguments: CliRunner().invoke(main, ["tenant", *arguments], env=environment)


@pytest.mark.slow
def test_a_tenant_applied_while_the_host_runs_answers_within_ten_seconds(
    app: Flask, environment: dict[str, str]
) -> None:
    browser = app.test_client()

    def status() -> int:
        return browser.get("/", headers={"Host": "contoh.localhost"}).status_code

    assert status() == 421
    line = [sys.executable, "-c", "from superapp.cli import main; main()", "tenant", "apply"]
    known = {**os.environ, **environment}
    applied = subprocess.run(line, env=known, capture_output=True, text=True, timeout=60, check=False)
    assert (applied.returncode, applied.stderr) == (0, "")
    assert "contoh.localhost" in applied.stdout
    began = time.monotonic()
    while status() != 200:
        assert time.monotonic() - began < 10
        time.sleep(0.2)


def test_drift_is_shown_and_a_folder_written_back_ends_it(
    app: Flask, command: Command, tmp_path: Path
) -> None:
    assert command("apply", "contoh", "--json").exit_code == 0
    assert command("diff").stdout == "contoh: sama\n"
    with app.app_context():
        tenant = resolve.by_slug("contoh", fresh=True)
        assert tenant is not None
        with tenant_scope(tenant), work() as opened:
            opened.scalars(select(Agency).where(Agency.code == "DISHUB")).one().phone = "0361 1"
    shown = command("diff", "--json")
    assert shown.exit_code == 1
    [change] = json.loads(shown.stdout)["contoh"]
    assert (change["file"], change["key"], change["action"]) == ("agencies.csv", ["DISHUB"], "kept")
    assert change["fields"] == [{"name": "phone", "database": "0361 1", "folder": ""}]
    target = tmp_path / "keluar" / "contoh"
    assert command("export", "contoh", str(target)).exit_code == 0
    assert command("check", str(target)).exit_code == 0
    assert command("diff", str(target)).exit_code == 0
    assert [row["slug"] for row in json.loads(command("list", "--json").stdout)] == [
        "contoh",
        "uji-a",
        "uji-b",
    ]
    assert "uji-c" in command("export", "uji-c", str(tmp_path / "x")).stderr


def test_without_the_operators_role_a_command_says_what_is_missing(
    command: Command, environment: dict[str, str]
) -> None:
    environment["SUPERAPP_OPS_URL"] = ""
    result = command("apply")
    assert result.exit_code == 1
    assert result.stderr.startswith("superapp: SUPERAPP_OPS_URL")
