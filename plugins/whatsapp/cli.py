"""superapp whatsapp ..."""

from __future__ import annotations

import click

from plugins.whatsapp.settings import NAME
from superapp.sdk import (
    Invalid,
    address,
    opened_tenant,
    save_settings,
    settings_of,
    tenant_option,
    until_stopped,
)


@click.group("whatsapp")
def group() -> None:
    """The door for citizens on WhatsApp."""


@group.command()
@tenant_option
@click.option("--port", default=8470, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--connect", is_flag=True, help="Let the government talk with it; its settings change.")
def sandbox(slug: str, port: int, connect: bool) -> None:
    """A stand-in for Meta on this machine, with a page on which a trainer writes as a citizen."""
    from plugins.whatsapp.sandbox import running

    with opened_tenant(slug) as tenant:
        known = settings_of(tenant, NAME)
        secrets = ("phone_number_id", "access_token", "app_secret", "verify_token")
        own = {name: known[name] for name in secrets if known[name]}
        connected = known["mode"] == "on" and known["graph_base"] == f"http://127.0.0.1:{port}"
        if not connected and not connect:
            raise click.ClickException(f"{slug} does not talk with this stand-in. Add --connect to let it.")
        if connect and not connected and known["mode"] == "on":
            raise click.ClickException(f"{slug} talks with Meta. Switch WhatsApp off there first.")
        try:
            with running(address("/").rstrip("/"), port, **(own if connected else {})) as meta:
                if not connected:
                    save_settings(tenant, NAME, {**known, **meta.settings()})
                click.echo(f"Open {meta.base}/ and write. Ctrl+C ends it.")
                until_stopped()
        except OSError as error:
            raise click.ClickException(f"Port {port} is taken.") from error
        except Invalid as error:
            raise click.ClickException("; ".join(each.message for each in error.errors)) from error
