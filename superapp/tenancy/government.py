"""The part of a government that is no table: its platform row, its host names, its plugins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from superapp.context import Tenant
from superapp.errors import Conflict
from superapp.tenancy import profile
from superapp.tenancy.drift import Change, digest, name_of
from superapp.tenancy.folder import Catalog, Folder
from superapp.tenancy.models import AppliedRow, HostName, TenantRow
from superapp.tenancy.schema import TOML


class Switches(Protocol):
    """What the plugin floor lends: one path to switch plugins and to store their settings."""

    def enable(self, tenant: Tenant, name: str) -> None:
        """Switch on."""

    def disable(self, tenant: Tenant, name: str) -> None:
        """Switch off."""

    def save_settings(self, tenant: Tenant, name: str, data: Mapping[str, Any]) -> object:
        """Judge and store."""

    def seed(self, tenant: Tenant) -> object:
        """Give the tenant the roles that its plugins expect."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every step of one apply needs, and what it will remember of it."""

    folder: Folder
    catalog: Catalog
    switches: Switches
    tenant: Tenant
    opened: Session
    base_domain: str
    overwrite: bool
    today: date
    memory: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def remember(self, file: str, key: tuple[str, ...], unit: Mapping[str, str] | None) -> None:
        """Note what the database now holds for a unit; None forgets it."""
        self.memory[file, name_of(key)] = None if unit is None else digest(unit)

    def store_memory(self) -> None:
        """Write the notes; the next apply tells by them what the desk changed."""
        gone = [place for place, kept in self.memory.items() if kept is None]
        if gone:
            self.opened.execute(delete(AppliedRow).where(tuple_(AppliedRow.file, AppliedRow.key).in_(gone)))
        rows = [
            {"tenant_id": self.tenant.id, "file": file, "key": key, "digest": kept}
            for (file, key), kept in self.memory.items()
            if kept is not None
        ]
        if rows:
            statement = insert(AppliedRow).values(rows)
            self.opened.execute(
                statement.on_conflict_do_update(
                    index_elements=["tenant_id", "file", "key"], set_={"digest": statement.excluded.digest}
                )
            )


def write(job: Job, changes: list[Change]) -> list[Change]:
    """The tenant's row and its host names."""
    units = profile.wanted(job.folder, job.catalog, job.base_domain)
    todo = {
        change.key[0] for change in changes if change.action in {"create", "update"} and len(change.key) == 1
    }
    _refuse_taken(job)
    row = profile.load(job.opened, job.tenant.id).row
    if row is None:
        row = TenantRow(id=job.tenant.id, slug=job.folder.slug, profile={}, theme={})
        job.opened.add(row)
    profile.write_row(row, job.folder, sorted(todo))
    job.opened.flush()
    if "hosts" in todo:
        _write_hosts(job)
    done = [change for change in changes if change.key[0] != "plugins"]
    for change in done:
        if change.action in {"create", "update", "same"}:
            job.remember(TOML, change.key, units[change.key])
    return done


def _write_hosts(job: Job) -> None:
    wanted = profile.hosts_of(job.folder, job.base_domain)
    known = {
        row.host: row
        for row in job.opened.scalars(select(HostName).where(HostName.tenant_id == job.tenant.id))
    }
    for host, row in known.items():
        if host not in wanted:
            job.opened.delete(row)
    for host in wanted:
        if host not in known:
            job.opened.add(HostName(host=host, tenant_id=job.tenant.id, is_primary=host == wanted[0]))
        else:
            known[host].is_primary = host == wanted[0]
    job.opened.flush()


def _refuse_taken(job: Job) -> None:
    """Raise Conflict when the short code or a host name is another government's."""
    code = job.folder.profile["short_code"]
    owner = select(TenantRow.slug).where(TenantRow.short_code == code, TenantRow.id != job.tenant.id)
    if taken := job.opened.scalar(owner):
        raise Conflict(
            f"short_code {code} sudah dipakai oleh {taken}.", "Pilih kode singkat lain di tenant.toml."
        )
    hosts = profile.hosts_of(job.folder, job.base_domain)
    others = select(HostName.host).where(HostName.host.in_(hosts), HostName.tenant_id != job.tenant.id)
    if taken := job.opened.scalar(others):
        raise Conflict(
            f"Nama host {taken} sudah milik pemerintah daerah lain.", "Hapus dari hosts di tenant.toml."
        )


def write_plugins(job: Job, changes: list[Change]) -> list[Change]:
    """Settings first, then switches, each after what it requires; then the roles."""
    mine = {change.key[1]: change for change in changes if change.key[0] == "plugins"}
    for name in _in_order(job.catalog, mine):
        change = mine[name]
        if change.action in {"create", "update"}:
            if given := job.folder.profile.settings.get(name):
                stored = profile.load(job.opened, job.tenant.id).plugins.get(name)
                job.switches.save_settings(job.tenant, name, {**(stored.settings if stored else {}), **given})
            job.switches.enable(job.tenant, name)
    for name in reversed(_in_order(job.catalog, mine)):
        if mine[name].action == "remove":
            job.switches.disable(job.tenant, name)
    job.switches.seed(job.tenant)
    job.opened.expire_all()
    now_there = profile.present(profile.load(job.opened, job.tenant.id), job.catalog)
    for change in mine.values():
        if change.action in {"create", "update", "same"}:
            job.remember(TOML, change.key, now_there[change.key])
        elif change.action == "remove":
            job.remember(TOML, change.key, None)
    return list(mine.values())


def _in_order(catalog: Catalog, names: Mapping[str, Any]) -> list[str]:
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in ordered or name not in names:
            return
        for needed in catalog.requires.get(name, ()):
            visit(needed)
        ordered.append(name)

    for name in sorted(names):
        visit(name)
    return ordered
