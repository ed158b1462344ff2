"""superapp telegram ..."""

from __future__ import annotations

import click

from superapp.sdk import opened_tenant, save_settings, settings_of, tenant_option, until_stopped

BOT = "100000001:token-untuk-bot-tiruan"  # invented; the stand-in takes any


@click.group("telegram")
def group() -> None:
    """The door for citizens on Telegram."""


@group.command()
@tenant_option
@click.option("--port", default=8181, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--connect", is_flag=True, help="Let the government talk with it; its settings change.")
def sandbox(slug: str, port: int, connect: bool) -> None:
    """A stand-in for Telegram on this machine, with a page on which a trainer writes as a citizen."""
    from plugins.telegram import setup
    from plugins.telegram.api import NAME
    from plugins.telegram.sandbox import serving

    with opened_tenant(slug) as tenant:
        known = settings_of(tenant, NAME)
        connected = bool(known["token"]) and known["server"] == f"http://127.0.0.1:{port}"
        if not connected and not connect:
            raise click.ClickException(f"{slug} does not talk with this stand-in. Add --connect to let it.")
        if not connected and known["token"]:
            raise click.ClickException(f"{slug} has a bot at {known['server']}. Empty its token there first.")
        try:
            with serving(port=port) as server:
                if not connected:
                    save_settings(tenant, NAME, {**known, "server": server.url, "token": BOT})
                setup.ask("register")  # it forgets its webhook at each end
                click.echo(f"Open {server.url}/ and write. Ctrl+C ends it.")
                until_stopped()
        except OSError as error:
            raise click.ClickException(f"Port {port} is taken.") from error
