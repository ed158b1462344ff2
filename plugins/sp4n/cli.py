"""superapp sp4n ...: the sandbox, and connecting a government with it."""

from __future__ import annotations

from pathlib import Path

import click

from superapp.sdk import Invalid, opened_tenant, tenant_option, until_stopped

PORT = 8311


@click.group("sp4n")
def group() -> None:
    """The national complaints system SP4N-LAPOR!."""


@group.command()
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="A file in which it keeps what it knows; without one it forgets all at its end.",
)
def sandbox(port: int, state: Path | None) -> None:
    """Run a national system for practice on this machine, until Ctrl-C."""
    from plugins.sp4n.sandbox import running

    try:
        with running(port, state) as made:
            click.echo(f"Sandbox of SP4N-LAPOR!: {made.url}/ (play the nation there)")
            click.echo(f"Connect a government: superapp sp4n connect --tenant <slug> --url {made.url}")
            until_stopped()
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("Stopped.")


@group.command()
@tenant_option
@click.option(
    "--url", default=f"http://127.0.0.1:{PORT}", show_default=True, help="Where the sandbox answers."
)
@click.option("--transport", type=click.Choice(["modern", "legacy"]), default="modern", show_default=True)
@click.option(
    "--takes",
    type=click.Choice(["all", "forwarded"]),
    default="all",
    show_default=True,
    help="What is sent there.",
)
@click.option("--agency", default="", help="Code of the outside owner that stands for the nation.")
@click.option("--identity", is_flag=True, help="Send names and numbers of reporters who are not anonymous.")
def connect(slug: str, url: str, transport: str, takes: str, agency: str, identity: bool) -> None:
    """Connect a government with a sandbox; a real connection is made at the desk."""
    from plugins.sp4n import connecting
    from plugins.sp4n.sandbox import Sandbox

    base = url.rstrip("/") + {"modern": "/api", "legacy": "/lama"}[transport]
    with opened_tenant(slug) as tenant:
        if connecting.PLUGIN not in tenant.enabled:
            raise click.ClickException(f"{slug} has sp4n switched off; switch it on at /meja/pengaturan.")
        given = {
            "transport": transport,
            "base_url": base,
            "token": Sandbox.token(slug),
            "takes": takes,
            "agency_code": agency,
            "identity": identity,
        }
        try:
            made = connecting.connect(given)
        except Invalid as error:
            raise click.ClickException("; ".join(f"{e.field}: {e.message}" for e in error.errors)) from error
    owner = f", standing for {made.agency_code}" if made.agency_code else ""
    click.echo(f"{slug} is connected with {base} ({takes}{owner}).")
