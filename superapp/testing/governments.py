"""Two governments for tests, made from one folder: the same codes, but the second's texts carry a token."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from flask import Flask

from superapp.context import Tenant
from superapp.tenancy import resolve

DEFAULT = Path(__file__).parent / "government"
SLUGS = ("uji-a", "uji-b")
TOKEN = "KANARIB"
# What people read. Codes, dates and numbers stay the same in both, which is the point.
WORDS = frozenset("name short_name group question advice reason document evidence source examples".split())


def write_pair(source: Path, target: Path, known: frozenset[str]) -> list[Path]:
    """Writes both folders below `target`; of the CSV files only those that an installed plugin reads."""
    folders = []
    for slug in SLUGS:
        folder = target / slug
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.csv", "*.toml"))
        toml = (source / "tenant.toml").read_text(encoding="utf-8")
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


def bring_in(app: Flask, source: Path, target: Path) -> None:
    """Interim."""
    from superapp.context import platform_scope, tenant_scope
    from superapp.db.engine import session
    from superapp.db.work import work
    from superapp.plugin.registry import registry
    from superapp.tenancy.host_files import AGENCIES, AREAS
    from superapp.tenancy.models import Agency, Area, HostName, TenantPlugin, TenantRow

    with app.app_context():
        for folder in write_pair(source, target, frozenset()):
            slug = folder.name
            with platform_scope("x", role="ops"), work() as s:
                row = TenantRow(
                    slug=slug,
                    name="Kota Uji" if slug == "uji-a" else f"Kota {TOKEN}",
                    short_code="UJI" if slug == "uji-a" else "UJB",
                    timezone="Asia/Makassar",
                    region_code="51.71",
                )
                s.add(row)
                s.flush()
                s.add(HostName(host=f"{slug}.localhost", tenant_id=row.id, is_primary=True))
            resolve.forget()
            t = resolve.by_slug(slug)
            assert t
            mark = (lambda x: x) if slug == "uji-a" else (lambda x: f"{x} {TOKEN}")
            with tenant_scope(t), work() as s:
                for r in csv.DictReader((source / "agencies.csv").open()):
                    s.add(
                        Agency(
                            code=r["code"],
                            name=mark(r["name"]),
                            short_name=mark(r["short_name"]),
                            kind=r["kind"],
                            is_external=r["external"] == "ya",
                        )
                    )
                s.flush()
                for r in sorted(csv.DictReader((source / "areas.csv").open()), key=lambda r: r["code"]):
                    s.add(
                        Area(
                            code=r["code"],
                            name=mark(r["name"]),
                            level=r["level"],
                            parent_code=r["parent"] or None,
                            lat=float(r["lat"]),
                            lng=float(r["lng"]),
                            source=r["source"],
                        )
                    )
                    s.flush()
                for n in registry().names():
                    s.add(TenantPlugin(name=n, enabled=True, settings={}))
        resolve.forget()
