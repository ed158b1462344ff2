"""The one SQLAlchemy object, and the door that every transaction passes: SET LOCAL on BEGIN.

Connections run in driver autocommit; the engine itself sends `BEGIN; SET LOCAL app.tenant_id`
as one message, so that opening a transaction costs one round trip instead of two.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from superapp.config import Settings
from superapp.context import NoTenant, Scope, scope
from superapp.db.base import Base

IDLE_SECONDS = 1.0


class ScopedSession(FlaskSession):
    """A session whose database role is the scope's."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any) -> Any:
        """The engine of the open scope's role; the app's weak one by default."""
        here = scope()
        if bind is None and here is not None and here.role == "ops":
            return self._db.engines["ops"]
        return super().get_bind(mapper, clause, bind, **kw)


def _scope_key() -> Scope | None:
    return scope()


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": ScopedSession, "scopefunc": _scope_key, "expire_on_commit": False},
)


def session() -> Session:
    """The open scope's session; it closes with the scope. Raises NoTenant outside of one."""
    here = scope()
    if here is None:
        raise NoTenant("No scope is open: wrap the work in tenant_scope(tenant).")
    if "session" not in here.resources:
        here.resources["session"] = db.session()
        here.closing.append(db.session.remove)
    opened: Session = here.resources["session"]
    return opened


def sqlalchemy_url(url: str) -> str:
    """A libpq address as SQLAlchemy writes it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the app to its roles."""
    options: dict[str, Any] = {
        "pool_size": settings.pool_size,
        "max_overflow": 0,
        "pool_timeout": settings.pool_timeout,
        "hide_parameters": True,  # an error of the database must not carry what a citizen typed
        "connect_args": {"autocommit": True, "application_name": "superapp", "connect_timeout": 5},
    }
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["SQLALCHEMY_DATABASE_URI"] = sqlalchemy_url(settings.app_url)
    app.config["SQLALCHEMY_BINDS"] = {"ops": sqlalchemy_url(settings.ops_url)} if settings.ops_url else {}
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            _guard(engine)


def _guard(engine: Engine) -> None:
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _stamp)
    event.listen(engine, "checkout", _ping)


def _stamp(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ask a connection that lay idle whether it still lives; a dead one ends the whole pool's.

    One that was in use a moment ago is not asked: that saves a busy page a tenth of its time, and
    whoever meets a server that died in that moment is answered 503, or tries once more.
    """
    if time.monotonic() - record.info.get("used_at", 0.0) < IDLE_SECONDS:
        return
    try:
        connection.execute("")
    except psycopg.Error as error:
        raise InvalidatePoolError("The database went away while the connection was idle.") from error


def _begin(connection: Connection) -> None:
    here = scope()
    if here is None:
        raise NoTenant("A query was sent outside of any scope.")
    tenant_id = "" if here.tenant is None else str(int(here.tenant.id))
    statement = f"BEGIN; SET LOCAL app.tenant_id = '{tenant_id}'"
    cursor = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
    try:
        cursor.execute(statement)
    except psycopg.OperationalError as error:
        connection.invalidate(error)
        raise OperationalError(statement, None, error, connection_invalidated=True) from error
    finally:
        cursor.close()


def refuse_strong_role(url: str) -> None:
    """Raise RuntimeError when the app's role could look past Row Level Security.

    A database that is away says nothing; the requests will answer 503 until it is back.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            strong = connection.execute(STRONG).fetchone()
    except psycopg.OperationalError:
        return
    if strong and any(strong):
        raise RuntimeError(
            "The web must not run as this database role: it owns tables, is superuser or bypasses "
            "Row Level Security. Point SUPERAPP_APP_URL at superapp_app."
        )


STRONG = """
SELECT r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relowner = r.oid AND n.nspname NOT LIKE 'pg\\_%')
FROM pg_roles r WHERE r.rolname = current_user
"""
