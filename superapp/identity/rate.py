"""Limits: one counted hit in one round trip, on a connection of its own.

A request that is rolled back has still been made, so its hit must not roll back with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import LiteralString

import psycopg
import structlog
from flask import current_app
from sqlalchemy import Engine, create_engine, delete
from sqlalchemy.exc import SQLAlchemyError

from superapp.context import current_tenant, now
from superapp.db.work import work
from superapp.errors import TooMany, Unavailable
from superapp.identity.models import Rate
from superapp.identity.seal import keyed

KEEP = timedelta(days=2)
_ENGINE = "superapp.rate"

SET: LiteralString = "BEGIN; SET LOCAL app.tenant_id = %(tenant_text)s; "
HIT: LiteralString = (
    SET
    + """
INSERT INTO core.rate AS r (tenant_id, bucket, key, started, hits)
VALUES (%(tenant)s, %(bucket)s, %(key)s, %(now)s, 1)
ON CONFLICT (tenant_id, bucket, key) DO UPDATE SET
    hits = CASE WHEN r.started <= %(since)s THEN 1 ELSE least(r.hits + 1, 1000000) END,
    started = CASE WHEN r.started <= %(since)s THEN excluded.started ELSE r.started END
RETURNING hits, started; COMMIT
"""
)
CLEAR: LiteralString = (
    "BEGIN; SET LOCAL app.tenant_id = %(tenant_text)s; "
    "DELETE FROM core.rate WHERE tenant_id = %(tenant)s AND bucket = %(bucket)s AND key = %(key)s; COMMIT"
)


def hit(bucket: str, key: str, limit: int, window_s: int, *, fail_open: bool = True) -> None:
    """Count one try of `key` (an address, a login, a number) in this tenant's `bucket`.

    Raises TooMany with the seconds to wait once there are more than `limit` in `window_s` seconds.
    When the store is away, `fail_open` lets it pass and `fail_open=False` raises Unavailable.
    """
    moment = now()
    try:
        rows = _send(HIT, bucket, key, moment, moment - timedelta(seconds=window_s))
    except (psycopg.Error, SQLAlchemyError) as error:
        structlog.get_logger(__name__).warning("rate_store_away", bucket=bucket, error=type(error).__name__)
        if fail_open:
            return
        raise Unavailable(retry_after=10) from error
    hits, started = rows[0]
    if hits > limit:
        left = window_s - int((moment - started).total_seconds())
        raise TooMany(retry_after=max(1, left))


def clear(bucket: str, key: str) -> None:
    """Forget the hits of `key`, as after a right password. A store that is away is no matter."""
    try:
        _send(CLEAR, bucket, key, now(), now())
    except (psycopg.Error, SQLAlchemyError) as error:
        structlog.get_logger(__name__).warning("rate_store_away", bucket=bucket, error=type(error).__name__)


def sweep() -> int:
    """Delete this tenant's counters of the day before yesterday; returns how many."""
    with work() as unit:
        swept = unit.execute(delete(Rate).where(Rate.started < now() - KEEP))
    return int(getattr(swept, "rowcount", 0))


def _send(
    statements: LiteralString, bucket: str, key: str, moment: datetime, since: datetime
) -> list[tuple[int, datetime]]:
    """Send all statements as one message; once more, with fresh connections, when a pooled one is dead."""
    tenant = current_tenant()
    facts = {
        "tenant": tenant.id,
        "tenant_text": str(tenant.id),
        "bucket": bucket,
        "key": keyed("rate", key),
        "now": moment,
        "since": since,
    }
    try:
        return _ask(statements, facts)
    except psycopg.OperationalError:
        _engine().dispose()
        return _ask(statements, facts)


def _ask(statements: LiteralString, facts: dict[str, object]) -> list[tuple[int, datetime]]:
    connection = _engine().raw_connection()
    try:
        driver: psycopg.Connection = connection.driver_connection  # type: ignore[assignment]
        with psycopg.ClientCursor(driver) as cursor:
            cursor.execute(statements, facts)
            rows: list[tuple[int, datetime]] = []
            more: bool | None = True
            while more:
                if cursor.description:
                    rows = cursor.fetchall()
                more = cursor.nextset()
            return rows
    except psycopg.OperationalError:
        connection.invalidate()
        raise
    finally:
        connection.close()


def _engine() -> Engine:
    """A small pool beside the request's, so that counting never waits for the work it counts."""
    engine: Engine | None = current_app.extensions.get(_ENGINE)
    if engine is None:
        engine = create_engine(
            current_app.config["SQLALCHEMY_DATABASE_URI"],
            pool_size=2,
            max_overflow=2,
            pool_timeout=2,
            pool_pre_ping=False,
            connect_args={"autocommit": True, "application_name": "superapp-rate", "connect_timeout": 3},
        )
        current_app.extensions[_ENGINE] = engine
    return engine
