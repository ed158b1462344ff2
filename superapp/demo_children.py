"""The demo's processes: gunicorn and one worker, watched until the end and never left behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from superapp.db.embedded import die_with_parent

READY_SECONDS = 60
STOP_SECONDS = 25


class DemoError(RuntimeError):
    """The demo cannot go on; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process, what to call it, and where it writes its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def refuse_taken_port(port: int) -> None:
    """Raises DemoError when something already listens on 127.0.0.1:`port`, or it may not be used."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise DemoError(f"Port {port} needs more rights: say `make demo PORT=8123`.") from error
        except (OSError, OverflowError) as error:
            other = 8123 if port != 8123 else 8124
            raise DemoError(
                f"Port {port} is taken: stop what uses it, or say `make demo PORT={other}`."
            ) from error


@contextmanager
def serving(root: Path, logs: Path) -> Iterator[list[Child]]:
    """Runs gunicorn and a worker on the settings in the environment; both are gone after the block."""
    logs.mkdir(parents=True, exist_ok=True)
    web = [sys.executable, "-m", "gunicorn", "-c", "python:superapp.serve", "wsgi:application"]
    worker = [sys.executable, "-c", "from superapp.cli import main; main()", "jobs", "work"]
    children: list[Child] = []
    try:
        for name, command in (("web", web), ("worker", worker)):
            children.append(_start(name, command, root, logs / f"{name}.log"))
        yield children
    finally:
        stop(children)


def _start(name: str, command: list[str], root: Path, log: Path) -> Child:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            # Ctrl-C in a terminal reaches the whole group: here the demo alone decides the order of the end.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
    return Child(name, process, log)


def refuse_ended(children: list[Child]) -> None:
    """Raises DemoError when one of the processes has ended, with the last thing it said."""
    for child in children:
        code = child.process.poll()
        if code is not None:
            lines = child.log.read_text(errors="replace").split("\n")
            said = [line.strip() for line in lines if line.strip()][-1:] or ["nothing"]
            raise DemoError(
                f"The {child.name} process ended with code {code}: {said[0]} (all of it: {child.log})"
            )


def wait_until_ready(port: int, children: list[Child], look: Callable[[], None]) -> dict[str, object]:
    """Asks /readyz until the host and its worker are up, and returns the last answer.

    Raises DemoError when a process ends or nothing is ready in time, and whatever `look` raises.
    """
    deadline = time.monotonic() + READY_SECONDS
    answer: dict[str, object] = {}
    while time.monotonic() < deadline:
        look()
        refuse_ended(children)
        with suppress(OSError, http.client.HTTPException, ValueError):
            answer = _ask(port)
            if str(answer.get("worker", "")).startswith("ok") and answer.get("status") != "down":
                return answer
        time.sleep(0.05)
    raise DemoError(f"The host was not ready after {READY_SECONDS} seconds: {json.dumps(answer)}")


def _ask(port: int) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer: dict[str, object] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return answer


def stop(children: list[Child]) -> None:
    """Asks all of them to finish what they do, and ends those that do not."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # A group of its own: this reaches gunicorn's workers too.
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
