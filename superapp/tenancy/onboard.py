"""Bringing a folder into the database: all of it or nothing, and never over what the desk changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from superapp.context import SYSTEM, Tenant, now, platform_scope, tenant_scope
from superapp.db.engine import session
from superapp.db.work import after_commit, work
from superapp.tenancy import calendar, directory, government, profile, resolve, tables
from superapp.tenancy.check import check, key_of
from superapp.tenancy.drift import Change, compare
from superapp.tenancy.files import Finding
from superapp.tenancy.folder import Catalog, Folder
from superapp.tenancy.government import Job, Switches
from superapp.tenancy.models import AppliedRow
from superapp.tenancy.schema import TOML


class Refused(Exception):
    """The folder has findings; nothing was changed."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} findings")


class _Rehearsed(Exception):
    """Rolls a dry run back."""


@dataclass(frozen=True, slots=True)
class Report:
    """What apply did, or would do."""

    slug: str
    created: bool
    dry_run: bool
    hosts: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    moved: tuple[Mapping[str, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """True when something in the database became different."""
        return any(self.counts.get(action) for action in ("create", "update", "remove"))


def apply(
    folder: Folder,
    catalog: Catalog,
    switches: Switches,
    *,
    base_domain: str,
    overwrite: bool = False,
    dry_run: bool = False,
) -> Report:
    """Write the folder in one transaction as superapp_ops; needs an app context and no open scope.

    Raises Refused for a folder with findings and Conflict when another government owns the short
    code or a host name; in both cases, and after a dry run, the database is as before.
    """
    findings = check(folder, catalog)
    if findings:
        raise Refused(findings)
    tenant, created = _tenant_of(folder)
    changes: list[Change] = []
    try:
        with tenant_scope(tenant, SYSTEM, role="ops"), work() as opened:
            # Two applies of one folder wait for each other instead of meeting in a unique key.
            opened.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:slug))"), {"slug": f"tenant:{tenant.slug}"}
            )
            today = now().astimezone(ZoneInfo(tenant.timezone)).date()
            job = Job(folder, catalog, switches, tenant, opened, base_domain, overwrite, today)
            changes += _write(job)
            resolve.touch(opened)
            after_commit(forget)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        forget()
    counts = Counter(change.action for change in changes)
    return Report(
        folder.slug,
        created,
        dry_run,
        tuple(profile.hosts_of(folder, base_domain)),
        tuple(change for change in changes if change.action not in {"same", "ended"}),
        tuple(profile.theme_stored(folder)["moved"]),
        {action: counts[action] for action in counts},
    )


def differences(folder: Folder, catalog: Catalog, *, base_domain: str) -> list[Change]:
    """What apply would meet, unit by unit, without writing; empty when folder and database agree.

    Raises Refused for a folder with findings. Needs an app context and no open scope.
    """
    if findings := check(folder, catalog):
        raise Refused(findings)
    found = resolve.by_slug(folder.slug, fresh=True)
    if found is None:
        return [Change(TOML, ("identity",), "create")]
    with tenant_scope(found, SYSTEM, role="ops"):
        opened = session()
        today = datetime.now(ZoneInfo(found.timezone)).date()
        changes = _compare_all(folder, catalog, opened, found.id, base_domain, False, today)
        opened.rollback()
    return [change for change in changes if change.action not in {"same", "ended"}]


def forget() -> None:
    """Drop this process's copies of what was just changed."""
    for cache in (resolve, directory, calendar):
        cache.forget()


def _tenant_of(folder: Folder) -> tuple[Tenant, bool]:
    """The tenant that the folder means; one that is new gets its id before its scope opens."""
    known = resolve.by_slug(folder.slug, fresh=True)
    if known is not None:
        return replace(known, timezone=folder.profile["timezone"]), False
    with platform_scope("draw a tenant's id", role="ops"):
        number = session().execute(text("SELECT nextval('core.tenant_id_seq')")).scalar_one()
        session().rollback()
    values = folder.profile
    made = Tenant(
        number, values["slug"], values["name"], values["short_code"], values["timezone"], values["locale"]
    )
    return made, True


def _compare_all(
    folder: Folder,
    catalog: Catalog,
    opened: Session,
    tenant_id: int,
    base_domain: str,
    overwrite: bool,
    today: date,
) -> list[Change]:
    applied = _applied(opened)
    here = profile.present(profile.load(opened, tenant_id), catalog)
    there = profile.wanted(folder, catalog, base_domain)
    changes = list(compare(TOML, there, here, applied.get(TOML, {}), overwrite=overwrite))
    stored = tables.read(opened, folder.files)
    for file in folder.files:
        if file.name in folder.tables:
            units = {key_of(file, row): tables.unit_of_row(file, row) for row in folder.tables[file.name]}
            table = stored[file.name]
            last = applied.get(file.name, {})
            ended = table.ended(today)
            changes += compare(file.name, units, table.units, last, overwrite=overwrite, ended=ended)
    return changes


def _write(job: Job) -> list[Change]:
    folder, opened = job.folder, job.opened
    changes = _compare_all(
        folder, job.catalog, opened, job.tenant.id, job.base_domain, job.overwrite, job.today
    )
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    done = government.write(job, by_file.get(TOML, []))
    stored = tables.read(opened, folder.files)
    for file in folder.files:
        wanted = {key_of(file, row): row for row in folder.tables.get(file.name, ())}
        todo = [wanted[c.key] for c in by_file.get(file.name, []) if c.action in {"create", "update"}]
        tables.put(opened, stored, file, todo)
    # The other way round: what refers goes before what is referred to.
    for file in reversed(folder.files):
        wanted_rows = folder.tables.get(file.name, ())
        units = {key_of(file, row): tables.unit_of_row(file, row) for row in wanted_rows}
        living = frozenset(tuple(unit[name] for name in file.subject) for unit in units.values())
        for change in by_file.get(file.name, []):
            done.append(_settle(job, change, stored[file.name], units, living))
    done += government.write_plugins(job, by_file.get(TOML, []))
    job.store_memory()
    return done


def _settle(
    job: Job,
    change: Change,
    stored: tables.Stored,
    units: Mapping[tables.Key, Mapping[str, str]],
    living: Any,
) -> Change:
    """Remove what left the folder, and remember what the database now holds for this unit."""
    if change.action == "remove":
        word = tables.remove(job.opened, stored, change.key, job.today, living)
        if word.startswith("tetap"):
            return replace(change, action="kept", reason=word)
        # An ended row is still apply's own: should the folder name it again, it comes back.
        job.remember(change.file, change.key, stored.units.get(change.key))
        return replace(change, reason=word)
    if change.action in {"create", "update", "same"}:
        job.remember(change.file, change.key, units[change.key])
    return change


def _applied(opened: Session) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in opened.scalars(select(AppliedRow)):
        found.setdefault(row.file, {})[row.key] = row.digest
    return found
