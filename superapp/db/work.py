"""The unit of work: one commit at the end, effects as jobs in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from superapp.context import NoTenant, scope
from superapp.db.engine import session

T = TypeVar("T")


@contextmanager
def work() -> Iterator[Session]:
    """Commit once when the outermost `work()` ends well; roll everything back when it does not.

    Inner ones join. Functions given to `before_commit` run last inside, `after_commit` after it.
    """
    here = scope()
    if here is None:
        raise NoTenant("Work belongs to a scope: wrap it in tenant_scope(tenant).")
    opened = session()
    if here.resources.get("working"):
        yield opened
        return
    here.resources["working"] = True
    here.resources["before_commit"], here.resources["after_commit"] = [], []
    try:
        yield opened
        opened.flush()
        _run(here.resources["before_commit"])
        here.resources["committing"] = True
        opened.commit()
    except BaseException:
        here.resources["uncertain"] = here.resources.get("committing", False)
        opened.rollback()
        raise
    finally:
        here.resources["working"] = here.resources["committing"] = False
    _run(here.resources["after_commit"])


def _run(steps: list[Callable[[], None]]) -> None:
    while steps:
        steps.pop(0)()


def working() -> bool:
    """True inside of `work()`."""
    here = scope()
    return bool(here and here.resources.get("working"))


def before_commit(step: Callable[[], None]) -> None:
    """Run `step` as the last thing inside the transaction."""
    _steps("before_commit").append(step)


def after_commit(step: Callable[[], None]) -> None:
    """Run `step` once the transaction stands; its failure undoes nothing."""
    _steps("after_commit").append(step)


def _steps(name: str) -> list[Callable[[], None]]:
    here = scope()
    if here is None or not here.resources.get("working"):
        raise NoTenant("This belongs inside of work().")
    steps: list[Callable[[], None]] = here.resources[name]
    return steps


def once_more(unit: Callable[[], T]) -> T:
    """Run a whole unit of work, and once again when its connection died before COMMIT was sent."""
    try:
        return unit()
    except DBAPIError as error:
        if not error.connection_invalidated or sent_commit():
            raise
        session().rollback()
        return unit()


def sent_commit() -> bool:
    """True when the last unit failed after COMMIT was sent: its fate is unknown, do not repeat it."""
    here = scope()
    return bool(here and here.resources.get("uncertain"))
