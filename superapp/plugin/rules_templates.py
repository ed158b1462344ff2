"""The rules for a plugin's templates: own place, no inline code, every word translatable."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import jinja2

from superapp.plugin.package import Finding, Package, blanked

WORDS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = ("title", "alt", "placeholder", "aria-label")


def namespace(package: Package) -> Iterator[Finding]:
    """Templates stand in templates/<name>/ and use the host's parts or the plugin's own."""
    root = package.folder / "templates"
    for path, text in package.templates.items():
        if path.relative_to(root).parts[0] != package.name:
            remedy = f"Move it to templates/{package.name}/: another place could replace a page of the host."
            yield Finding("namespace", path, 1, "Stands outside of the plugin's own folder.", remedy)
        for found in re.finditer(r"{%-?\s*(?:extends|include|from|import)\s+[\"']([^\"']+)/", text):
            if found[1].split("/")[0] != package.name:
                line = text.count("\n", 0, found.start()) + 1
                yield Finding(
                    "namespace", path, line, f"Uses {found[1]}/.", "Use your own parts, or the host's."
                )


def inline(package: Package) -> Iterator[Finding]:
    """No inline script, style or handler: the content security policy blocks them."""
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    for path, text in package.templates.items():
        for found in pattern.finditer(blanked(text)):
            line = text.count("\n", 0, found.start()) + 1
            yield Finding(
                "inline", path, line, f"Inline {found[0].strip()!r}.", "Put it into a file of static/."
            )


def words(package: Package) -> Iterator[Finding]:
    """What people read goes through _(), so that it can be translated."""
    for path, text in package.templates.items():
        reader = _Words()
        reader.feed(blanked(text))
        for line, said in reader.found:
            yield Finding(
                "words", path, line, f"{said!r} is not translated.", f'Write {{{{ _("{said}") }}}}.'
            )
    for path, tree in package.modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "flash" and _bare(node.args):
                yield Finding("words", path, node.lineno, "flash() of a bare text.", 'Write flash(_("...")).')


def syntax(package: Package) -> Iterator[Finding]:
    """Templates can be compiled."""
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for path, text in package.templates.items():
        try:
            environment.parse(text)
        except jinja2.TemplateSyntaxError as error:
            yield Finding("syntax", path, error.lineno, str(error.message), "Mend the template.")


def _bare(arguments: list[ast.expr]) -> bool:
    """True when the first argument holds words itself: a text, or an f-string with more than values."""
    parts = getattr(arguments[0], "values", [arguments[0]]) if arguments else []
    return any(isinstance(part, ast.Constant) and WORDS.search(str(part.value)) for part in parts)


class _Words(HTMLParser):
    """Collects text and spoken attributes that people would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style", "code", "kbd"}
        self.found += [
            (self.getpos()[0], value.strip())
            for name, value in attrs
            if name in SPOKEN and value and WORDS.search(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "code", "kbd"} and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent and WORDS.search(data):
            before = data[: len(data) - len(data.lstrip())].count("\n")
            self.found.append((self.getpos()[0] + before, " ".join(data.split())[:60]))
