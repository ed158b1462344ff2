"""superapp lapor route ...: trying the rules that say who owns a report."""

from __future__ import annotations

from datetime import datetime

import click

from superapp.sdk import Invalid, opened_tenant, tenant_option


@click.group("route")
def group() -> None:
    """Ask the rules who owns a report."""


@group.command("try")
@tenant_option
@click.option("--text", default="", help="What the report says; guesses the category when none is given.")
@click.option("--category", default="", help="Code of the category.")
@click.option("--kind", default="complaint", help="complaint, aspiration or information.")
@click.option("--area", default="", help="Region code, like 51.71.01.1001.")
@click.option("--lat", type=float, help="Degrees WGS 84; with --lng in place of --area.")
@click.option("--lng", type=float)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day asked for, else today.")
def attempt(
    slug: str,
    text: str,
    category: str,
    kind: str,
    area: str,
    lat: float | None,
    lng: float | None,
    day: datetime | None,
) -> None:
    """Say which rule speaks, with its document and dates, and why the others were passed over."""
    from plugins.lapor.service.owners import rules, tester
    from plugins.lapor.words import passed_over

    with opened_tenant(slug):
        try:
            tried = tester.attempt(
                day.date() if day else rules.today(),
                text=text,
                category=category,
                kind=kind,
                area=area,
                lat=lat,
                lng=lng,
            )
        except Invalid as error:
            raise click.ClickException(
                "; ".join(f"{each.field}: {each.message}" for each in error.errors)
            ) from error
        guessed = " (guessed)" if tried.guessed else ""
        click.echo(f"category {tried.category or '-'}{guessed}, area {tried.area or '-'}")
        for each in tried.verdicts:
            rule, unit = each.rule, each.agency.code if each.agency else "-"
            valid = f"{rule.valid_from or '…'} – {rule.valid_to or '…'}"
            about = f"{rule.category_code or '*'} {rule.area_code or '*'} {rule.kind or '*'}"
            mark = "→" if each.why == "speaks" else " "
            click.echo(f"{mark} {unit}: {about}, {valid}, {rule.document or '-'}: {passed_over(each.why)}")
        if tried.speaks is None:
            raise click.ClickException("No rule speaks for this report.")
