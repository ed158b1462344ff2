"""Writing a folder from the database: checking it finds nothing, applying it changes nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.engine import session
from superapp.errors import Conflict
from superapp.tenancy import profile, schema, tables
from superapp.tenancy.drawings import BUILT_IN
from superapp.tenancy.files import TenantFile
from superapp.tenancy.folder import Catalog
from superapp.tenancy.schema import FIELDS, TOML

DATA_URL = 'url("data:image/svg+xml,'


def export(tenant: Tenant, catalog: Catalog, target: Path, *, base_domain: str) -> list[str]:
    """Write the tenant's folder to `target`, which must be new or empty; returns the file names.

    Secret settings stay out. Raises Conflict when something is there already.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(f"{target} sudah berisi.", "Sebut folder yang baru atau kosong.")
    with tenant_scope(tenant, SYSTEM, role="ops"):
        files = _texts(tenant, catalog, base_domain)
        session().rollback()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        for name, text in files.items():
            path = Path(made) / "folder" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        if target.exists():
            target.rmdir()
        (Path(made) / "folder").replace(target)
    return sorted(files)


def _texts(tenant: Tenant, catalog: Catalog, base_domain: str) -> dict[str, str]:
    parts = profile.load(session(), tenant.id)
    values = _values(parts, f"{tenant.slug}.{base_domain}")
    settings = {
        name: profile.settings_open(catalog.schemas.get(name), parts.plugins[name].settings)
        for name in values["plugins"]
        if parts.plugins[name].settings
    }
    files = {TOML: schema.write(values, settings)}
    for role in BUILT_IN:
        drawn = (parts.row.theme if parts.row else {}).get("light", {}).get(role, "")
        if drawn.startswith(DATA_URL):
            files[f"static/{values[f'look.{role}']}"] = unquote(drawn[len(DATA_URL) : -2]) + "\n"
    declared = catalog.files_for(values["plugins"])
    for name, stored in tables.read(session(), declared).items():
        if stored.units or stored.file.required:
            files[name] = _csv(stored.file, stored.units)
    return files


def _values(parts: profile.Parts, own_host: str) -> dict[str, Any]:
    row = parts.row
    if row is None:
        raise Conflict("Pemerintah daerah ini baru saja dihapus.")
    values: dict[str, Any] = {"slug": row.slug} | {name: getattr(row, name) for name in profile.IDENTITY}
    values["hosts"] = sorted(host for host in parts.hosts if host != own_host)
    values["plugins"] = sorted(name for name, plugin in parts.plugins.items() if plugin.enabled)
    for column in FIELDS:
        group, _, name = column.name.partition(".")
        if name:
            values[column.name] = row.profile.get(group, {}).get(name, "")
    return values


def _csv(file: TenantFile, units: Mapping[tables.Key, Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in file.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(unit for _, unit in sorted(units.items()))
    return out.getvalue()
