"""superapp sms ..."""

from __future__ import annotations

import click

from plugins.sms.settings import NAME
from superapp.sdk import (
    Invalid,
    address,
    opened_tenant,
    save_settings,
    settings_of,
    tenant_option,
    until_stopped,
)


@click.group("sms")
def group() -> None:
    """The door for citizens on SMS."""


@group.command()
@tenant_option
@click.option("--port", default=8471, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--connect", is_flag=True, help="Let the government talk with it; its settings change.")
def sandbox(slug: str, port: int, connect: bool) -> None:
    """A stand-in for a gateway on this machine, with a page on which a trainer writes as a citizen."""
    from plugins.sms.sandbox import running

    with opened_tenant(slug) as tenant:
        known = settings_of(tenant, NAME)
        connected = known["mode"] == "on" and known["url"].startswith(f"http://127.0.0.1:{port}/")
        if not connected and not connect:
            raise click.ClickException(f"{slug} does not talk with this stand-in. Add --connect to let it.")
        if connect and not connected and known["mode"] == "on":
            raise click.ClickException(f"{slug} talks with a gateway. Switch SMS off there first.")
        own = {"secret": known["secret"], "in_secret": known["in_secret"]} if connected else {}
        try:
            with running(address("/").rstrip("/"), port, **own) as gateway:
                if not connected:
                    save_settings(tenant, NAME, {**known, **gateway.settings()})
                click.echo(f"Open {gateway.base}/ and write. Ctrl+C ends it.")
                until_stopped()
        except OSError as error:
            raise click.ClickException(f"Port {port} is taken.") from error
        except Invalid as error:
            raise click.ClickException("; ".join(each.message for each in error.errors)) from error
