"""superapp tenant list | check | apply | diff | export | holidays: governments as folders of data."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from superapp import cli_days
from superapp.errors import NotFound
from superapp.tenancy.files import Finding
from superapp.tenancy.folder import Folder

TENANTS = Path(__file__).parents[1] / "tenants"
as_json = click.option("--json", "json_out", is_flag=True, help="Answer as JSON.")
from_root = click.option(
    "--tenants",
    "root",
    type=click.Path(path_type=Path),
    envvar="SUPERAPP_TENANTS",
    default=TENANTS,
    show_default=True,
    help="Where the folders are.",
)


@click.group("tenant")
def group() -> None:
    """Bring governments in from folders, see what differs, and write folders back."""


@group.command("list")
@as_json
def list_(json_out: bool) -> None:
    """List the governments on this host."""
    from superapp.cli import app
    from superapp.tenancy import resolve

    with app().app_context():
        found = [resolve.by_slug(slug) for slug in resolve.slugs(live=False)]
    rows = [
        {
            "slug": tenant.slug,
            "name": tenant.name,
            "host": tenant.host,
            "status": tenant.status,
            "plugins": sorted(tenant.enabled),
        }
        for tenant in found
        if tenant is not None
    ]
    if json_out:
        _print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['slug']:<16}{row['status']:<11}{row['host']}  {', '.join(row['plugins'])}")
    if not rows:
        click.echo("belum ada; superapp tenant apply <slug>")


@group.command()
@click.argument("which", nargs=-1)
@from_root
@as_json
def check(which: Sequence[str], root: Path, json_out: bool) -> None:
    """Judge folders without a database; WHICH are slugs or paths, all of them when none is given."""
    from superapp.tenancy import check as judge

    known = _offline_catalog()
    folders = _folders(which, root, known, examples=True)
    found = [(folder, finding) for folder in folders for finding in judge.check(folder, known)]
    found += judge.together(folders)
    warned = [(folder, finding) for folder in folders for finding in judge.warnings(folder)]
    _print_found(found, json_out, warned)
    if not found and not json_out:
        click.echo(f"{len(folders)} folder benar: {', '.join(folder.slug for folder in folders)}")
    sys.exit(1 if found else 0)


@group.command()
@click.argument("which", nargs=-1)
@from_root
@click.option("--dry-run", is_flag=True, help="Do everything, then roll it back.")
@click.option("--overwrite", is_flag=True, help="Take the folder's values over what the desk changed.")
@as_json
def apply(which: Sequence[str], root: Path, dry_run: bool, overwrite: bool, json_out: bool) -> None:
    """Bring folders into the database, each in one transaction; nothing is written with a finding."""
    from superapp.cli import app
    from superapp.plugin import onboarding
    from superapp.plugin.registry import registry
    from superapp.tenancy import check as judge

    with app().app_context():
        known = onboarding.catalog(registry())
        folders = _folders(which, root, known, examples=False)
        found = [(folder, finding) for folder in folders for finding in judge.check(folder, known)]
        found += judge.together(folders)
        if found:
            _print_found(found, json_out)
            sys.exit(1)
        reports = [onboarding.bring_in(f.path, overwrite=overwrite, dry_run=dry_run) for f in folders]
    if json_out:
        _print_json([{**asdict(r), "changes": [c.as_json() for c in r.changes]} for r in reports])
        return
    for report in reports:
        _print_report(report)


@group.command()
@click.argument("which", nargs=-1)
@from_root
@as_json
def diff(which: Sequence[str], root: Path, json_out: bool) -> None:
    """Show where folders and the database differ, and what apply would do; exit code 1 when they do."""
    from superapp.cli import app
    from superapp.plugin import onboarding
    from superapp.plugin.registry import registry
    from superapp.tenancy.onboard import Refused

    drift: dict[str, list[Any]] = {}
    with app().app_context():
        for folder in _folders(which, root, onboarding.catalog(registry()), examples=False):
            try:
                drift[folder.slug] = onboarding.differences(folder)
            except Refused as refused:
                _print_found([(folder, finding) for finding in refused.findings], json_out)
                sys.exit(1)
    if json_out:
        _print_json({slug: [change.as_json() for change in changes] for slug, changes in drift.items()})
    else:
        for slug, changes in drift.items():
            click.echo(f"{slug}: {len(changes)} beda" if changes else f"{slug}: sama")
            for change in changes:
                click.echo(f"  {change}")
    sys.exit(1 if any(drift.values()) else 0)


@group.command()
@click.argument("slug")
@click.argument("target", type=click.Path(path_type=Path))
@as_json
def export(slug: str, target: Path, json_out: bool) -> None:
    """Write the folder of the government SLUG to TARGET, a new or empty folder."""
    from superapp.cli import app
    from superapp.plugin import onboarding
    from superapp.tenancy import resolve

    with app().app_context():
        tenant = resolve.by_slug(slug, fresh=True)
        if tenant is None:
            raise NotFound(f"Tidak ada pemerintah daerah {slug!r}.", "Lihat superapp tenant list.")
        names = onboarding.write_out(tenant, target)
    if json_out:
        _print_json({"slug": slug, "folder": str(target), "files": names})
        return
    click.echo(f"{target}: {', '.join(names)}")


group.add_command(cli_days.group)


def _offline_catalog() -> Any:
    """The installed plugins' catalogue, without an app or a database."""
    from superapp import log
    from superapp.plugin import onboarding, registry

    log.configure("ERROR")
    return onboarding.catalog(registry.build(registry.discover()))


def _folders(which: Sequence[str], root: Path, known: Any, *, examples: bool) -> list[Folder]:
    """The named folders, or all; those that begin with _ are examples and never go live."""
    from superapp.tenancy.folder import load

    if not which:
        every = sorted(path.parent for path in root.glob("*/tenant.toml"))
        paths = [path for path in every if examples or not path.name.startswith("_")]
        if not paths:
            raise NotFound(f"Tidak ada folder pemerintah daerah di {root}.", "Salin tenants/_example.")
        return [load(path, known) for path in paths]
    paths = [Path(name) if Path(name).is_dir() else root / name for name in which]
    for name, path in zip(which, paths, strict=True):
        if not path.is_dir():
            raise NotFound(f"Tidak ada folder {name!r}.", f"Folder yang ada di {root}: {_names(root)}.")
    return [load(path.resolve(), known) for path in paths]


def _names(root: Path) -> str:
    return ", ".join(sorted(path.parent.name for path in root.glob("*/tenant.toml"))) or "tidak ada"


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


Found = Sequence[tuple[Folder, Finding]]


def _print_found(found: Found, json_out: bool, warned: Found = ()) -> None:
    if json_out:
        _print_json([_as_json(*each) for each in found] + [_as_json(*each, "warning") for each in warned])
        return
    for folder, finding in found:
        click.echo(f"{_shown(folder.path)}/{finding}", err=True)
    for folder, finding in warned:
        click.echo(f"peringatan: {_shown(folder.path)}/{finding}", err=True)


def _as_json(folder: Folder, finding: Finding, level: str = "error") -> dict[str, Any]:
    path = str(_shown(folder.path / finding.file))
    return {"tenant": folder.slug, "path": path, "level": level, **asdict(finding)}


def _print_report(report: Any) -> None:
    words = {"create": "baru", "update": "berubah", "remove": "diakhiri", "kept": "kept", "same": "sama"}
    told = [f"{report.counts[name]} {word}" for name, word in words.items() if report.counts.get(name)]
    head = f"{report.slug}: {'rencana, ' if report.dry_run else ''}{', '.join(told)}"
    click.echo(f"{head} · {', '.join(report.hosts)}")
    for moved in report.moved:
        click.echo(f"  warna {moved['role']}: {moved['before']} menjadi {moved['after']}, {moved['reason']}")
    shown = [change for change in report.changes if report.dry_run or change.action in {"kept", "remove"}]
    for change in shown:
        click.echo(f"  {change}")


def _print_json(value: Any) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
