"""What a plugin's command needs: the option that names a government, and its open door."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from superapp.context import Tenant

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

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


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """A small server of a sandbox on `port` of 127.0.0.1 (0: a free one) until the block ends; its address.

    Raises OSError when the port is taken.
    """
    from http.server import ThreadingHTTPServer

    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
