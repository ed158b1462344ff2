"""Browser tests: Chromium where it is installed, else a skip that says so; and a host that listens."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from superapp.context import Tenant

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass(frozen=True, slots=True)
class Live:
    """The app under test, listening on 127.0.0.1."""

    port: int

    def url(self, tenant: Tenant, path: str = "/") -> str:
        """An address for a browser; Chromium resolves *.localhost by itself."""
        return f"http://{tenant.host}:{self.port}{path}"


def chromium() -> str | None:
    """Where Chromium is: SUPERAPP_CHROMIUM, or one of its usual names on PATH."""
    given = os.environ.get("SUPERAPP_CHROMIUM")
    return given or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser: the system's, never a downloaded one."""
    path = chromium()
    if path is None:
        pytest.skip(
            "browser test: Chromium is not installed (apt install chromium, or set SUPERAPP_CHROMIUM)"
        )
    from playwright.sync_api import expect

    # As long as the browser's own waits: five seconds are too short where the machine is crowded.
    expect.set_options(timeout=30_000)
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-gpu"]
    # Chromium's own sandbox refuses to run as root.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {"executable_path": path, "headless": True, "args": [*quiet, *root]}


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    """The app on a free port of 127.0.0.1, with threads, until the test ends."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Live(server.server_port)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
