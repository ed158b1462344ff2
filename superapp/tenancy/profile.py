"""tenant.toml as units: who the government is, how it looks, where it answers, which plugins are on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from superapp.tenancy.check import drawing_of, theme_of
from superapp.tenancy.drawings import BUILT_IN
from superapp.tenancy.drift import digest
from superapp.tenancy.folder import Catalog, Folder
from superapp.tenancy.models import HostName, TenantPlugin, TenantRow
from superapp.tenancy.schema import FIELDS

IDENTITY = ("name", "short_code", "region_code", "timezone", "locale")
LOOK = tuple(column.name.removeprefix("look.") for column in FIELDS if column.name.startswith("look."))
CONTACT = tuple(
    column.name.removeprefix("contact.") for column in FIELDS if column.name.startswith("contact.")
)
Units = dict[tuple[str, ...], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """A government's platform part as the database has it."""

    row: TenantRow | None
    hosts: tuple[str, ...]  # the primary one first
    plugins: Mapping[str, TenantPlugin]


def load(opened: Session, tenant_id: int) -> Parts:
    """Read it in the tenant's scope."""
    hosts = select(HostName.host).where(HostName.tenant_id == tenant_id)
    return Parts(
        opened.scalars(select(TenantRow).where(TenantRow.id == tenant_id)).one_or_none(),
        tuple(opened.scalars(hosts.order_by(HostName.is_primary.desc(), HostName.host))),
        {row.name: row for row in opened.scalars(select(TenantPlugin))},
    )


def wanted(folder: Folder, catalog: Catalog, base_domain: str) -> Units:
    """The units that the folder asks for."""
    profile = folder.profile
    theme = theme_stored(folder)
    units: Units = {
        ("identity",): {name: profile[name] for name in IDENTITY},
        ("look",): {name: profile[f"look.{name}"] for name in LOOK} | {"theme": _theme_digest(theme)},
        ("contact",): {name: profile[f"contact.{name}"] for name in CONTACT},
        ("hosts",): {"hosts": "|".join(hosts_of(folder, base_domain))},
    }
    for name in profile["plugins"]:
        given = settings_text(catalog.schemas.get(name), profile.settings.get(name, {}))
        units["plugins", name] = {"settings": given}
    return units


def present(parts: Parts, catalog: Catalog) -> Units:
    """The same units as the database has them; none for a government that is not there yet."""
    if parts.row is None:
        return {}
    profile = parts.row.profile
    look, contact = profile.get("look", {}), profile.get("contact", {})
    units: Units = {
        ("identity",): {name: getattr(parts.row, name) for name in IDENTITY},
        ("look",): {name: look.get(name, "") for name in LOOK} | {"theme": _theme_digest(parts.row.theme)},
        ("contact",): {name: contact.get(name, "") for name in CONTACT},
        ("hosts",): {"hosts": "|".join([*parts.hosts[:1], *sorted(parts.hosts[1:])])},
    }
    for name, row in parts.plugins.items():
        if row.enabled:
            units["plugins", name] = {"settings": settings_text(catalog.schemas.get(name), row.settings)}
    return units


def theme_stored(folder: Folder) -> dict[str, Any]:
    """What `core.tenant.theme` holds: derived colours, own drawings, the emergency number."""
    theme = theme_of(folder).stored()
    for role in BUILT_IN:
        theme[role] = folder.profile[f"look.{role}"]
        drawn = drawing_of(folder, role)
        if drawn is not None:
            theme["light"] = theme["light"] | {role: drawn}
    return theme | {"emergency": folder.profile["contact.emergency"]}


def hosts_of(folder: Folder, base_domain: str) -> list[str]:
    """Its host names, the primary one first: `<slug>.<base_domain>`, then those it names itself."""
    own = f"{folder.profile['slug']}.{base_domain}"
    return [own, *sorted(set(folder.profile["hosts"]) - {own})]


def settings_text(schema: type[Schema] | None, given: Mapping[str, Any]) -> str:
    """Settings as comparable text: defaults filled in, secrets left out."""
    return json.dumps(settings_open(schema, given), sort_keys=True, ensure_ascii=False)


def settings_open(schema: type[Schema] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that may be seen and written to a folder, defaults filled in."""
    if schema is None:
        return {}
    made = schema()
    open_fields = {
        name for name, field in made.fields.items() if not (field.load_only or field.metadata.get("secret"))
    }
    known = {name: value for name, value in given.items() if name in open_fields}
    dumped = made.dump(made.load(known, partial=True))
    defaults = {name: made.fields[name].load_default for name in open_fields}
    filled = {name: value() if callable(value) else value for name, value in defaults.items()}
    return {
        name: dumped.get(name, filled[name])
        for name in sorted(open_fields)
        if _plain(dumped.get(name, filled[name]))
    }


def write_row(row: TenantRow, folder: Folder, parts: Sequence[str]) -> None:
    """Take these parts (identity, look, contact) over into the tenant's row."""
    profile = folder.profile
    if "identity" in parts:
        for name in IDENTITY:
            setattr(row, name, profile[name])
    kept = dict(row.profile or {})
    for part, names in (("look", LOOK), ("contact", CONTACT)):
        if part in parts:
            kept[part] = {name: profile[f"{part}.{name}"] for name in names}
    row.profile = kept
    if "look" in parts:
        row.theme = theme_stored(folder)
    if "contact" in parts:
        row.theme = {**(row.theme or {}), "emergency": profile["contact.emergency"]}


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list | dict)


def _theme_digest(theme: Mapping[str, Any]) -> str:
    return digest({name: json.dumps(theme.get(name, {}), sort_keys=True) for name in ("light", "dark")})[:12]
