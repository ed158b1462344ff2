"""What the demo brings in: the database, the tenants' folders, sample officers, generated complaints."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from superapp.demo_children import DemoError

if TYPE_CHECKING:
    from flask import Flask
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from superapp.context import Tenant

# Whose liaison a first look needs: the office of roads, and the one of waste.
LIAISONS = ("Pekerjaan Umum", "Lingkungan Hidup")


@dataclass(frozen=True, slots=True)
class SampleOfficer:
    """A made-up account of the demo; it carries a role's name, never a person's."""

    login: str
    password: str
    name: str
    role: str
    place: str = ""


@dataclass(slots=True)
class State:
    """What earlier starts did, kept in var/demo.json: folder digests and the officers' passwords."""

    path: Path
    applied: dict[str, str] = field(default_factory=dict)
    officers: dict[str, list[SampleOfficer]] = field(default_factory=dict)

    @classmethod
    def read(cls, var: Path) -> State:
        """Reads var/demo.json; what is missing or broken is as if nothing had been done."""
        path = var / "demo.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            officers = {s: [SampleOfficer(**o) for o in rows] for s, rows in known["officers"].items()}
            return cls(path, dict(known["applied"]), officers)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path)

    def write(self) -> None:
        """Keeps it, readable by its owner only."""
        officers = {slug: [asdict(officer) for officer in rows] for slug, rows in self.officers.items()}
        _write_private(self.path, json.dumps({"applied": self.applied, "officers": officers}, indent=1))


def prepare(admin_url: str, var: Path, port: int) -> str:
    """Brings the database to the newest state and puts the settings into the environment and var/demo.env."""
    from superapp.db import migrate
    from superapp.plugin import registry

    key = _secret_key(var / "secret.key")
    parts = registry.migrated(registry.build(registry.discover()))
    try:
        urls = migrate.prepare(admin_url, key, plugins=parts)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DemoError(
            f"DATABASE_URL must name a role that may create roles and databases: {error}"
        ) from error
    settings = {
        "SUPERAPP_ENV": "development",
        "SUPERAPP_SECRET_KEY": key,
        "SUPERAPP_APP_URL": urls.app,
        "SUPERAPP_OPS_URL": urls.ops,
        "SUPERAPP_OWNER_URL": urls.owner,
        "SUPERAPP_VAR": str(var),
        "SUPERAPP_BASE_DOMAIN": "localhost",
        "SUPERAPP_PORT": str(port),
    }
    os.environ.update(settings)
    _write_private(
        var / "demo.env", "".join(f"export {name}='{value}'\n" for name, value in settings.items())
    )
    return f"up to date: core{''.join(f', {part.schema}' for part in parts)}"


def _secret_key(path: Path) -> str:
    try:
        known = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        known = ""
    if len(known) < 32:
        known = secrets.token_hex(32)
        _write_private(path, known + "\n")
    return known


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
    fresh.replace(path)


def changed_tenants(tenants: Path, state: State) -> list[Path]:
    """Folders whose contents are not what an earlier start applied, or which the database does not know."""
    folders = [
        f for f in sorted(tenants.iterdir()) if (f / "tenant.toml").is_file() and f.name[0] not in "._"
    ]
    if not folders:
        raise DemoError(f"{tenants} holds no tenant: copy tenants/_example to begin with one.")
    with psycopg.connect(os.environ["SUPERAPP_OPS_URL"]) as link:
        known = {slug for (slug,) in link.execute("SELECT slug FROM core.tenant")}
    # An officer's password that is kept nowhere is of no use: make them anew.
    return [
        f
        for f in folders
        if f.name not in known & set(state.officers) or state.applied.get(f.name) != digest(f)
    ]


def digest(folder: Path) -> str:
    """Changes when any file of the folder does."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".mo"):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def bring_in(changed: Iterable[Path], state: State) -> str:
    """Applies the folders, each in one transaction. Raises DemoError naming file, line and remedy."""
    from superapp.errors import AppError
    from superapp.plugin import onboarding
    from superapp.tenancy.onboard import Refused

    notes = []
    for folder in changed:
        mark = digest(folder)
        with _app().app_context():
            try:
                report = onboarding.bring_in(folder)
            except Refused as refused:
                found = "".join(f"\n  {folder.name}/{finding}" for finding in refused.findings)
                raise DemoError(f"Tenant {folder.name} cannot be brought in:{found}") from refused
            except AppError as error:
                raise DemoError(f"Tenant {folder.name} cannot be brought in: {error}") from error
        state.applied[folder.name] = mark
        notes.append(f"{folder.name}: {'created' if report.created else 'updated'}")
    state.write()
    return ", ".join(notes)


def ensure_officers(changed: Iterable[Path], state: State) -> str:
    """One officer a role in each changed tenant, with the passwords of an earlier start if there was one."""
    from superapp.context import SYSTEM, tenant_scope

    for folder in changed:
        tenant = _tenant(folder.name)
        with _app().app_context(), tenant_scope(tenant, SYSTEM):
            state.officers[folder.name] = _officers(state.officers.get(folder.name, []))
    state.write()
    return ", ".join(f"{folder.name}: {len(state.officers[folder.name])}" for folder in changed)


def _officers(before: list[SampleOfficer]) -> list[SampleOfficer]:
    from superapp.identity import officers, passwords, roles
    from superapp.tenancy import directory

    agencies = [agency for agency in directory.agencies().values() if not agency.is_external]
    villages = [area for area in directory.areas().values() if area.level != "kecamatan"]
    wanted: list[tuple[str, str, str | None, str | None, str]] = [
        ("koordinator", "coordinator", None, None, ""),
        ("pimpinan", "leader", None, None, ""),
        ("admin", "admin", None, None, ""),
    ]
    for words in LIAISONS:
        office = next((agency for agency in agencies if words in agency.name), None)
        if office:
            wanted.append(
                (f"penghubung.{office.code.lower()}", "liaison", office.code, None, office.short_name)
            )
    if villages:
        first = min(villages, key=lambda area: area.code)
        wanted.append((f"operator.{first.code}", "operator", None, first.code, first.name))
    passwords_before = {officer.login: officer.password for officer in before}
    made = []
    for login, role, agency_code, area_code, place in wanted:
        password = passwords_before.get(login) or passwords.generate()
        name = f"{roles.ROLES[role]} {place}".strip()
        officers.ensure_officer(login, name, role, agency_code, area_code, password, second_factor=False)
        made.append(SampleOfficer(login, password, name, roles.ROLES[role], place))
    return made


def bring_in_samples(number: int, slugs: Iterable[str], console: Console) -> None:
    """Has each plugin that offers samples bring in `number` of them for each tenant, with a progress bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from superapp.context import SYSTEM, tenant_scope
    from superapp.plugin.hookspecs import superapp_demo_data
    from superapp.plugin.registry import registry

    app = _app()
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with app.app_context(), Progress(*columns, console=console) as progress:
        loaders = list(registry().collect(superapp_demo_data))
        for slug in slugs:
            tenant = _tenant(slug)
            for loader in loaders:
                if loader.plugin in tenant.enabled:
                    bar = progress.add_task(f"Samples for {tenant.name}", total=number)
                    with tenant_scope(tenant, SYSTEM):
                        loader.value(tenant, number, _reporter(progress, bar))


def _reporter(progress: Progress, bar: TaskID) -> Callable[[int], None]:
    return lambda done: progress.update(bar, completed=done)


def _tenant(slug: str) -> Tenant:
    from superapp.tenancy import resolve

    with _app().app_context():
        tenant = resolve.by_slug(slug, fresh=True)
    if tenant is None:
        raise DemoError(f"Tenant {slug} was brought in but is not found.")
    return tenant


@cache
def _app() -> Flask:
    """The application for the steps that need it; a start where nothing changed makes none."""
    import logging

    from superapp.app import create_app

    app = create_app()
    logging.getLogger().setLevel(logging.ERROR)
    return app
