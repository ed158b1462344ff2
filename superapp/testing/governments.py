"""Two governments for tests, made from one folder: the same codes, but the second's texts carry a token."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

from flask import Flask

from superapp.context import Tenant
from superapp.tenancy import resolve
from superapp.tenancy.folder import Catalog
from superapp.tenancy.onboard import Refused

DEFAULT = Path(__file__).parent / "government"
SLUGS = ("uji-a", "uji-b")
TOKEN = "KANARIB"  # noqa: S105 - a word to look for, no secret
# What people read. Codes, dates and numbers stay the same in both, which is the point.
WORDS = frozenset(
    [
        "name",
        "short_name",
        "group",
        "question",
        "advice",
        "reason",
        "document",
        "evidence",
        "source",
        "label",
        "help",
        "options",
        "title",
        "rule",
        "remedy",
        "examples",
    ]
)


def bring_in(app: Flask, source: Path, target: Path) -> None:
    """Applies both folders as any government's, with every plugin that they hold the tables of."""
    from superapp.plugin import onboarding
    from superapp.plugin.registry import registry

    with app.app_context():
        catalog = onboarding.catalog(registry())
        names = _served(source, catalog)
        known = {file.name for file in catalog.files_for(names)}
        for folder in write_pair(source, target, names, known):
            try:
                onboarding.bring_in(folder)
            except Refused as refused:
                found = "; ".join(str(finding) for finding in refused.findings)
                raise AssertionError(f"{source} cannot be brought in: {found}") from refused


def _served(source: Path, catalog: Catalog) -> list[str]:
    """Working plugins whose tables are in the folder, and what they require too; in their fixed order."""
    names: list[str] = []
    for name, requires in catalog.requires.items():
        tables = [file for file in catalog.files.get(name, ()) if file.required]
        if all((source / file.name).exists() for file in tables) and set(requires) <= set(names):
            names.append(name)
    return names


def write_pair(source: Path, target: Path, plugins: list[str], known: set[str]) -> list[Path]:
    """Writes both folders below `target` with these plugins; of the CSV files only the `known` ones."""
    folders = []
    for slug in SLUGS:
        folder = target / slug
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.csv", "*.toml"))
        toml = (source / "tenant.toml").read_text(encoding="utf-8")
        toml = re.sub(r"(?m)^plugins = .*$", f"plugins = {json.dumps(plugins)}", toml)
        if slug != SLUGS[0]:
            toml = toml.replace(SLUGS[0], slug).replace("Kota Uji", f"Kota {TOKEN}")
            toml = toml.replace('short_code = "UJI"', 'short_code = "UJB"')
        (folder / "tenant.toml").write_text(toml, encoding="utf-8")
        for table in source.glob("*.csv"):
            if table.name in known:
                text = table.read_text(encoding="utf-8")
                (folder / table.name).write_text(
                    text if slug == SLUGS[0] else _marked(text), encoding="utf-8"
                )
        folders.append(folder)
    return folders


def read_pair(app: Flask) -> tuple[Tenant, Tenant]:
    """Both tenants as the host resolves them."""
    with app.app_context():
        first, second = (resolve.by_slug(slug, fresh=True) for slug in SLUGS)
    assert first is not None and second is not None
    return first, second


def _marked(table: str) -> str:
    """The same table with the token in each text for people."""
    rows = list(csv.DictReader(io.StringIO(table)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: f"{v} {TOKEN}" if v and k in WORDS else v for k, v in row.items()})
    return out.getvalue()
