"""Plugins made in a test: a folder with a manifest, and a module with hooks."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from superapp.plugin.hookspecs import hookimpl

MANIFEST = 'name = "{name}"\ntitle = "{name}"\napi = "{api}"\nrequires = [{requires}]\n'


def plugin(
    folder: Path, name: str, *, requires: str = "", api: str = ">=1.0,<2", **hooks: Callable[..., object]
) -> tuple[str, Callable[[], ModuleType]]:
    """An entry as registry.discover() finds it; `hooks` are implementations by name."""
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    needs = ", ".join(f'"{one}"' for one in requires.split())
    (home / "manifest.toml").write_text(MANIFEST.format(name=name, api=api, requires=needs), encoding="utf-8")
    module = ModuleType(f"made_{name}")
    module.__file__ = str(home / "plugin.py")
    for hook, function in hooks.items():
        setattr(module, hook, hookimpl(function))
    return name, lambda: module
