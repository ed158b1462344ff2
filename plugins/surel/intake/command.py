"""superapp surel ...: taking a mail in by hand, for trying out and for what a server kept back."""

from __future__ import annotations

from pathlib import Path

import click

from superapp.sdk import opened_tenant, tenant_option


@click.group("surel")
def group() -> None:
    """E-mail."""


@group.command("take")
@tenant_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_file(slug: str, file: Path) -> None:
    """Take FILE.eml in as if it had come by mail, and say what became of it."""
    from plugins.surel.intake.mail import MOST_BYTES
    from plugins.surel.intake.take import take

    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(f"{file} is larger than {MOST_BYTES // 1_000_000} MB.")
    raw = file.read_bytes()
    if not raw.strip():
        raise click.ClickException(f"{file} is empty.")
    with opened_tenant(slug):
        made = take(raw, "file")
    if made.repeated:
        click.echo("It had come before: nothing was done again.")
        return
    click.echo(" ".join(filter(None, [made.state, made.cause, made.number])))
