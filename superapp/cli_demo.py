"""superapp demo: a first look, from nothing to two cities that answer."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where to listen on 127.0.0.1.",
)
@click.option(
    "--sample",
    type=click.IntRange(0, 1_000_000),
    default=0,
    help="Generated complaints to bring in for each tenant.",
)
@click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="SUPERAPP_VAR",
    default=Path("var"),
    show_default=True,
    help="Where data and logs stay.",
)
def command(port: int, sample: int, var: Path) -> None:
    """Start PostgreSQL, bring in the tenants, and run web and worker until Ctrl-C."""
    from rich.console import Console

    from superapp.demo import Options, run

    raise SystemExit(run(Options(port, sample, var.resolve()), Console()))
