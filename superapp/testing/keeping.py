"""Keeps an engine's connections alive while its pool is replaced.

After each test the pool is a new one, as on a fresh database: what the product remembers by its pool is
forgotten. The connections go on, because a new one has to learn the whole catalog again.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event


class Keeper:
    """One engine's connections between two tests."""

    def __init__(self, engine: Engine) -> None:
        """Listens where the engine makes and closes connections."""
        self._engine = engine
        self._kept: list[psycopg.Connection] = []
        self._keeping = False
        self._really_close = engine.dialect.do_close
        engine.dialect.do_close = self._close  # type: ignore[method-assign,assignment]
        event.listen(engine, "do_connect", self._take)

    def renew(self) -> None:
        """A new pool that will be handed the idle connections of the old one."""
        self._keeping = True
        try:
            self._engine.dispose()
        finally:
            self._keeping = False

    def rest(self) -> None:
        """A new pool, and no connection is left."""
        self._engine.dispose()
        while self._kept:
            self._really_close(self._kept.pop())  # type: ignore[arg-type]

    def _close(self, connection: Any) -> None:
        if self._keeping and connection.info.transaction_status == TransactionStatus.IDLE:
            connection.execute("RESET ROLE; RESET ALL")
            self._kept.append(connection)
        else:
            self._really_close(connection)

    def _take(self, *_: Any) -> psycopg.Connection | None:
        """A kept connection that still answers, or None: then the engine makes one."""
        while self._kept:
            kept = self._kept.pop()
            if kept.pgconn.exec_(b"SELECT 1").status == ExecStatus.TUPLES_OK:
                return kept
            self._really_close(kept)  # type: ignore[arg-type]
        return None
