"""superapp lapor vault ...: keys of the vault of reporters' identities."""

from __future__ import annotations

import click

from superapp.sdk import opened_tenant, tenant_option


@click.group("vault")
def group() -> None:
    """Look after the keys that lock reporters' names and numbers."""


@group.command()
@tenant_option
def rotate(slug: str) -> None:
    """Make a new key for the government and wrap every person's key with it.

    Safe to interrupt: the worker goes on. The old version is destroyed by the worker after a quarter
    of an hour, when no process holds it any more.
    """
    from plugins.lapor.service.vault import rotate as keys

    with opened_tenant(slug):
        version = keys.begin()
        done = keys.carry_on(lambda total: click.echo(f"{total} persons", err=True))
        click.echo(f"version {version}: {done} persons wrapped anew; the worker retires the old version")


@group.command()
@tenant_option
def rewrap(slug: str) -> None:
    """Wrap the government's keys with the present SUPERAPP_SECRET_KEY, after it was changed.

    Until this is done on every government, the earlier secret has to stand in SUPERAPP_OLD_SECRET_KEYS.
    PINs and links that were handed out before need it there as long as they shall work.
    """
    from plugins.lapor.service.vault import rotate as keys

    with opened_tenant(slug):
        click.echo(f"{keys.wrap_anew()} keys wrapped with the present secret")


@group.command()
@tenant_option
def status(slug: str) -> None:
    """Say which version is current, which still live, and how many persons hang on old ones."""
    from plugins.lapor.service.vault import rotate as keys

    with opened_tenant(slug):
        state = keys.state()
    living = ", ".join(map(str, state.living)) or "none"
    click.echo(f"current {state.current}, living {living}, persons on old versions {state.behind}")
