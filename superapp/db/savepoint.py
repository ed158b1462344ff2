"""A savepoint that costs no round trip until something is sent.

A hook that answers from memory must not pay for one: SQLAlchemy sends SAVEPOINT just before the
first statement of a nested transaction, and a refused flush then rolls back this part alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from superapp.context import Scope, scope


@contextmanager
def lazy_savepoint() -> Iterator[None]:
    """Undo what the enclosed code wrote and queued when it raises; the transaction around it lives on."""
    here = scope()
    opened = here.resources.get("session") if here else None
    if here is None or opened is None or not here.resources.get("working"):
        yield
        return
    before = _queued(here)
    try:
        with opened.begin_nested():
            yield
    except BaseException:
        for name, steps in here.resources.items():
            if isinstance(steps, list):
                del steps[before.get(name, 0) :]
        raise


def _queued(here: Scope) -> dict[str, int]:
    """How many jobs and steps wait for the commit, by their list's name."""
    return {name: len(steps) for name, steps in here.resources.items() if isinstance(steps, list)}
