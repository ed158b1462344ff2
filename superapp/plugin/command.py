"""What a plugin's command needs: the option that names a government, and its open door."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from superapp.context import Tenant

tenant_option = click.option("--tenant", "slug", required=True, help="The government, by its short name.")


@contextmanager
def opened_tenant(slug: str) -> Iterator[Tenant]:
    """The government's scope, as the system, for the length of a command.

    Raises click.ClickException for an unknown one, and when it is not called by `superapp`.
    """
    door = click.get_current_context().find_root().obj
    if door is None:
        raise click.ClickException("Run this as `superapp <plugin> ...`: it needs the application.")
    with door(slug) as tenant:
        yield tenant


def until_stopped() -> None:
    """Wait for Ctrl-C or SIGTERM: the end of a command that serves something."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_given: stop.set())
    stop.wait()
