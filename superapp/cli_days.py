"""superapp tenant holidays import: a file of days off, seen before it is taken in."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from superapp.errors import NotFound

SIGNS = {"new": "+", "changed": "~", "same": "="}


@click.group("holidays")
def group() -> None:
    """The days off of one government."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--tenant", "slug", required=True, help="Whose calendar.")
@click.option(
    "--kind",
    type=click.Choice(["local", "national", "cuti_bersama"]),
    default="local",
    show_default=True,
    help="What the days of an iCal file are; CSV says it row by row.",
)
@click.option("--stops/--runs", default=True, help="Whether clocks stand still on the days of an iCal file.")
@click.option("--document", default="", help="The document that the days of an iCal file come from.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--json", "json_out", is_flag=True, help="Answer as JSON.")
def import_(
    file: Path, slug: str, kind: str, stops: bool, document: str, dry_run: bool, json_out: bool
) -> None:
    """Take the days of FILE (CSV like holidays.csv, or iCal) into a government's calendar.

    Nothing is written when a row cannot be read. Open time limits are reckoned anew by the worker.
    """
    from superapp.cli import app
    from superapp.context import SYSTEM, tenant_scope
    from superapp.db.work import work
    from superapp.identity import audit
    from superapp.tenancy import dayfile, resolve

    days, findings = dayfile.read(
        file.name, file.read_bytes(), kind=kind, stops_clock=stops, document=document
    )
    for finding in findings:
        click.echo(str(finding), err=True)
    if findings:
        sys.exit(1)
    with app().app_context():
        tenant = resolve.by_slug(slug, fresh=True)
        if tenant is None:
            raise NotFound(f"Tidak ada pemerintah daerah {slug!r}.", "Lihat superapp tenant list.")
        with tenant_scope(tenant, SYSTEM), work():
            changes = dayfile.compare(days)
            if not dry_run and dayfile.take_in(days):
                audit.record("holidays.import", "tenant", slug, file=file.name)
    if json_out:
        lines = [
            {"action": each.action, "day": str(each.day.day), "name": each.day.name, "also": each.also}
            for each in changes
        ]
        click.echo(orjson.dumps(lines, option=orjson.OPT_INDENT_2).decode())
        return
    for each in changes:
        also = f"  (sudah: {each.also})" if each.also else ""
        click.echo(f"{SIGNS[each.action]} {each.day.day} {each.day.name}{also}")
    changed = sum(each.action != "same" for each in changes)
    click.echo(f"{slug}: {'rencana, ' if dry_run else ''}{changed} berubah, {len(changes) - changed} sama")
