"""A plugin's folder as its rules see it: sources and templates read once, never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

VIEWS = re.compile(r"(citizen|desk|api)(_\w+)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and what to do. `line` counts from 1."""

    rule: str
    file: Path
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} {self.remedy} [{self.rule}]"


@dataclass(frozen=True)
class Package:
    """A plugin's folder, read once. `name` is the folder's."""

    folder: Path

    @property
    def name(self) -> str:
        """The plugin's name, as its folder says it."""
        return self.folder.name

    @cached_property
    def modules(self) -> dict[Path, ast.Module]:
        """The syntax trees of the plugin's own modules, without tests and migrations."""
        return {
            path: ast.parse(path.read_text(encoding="utf-8"), str(path))
            for path in sorted(self.folder.rglob("*.py"))
            if not {"tests", "migrations"} & set(path.relative_to(self.folder).parts)
        }

    @cached_property
    def views(self) -> dict[Path, ast.Module]:
        """The modules that answer requests: citizen, desk, api and those named after them."""
        return {
            p: t for p, t in self.modules.items() if VIEWS.fullmatch(p.stem) or VIEWS.fullmatch(p.parent.name)
        }

    @cached_property
    def templates(self) -> dict[Path, str]:
        """The plugin's HTML templates with their text."""
        folder = self.folder / "templates"
        return {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}


Rule = Callable[[Package], Iterator[Finding]]


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of each absolute import; `from plugins.x import y` counts as plugins.x.y."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            if node.module in {"superapp", "plugins", "urllib", "http"} or (
                node.module.startswith("plugins.") and node.module.count(".") == 1
            ):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def blanked(text: str) -> str:
    """A template without its Jinja parts; line numbers stay."""
    return re.sub(
        r"{#.*?#}|{%.*?%}|{{.*?}}", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL
    )
