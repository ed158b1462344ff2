"""What asking ten plugins costs over calling ten functions; goal: at most 5 µs an ask.

Run alone: python -m tests.bench.bench_dispatch
"""

from __future__ import annotations

import tempfile
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from superapp.context import Tenant
from superapp.plugin import registry
from superapp.plugin.contracts import Tile
from superapp.plugin.hooks import ask
from superapp.plugin.hookspecs import superapp_home_tiles
from tests.core.plugins_made import plugin

PLUGINS = 10
GOAL_MICROSECONDS = 5.0
ROUNDS, REPEATS = 5_000, 7


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds: one ask() of all plugins, and the same functions called without it."""

    ask: float
    bare: float


def answer(tenant: Tenant) -> Tile:
    """What each plugin does: hand out a ready tile."""
    return TILE


TILE = Tile("a", "A", "a", "/", "grid")


def measure() -> Measured:
    """The best of some repeats, so that other work on the machine counts less."""
    tenant = Tenant(1, "a", "A", "AA", enabled=frozenset(f"plugin{n}" for n in range(PLUGINS)))
    with tempfile.TemporaryDirectory() as folder:
        found = [plugin(Path(folder), name, superapp_home_tiles=answer) for name in sorted(tenant.enabled)]
        app = Flask("bench")
        app.extensions["superapp_plugins"] = registry.build(found)
    functions = [answer] * PLUGINS
    with app.app_context():
        assert len(ask(superapp_home_tiles, tenant=tenant)) == PLUGINS
        return Measured(
            ask=_best(lambda: ask(superapp_home_tiles, tenant=tenant)),
            bare=_best(lambda: [function(tenant=tenant) for function in functions]),
        )


def main() -> None:
    """Print both, and whether the goal is met."""
    found = measure()
    verdict = "+" if found.ask - found.bare <= GOAL_MICROSECONDS else "-"
    print(
        f"{verdict} dispatch to {PLUGINS} plugins: ask() {found.ask:.1f} µs, bare calls {found.bare:.1f} µs, "
        f"added {found.ask - found.bare:.1f} µs (goal {GOAL_MICROSECONDS:.0f} µs)"
    )


def _best(call: Callable[[], object]) -> float:
    return min(timeit.repeat(call, number=ROUNDS, repeat=REPEATS)) / ROUNDS * 1e6


if __name__ == "__main__":
    main()
