"""A savepoint that costs nothing until something is sent.

A hook that answers from memory must not pay two round trips; one that queries gets its SAVEPOINT
just before its first statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from superapp.context import scope

KEY = "lazy_savepoint"
NAME = "superapp_hook"


class _Savepoint:
    def __init__(self) -> None:
        self.connection: Any = None

    def take(self, connection: Any) -> None:
        if self.connection is None:
            self.connection = connection
            _send(connection, f"SAVEPOINT {NAME}")

    def end(self, verb: str) -> None:
        if self.connection is not None:
            _send(self.connection, f"{verb} {NAME}")


@contextmanager
def lazy_savepoint() -> Iterator[None]:
    """Undo what the enclosed code wrote when it raises; the transaction around it lives on."""
    here = scope()
    opened = here.resources.get("session") if here else None
    if here is None or opened is None or not here.resources.get("working"):
        yield
        return
    opened.flush()
    outer, mine = here.resources.get(KEY), _Savepoint()
    before = set(opened.new)
    here.resources[KEY] = mine
    try:
        yield
        opened.flush()
    except BaseException:
        for added in set(opened.new) - before:
            opened.expunge(added)
        mine.end("ROLLBACK TO SAVEPOINT")
        if mine.connection is not None:
            opened.expire_all()
        raise
    finally:
        here.resources[KEY] = outer
    mine.end("RELEASE SAVEPOINT")


def install(engine: Engine) -> None:
    """Take the open lazy savepoint just before an engine's next statement."""
    event.listen(engine, "before_cursor_execute", _before)


def _before(connection: Connection, cursor: Any, *_: Any) -> None:
    here = scope()
    savepoint = here.resources.get(KEY) if here else None
    if savepoint is not None:
        savepoint.take(connection.connection.dbapi_connection)


def _send(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
