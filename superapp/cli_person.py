"""superapp person export | erase: what is kept of a person, for the rights of UU 27/2022."""

from __future__ import annotations

import sys

import click
import orjson

tenant_option = click.option("--tenant", "slug", required=True, help="The government that keeps it.")
contact_option = click.option("--contact", required=True, help="The person's e-mail address or phone number.")


@click.group("person")
def group() -> None:
    """Hand a person the own data, or erase it, in every service that is on."""


@group.command()
@tenant_option
@contact_option
def export(slug: str, contact: str) -> None:
    """Write all that is kept under CONTACT as JSON."""
    from superapp.cli import inside
    from superapp.plugin.hooks import ask
    from superapp.plugin.hookspecs import superapp_person_export

    with inside(slug) as tenant:
        answers = ask(superapp_person_export, tenant=tenant, contact=contact)
    found = [{"plugin": a.plugin, "title": a.value.title, "data": a.value.data} for a in answers]
    sys.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


@group.command()
@tenant_option
@contact_option
@click.confirmation_option(prompt="This cannot be undone. Erase?")
def erase(slug: str, contact: str) -> None:
    """Erase personal data kept under CONTACT in one transaction; the cases themselves stay."""
    from superapp.cli import inside
    from superapp.db.work import work
    from superapp.identity import audit
    from superapp.plugin.hooks import ask
    from superapp.plugin.hookspecs import superapp_person_erase

    with inside(slug) as tenant, work():
        answers = ask(superapp_person_erase, tenant=tenant, contact=contact)
        counts = {answer.plugin: answer.value for answer in answers}
        audit.record("person.erase", "person", records=sum(counts.values()))
    for plugin, count in counts.items():
        click.echo(f"{plugin}: {count}")
    if not counts:
        click.echo("nothing was kept")
