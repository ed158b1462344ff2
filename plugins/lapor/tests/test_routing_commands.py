"""superapp lapor routing train and its neighbours; and the web, which never loads the trainer."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from plugins.lapor.learn.commands import group
from superapp.sdk import SYSTEM, tenant_scope


@pytest.fixture
def run(app, tenant_a):
    """Call a command as `superapp lapor routing ...` would."""

    @contextmanager
    def door(slug: str):
        assert slug == tenant_a.slug
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            yield tenant_a

    return lambda *arguments: CliRunner().invoke(group, [*arguments, "--tenant", tenant_a.slug], obj=door)


def test_a_version_is_trained_listed_chosen_and_taken_back(run) -> None:
    assert "no version yet" in run("models").output
    first = json.loads(run("train", "--json").output)[0]
    assert first["state"] == "active" and first["basis"] == "examples"
    second = json.loads(run("train", "--json").output)[0]
    assert second["state"] == "active"
    assert first["id"] in run("rollback").output
    assert second["id"] in run("use", second["id"]).output
    states = {each["id"]: each["state"] for each in json.loads(run("models", "--json").output)}
    assert states == {second["id"]: "active", first["id"]: "retired"}
    assert "no decisions" in run("report").output
    unknown = run("use", "00000000-0000-0000-0000-000000000000")
    assert unknown.exit_code == 1 and "Versi ini tidak ada" in unknown.output


WEB = """
import sys
import wsgi
assert "sklearn" not in sys.modules and "scipy" not in sys.modules, "import wsgi loads the trainer"
import plugins.lapor.service.routing.learned, plugins.lapor.service.routing.alone, plugins.lapor.desk.routing
from plugins.lapor.service.routing.model import advise
assert not {"sklearn", "scipy"} & set(sys.modules), "a suggestion loads the trainer"
assert "plugins.lapor.learn" not in sys.modules
"""


def test_the_web_process_never_loads_the_trainer(app) -> None:
    settings = app.extensions["superapp_settings"]
    told = {
        "SUPERAPP_ENV": "development",
        "SUPERAPP_SECRET_KEY": "x" * 40,
        "SUPERAPP_APP_URL": settings.app_url,
        "SUPERAPP_VAR": str(settings.var),
        "PYTHONPATH": ":".join(path for path in sys.path if path),
    }
    done = subprocess.run(
        [sys.executable, "-c", WEB],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
