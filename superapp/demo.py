"""`superapp demo`: what a first look needs, from an empty folder to two cities and a province that answer."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

import superapp
from superapp import demo_data, demo_database
from superapp.db import embedded
from superapp.db.binaries import EmbeddedError
from superapp.demo_children import (
    Child,
    DemoError,
    refuse_ended,
    refuse_taken_port,
    serving,
    wait_until_ready,
)
from superapp.demo_state import State

ROOT = Path(superapp.__file__).parents[1]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Note = Callable[[str], None]


class Stopped(BaseException):
    """Somebody asked the demo to end."""


@dataclass(slots=True)
class End:
    """Whether somebody asked for the end; `gently` waits until the demo looks, instead of breaking in.

    An exception out of a signal may strike between a lock that is taken and the block that gives it back:
    while processes are watched, which takes locks, nothing may break in.
    """

    asked: bool = False
    gently: bool = False

    def look(self) -> None:
        """Raises Stopped when somebody asked."""
        if self.asked:
            raise Stopped


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says: the port, how many samples each tenant gets, where data stay."""

    port: int
    sample: int
    var: Path
    tenants: Path = ROOT / "tenants"


def run(options: Options, console: Console) -> int:
    """Runs until stopped; 0 after Ctrl-C or SIGTERM, 1 after one sentence on what is wrong."""
    try:
        with _stoppable() as end, ExitStack() as stack:
            _run(options, console, stack, end)
    except Stopped:
        console.print(f"Stopped. The data stay in {options.var}.", highlight=False, soft_wrap=True)
        return 0
    except (DemoError, EmbeddedError) as error:
        console.print(f"[red]demo:[/red] {error}", highlight=False, soft_wrap=True)
        return 1
    return 0


def _run(options: Options, console: Console, stack: ExitStack, end: End) -> None:
    began = time.monotonic()
    refuse_taken_port(options.port)
    state = State.read(options.var)
    with _step(console, "PostgreSQL") as note:
        admin_url = stack.enter_context(embedded.running(options.var))
        note("running")
    with _step(console, "Roles, schemas, migrations") as note:
        note(demo_database.prepare(admin_url, options.var, options.port, state))
    with _step(console, "Tenants") as note:
        changed = demo_data.changed_tenants(options.tenants, state)
        note(demo_data.bring_in(changed, state) if changed else "skipped: no folder changed")
    with _step(console, "Sample officers") as note:
        note(demo_data.ensure_officers(changed, state) if changed else "skipped: they are there")
    if options.sample:
        demo_data.bring_in_samples(options.sample, sorted(state.applied), console)
    with _step(console, "Web and worker") as note:
        end.gently = True
        end.look()
        children = stack.enter_context(serving(ROOT, options.var / "log"))
        ready = wait_until_ready(options.port, children, end.look)
        note(str(ready["status"]))
    _tell(console, options, state, time.monotonic() - began)
    _watch(children, end)


@contextmanager
def _step(console: Console, title: str) -> Iterator[Note]:
    """Shows that a step is under way, and at its end what came of it and how long it took."""
    notes: list[str] = []
    began = time.monotonic()
    with console.status(f"{title} …"):
        yield notes.append
    spent = time.monotonic() - began
    console.print(
        f"  [green]✓[/green] {title:<28}{'; '.join(notes)} ({spent:.1f} s)", highlight=False, soft_wrap=True
    )


@contextmanager
def _stoppable() -> Iterator[End]:
    """Ctrl-C, SIGTERM and a closed terminal end the block once; while it cleans up they are ignored."""
    end = End()

    def stop(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        end.asked = True
        if not end.gently:
            raise Stopped

    before = {each: signal.signal(each, stop) for each in SIGNALS}
    try:
        yield end
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _tell(console: Console, options: Options, state: State, spent: float) -> None:
    console.print(f"\nReady in {spent:.1f} s.", highlight=False)
    for slug in sorted(state.applied):
        address = f"http://{slug}.localhost:{options.port}/"
        lines = [f"\n[bold]{address}[/bold]", f"  officers sign in at {address}meja/masuk"]
        lines += [
            f"    {officer.login:<24} {officer.password:<20}  {officer.role:<20} {officer.place}".rstrip()
            for officer in state.officers.get(slug, [])
        ]
        console.print("\n".join(lines), highlight=False, soft_wrap=True)
    console.print(
        "\nSample officers need no second factor; those you add set one up when they first sign in.\n"
        f"Health: http://127.0.0.1:{options.port}/readyz   Logs: {options.var / 'log'}\n"
        f"Commands in another terminal: . {options.var / 'demo.env'} && .venv/bin/superapp tenant list\n"
        "Ctrl-C stops everything.",
        highlight=False,
        soft_wrap=True,
    )


def _watch(children: list[Child], end: End) -> None:
    """Waits; raises Stopped when asked, DemoError when a process ends by itself."""
    while True:
        end.look()
        refuse_ended(children)
        time.sleep(0.2)
