"""What the demo brings in: the tenants' folders, sample officers, generated complaints."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from superapp.demo_children import DemoError
from superapp.demo_state import SampleOfficer, State

if TYPE_CHECKING:
    from flask import Flask
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from superapp.context import Tenant

# Whose liaison a first look needs: the office of roads, and the one of waste.
LIAISONS = ("Pekerjaan Umum", "Lingkungan Hidup")


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
        ("pemeriksa", "auditor", None, None, ""),
    ]
    inspectorate = next((agency for agency in agencies if agency.kind == "inspektorat"), None)
    if inspectorate:
        wanted.append(("inspektorat", "inspector", inspectorate.code, None, ""))
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
