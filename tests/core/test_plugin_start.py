"""superapp plugin new | list | docs and superapp check, as an author runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from superapp import cli_plugin
from superapp.cli import main
from superapp.plugin import start

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.output


def test_a_new_plugin_works_and_its_tests_pass(tmp_path: Path) -> None:
    code, said = run("plugin", "new", "taman", "--into", str(tmp_path))
    assert code == 0 and "taman" in said
    left = [p for p in tmp_path.rglob("*") if p.is_file() and "contoh" in (str(p) + p.read_text()).lower()]
    assert left == []
    info = tmp_path / "superapp_taman-0.1.0.dist-info"  # what an installer leaves behind
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: superapp-taman\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[superapp.plugins]\ntaman = taman.plugin\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "taman/tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize(
    "name", ["Taman", "1taman", "a", "ta-man", "ta_man", "class", "core", "../x", "x" * 31, "tämän", ""]
)
def test_a_name_that_cannot_be_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    code, said = run("plugin", "new", name, "--into", str(tmp_path))
    assert code == 1 and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "taman").mkdir()
    code, said = run("plugin", "new", "taman", "--into", str(tmp_path))
    assert code == 1 and "there already" in said
    assert run("plugin", "new", "berita")[0] == 1
    assert list((tmp_path / "taman").iterdir()) == []


def test_in_this_tree_the_entry_point_is_added_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "setup.cfg").write_text((ROOT / "setup.cfg").read_text())
    monkeypatch.setattr(start, "HOME", tmp_path)
    folder = start.create("cuaca")
    assert folder == tmp_path / "plugins" / "cuaca"
    assert "from plugins.cuaca import service" in (folder / "citizen.py").read_text()
    text = (tmp_path / "setup.cfg").read_text()
    lines = text.split("superapp.plugins =\n")[1].split("pytest11")[0].splitlines()
    assert "    cuaca = plugins.cuaca.plugin" in lines and lines == sorted(lines)
    assert start.enter(tmp_path / "setup.cfg", "cuaca") is False
    assert (tmp_path / "setup.cfg").read_text() == text


def test_list_names_version_range_and_state() -> None:
    code, said = run("plugin", "list", "--json")
    rows = {row["name"]: row for row in json.loads(said[said.index("[") :])}
    assert code == 0 and {"berita", "lapor", "surel"} <= set(rows)
    assert rows["berita"]["state"] == "working" and rows["berita"]["api"] == ">=1.0,<2"


def test_docs_print_one_hook_or_all() -> None:
    code, said = run("plugin", "docs", "superapp_home_tiles")
    assert code == 0 and "mode: ask" in said and "example:" in said and "superapp_event" not in said
    assert "lapor_route" in run("plugin", "docs")[1]
    code, said = run("plugin", "docs", "tidak_ada")
    assert code == 1 and "tidak_ada" in said


def test_check_fails_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = start.create("taman", tmp_path)
    view = folder / "citizen.py"
    view.write_text(view.read_text().replace("@public\n", ""))
    monkeypatch.setattr(cli_plugin, "folders", lambda: {"taman": folder})
    monkeypatch.setattr(cli_plugin, "_folders", lambda: [])
    code, said = run("check", "--json")
    (found,) = json.loads(said[said.index("[") :])
    assert code == 1 and found["rule"] == "endpoints" and found["file"].endswith("citizen.py")
    assert view.read_text().splitlines()[found["line"] - 1].startswith("def index")


def test_check_names_a_quarantined_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    from superapp.plugin import registry

    def broken() -> None:
        raise RuntimeError("broken on purpose")

    found = registry.discover()
    monkeypatch.setattr(registry, "discover", lambda: [*found, ("rusak", broken)])
    monkeypatch.setattr(cli_plugin, "_folders", lambda: [])
    code, said = run("check")
    assert code == 1 and "rusak is quarantined" in said and "broken on purpose" in said
