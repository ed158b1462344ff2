"""superapp telegram ...: a Telegram of one's own, to try the bot with."""

from __future__ import annotations

import click


@click.group("telegram")
def group() -> None:
    """The Telegram door."""


@group.command("sandbox")
@click.option("--port", default=8181, show_default=True, type=click.IntRange(1024, 65535))
def sandbox(port: int) -> None:
    """A stand-in for Telegram on this machine: a page to write to the bot as a citizen.

    Set the server of the Bot API to the address that it prints, any token, and register the webhook.
    """
    from plugins.telegram.sandbox import serving

    try:
        with serving(port=port) as server:
            click.echo(f"Bot API and page: {server.url}  (stop with Ctrl+C)")
            server.wait()
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}. Choose --port.") from error
