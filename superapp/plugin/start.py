"""A new plugin from the starter: copied with its name in place, working, with tests that pass."""

from __future__ import annotations

import keyword
import re
import shutil
from pathlib import Path

STARTER = Path(__file__).parent / "starter"
HOME = Path(__file__).parents[2]
TAKEN = frozenset(
    {"core", "jobs", "public", "superapp", "plugins", "tests", "contoh", "meja", "api", "static"}
)
NAME = re.compile(r"[a-z][a-z0-9]{1,29}")
PYPROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "superapp-{name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["superapp"]

[project.entry-points."superapp.plugins"]
{name} = "{name}.plugin"

[tool.setuptools]
packages = ["{name}"]

[tool.setuptools.package-data]
{name} = ["**/*"]
"""


class CannotStart(ValueError):
    """No plugin was made; the message says why and what to do."""


def create(name: str, into: Path | None = None) -> Path:
    """Copy the starter to plugins/NAME of this tree, or to DIR/NAME as a distribution of its own.

    Returns the new folder. Raises CannotStart and leaves nothing behind.
    """
    inside = into is None or into.resolve() == HOME / "plugins"
    target = (HOME / "plugins" if into is None else into.resolve()) / name
    _judge(name, target)
    half = target.with_name(f".{name}.part")
    shutil.rmtree(half, ignore_errors=True)
    try:
        for source in sorted(STARTER.rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                _copy(source, half / _renamed(str(source.relative_to(STARTER)), name), name, inside)
        # The starter itself is no package: nothing of the host may import it.
        (half / "__init__.py").write_text(f'"""{name.capitalize()}: say in one sentence what it gives."""\n')
        half.rename(target)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        raise CannotStart(f"{target} cannot be written: {error.strerror}.") from error
    if inside:
        enter(HOME / "setup.cfg", name)
    elif not (target.parent / "pyproject.toml").exists():
        (target.parent / "pyproject.toml").write_text(PYPROJECT.format(name=name), encoding="utf-8")
    return target


def enter(setup_cfg: Path, name: str) -> bool:
    """Add the plugin's entry point to setup.cfg; False when it is there already."""
    text = setup_cfg.read_text(encoding="utf-8")
    found = re.search(r"(?m)^superapp\.plugins =\n((?:    \S.*\n)*)", text)
    if found is None:
        raise CannotStart(f"{setup_cfg} has no superapp.plugins entry points.")
    line = f"    {name} = plugins.{name}.plugin\n"
    lines = found[1].splitlines(keepends=True)
    if line in lines:
        return False
    changed = text[: found.start(1)] + "".join(sorted([*lines, line])) + text[found.end(1) :]
    setup_cfg.write_text(changed, encoding="utf-8")
    return True


def _judge(name: str, target: Path) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise CannotStart(f"{name!r} is no name: take 2 to 30 lower-case letters and digits, a letter first.")
    if name in TAKEN:
        raise CannotStart(f"{name} is taken by the host; choose another name.")
    if target.exists():
        raise CannotStart(f"{target} is there already; choose another name or remove it.")


def _copy(source: Path, target: Path, name: str, inside: bool) -> None:
    text = source.read_text(encoding="utf-8")
    if not inside:
        text = text.replace("plugins.contoh", "contoh")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_renamed(text, name), encoding="utf-8")


def _renamed(text: str, name: str) -> str:
    return text.replace("contoh", name).replace("Contoh", name.capitalize())
