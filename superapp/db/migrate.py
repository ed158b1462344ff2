"""Prepares a database: roles, schemas, the job tables, core migrations, then each plugin's.

Core and every plugin have a schema and a version table of their own: one shared table would block
the core on the day a plugin is uninstalled.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

import superapp
from superapp.db.engine import sqlalchemy_url

# Alembic takes half a second to import, and the web only ever asks whether something is pending.
if TYPE_CHECKING:
    from alembic.config import Config

CORE_SCRIPTS = Path(superapp.__file__).parents[1] / "migrations"
OLDEST = 150000
_LOCK = 7_205_514


@dataclass(frozen=True, slots=True)
class Urls:
    """libpq addresses of the three login roles."""

    app: str
    ops: str
    owner: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """A schema and where its migration files are; the core's is named `core`."""

    schema: str
    versions: Path


CORE = Migrated("core", CORE_SCRIPTS / "versions")

ROLES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("superapp_owner", "LOGIN NOSUPERUSER NOBYPASSRLS"),
    ("superapp_app", "LOGIN NOSUPERUSER NOBYPASSRLS"),
    ("superapp_ops", "LOGIN NOSUPERUSER BYPASSRLS"),
    ("superapp_search", "NOLOGIN NOSUPERUSER BYPASSRLS"),
)


def prepare(
    admin_url: str, secret_key: str, *, database: str = "superapp", plugins: Iterable[Migrated] = ()
) -> Urls:
    """Bring a server to the newest state and return the roles' addresses. Safe to repeat.

    Raises RuntimeError when the server is older than PostgreSQL 15 or the admin may not create roles.
    """
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as admin:
        if admin.info.server_version < OLDEST:
            raise RuntimeError("PostgreSQL 15 or newer is needed; this server is older.")
        admin.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _roles(admin, secret_key)
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER superapp_owner TEMPLATE template0").format(
                    sql.Identifier(database)
                )
            )
    _open_database(_with(admin_url, database), database)
    urls = urls_for(admin_url, secret_key, database)
    upgrade(urls.owner, plugins)
    return urls


def urls_for(admin_url: str, secret_key: str, database: str = "superapp") -> Urls:
    """The roles' addresses on the admin's server; passwords are derived from the secret key."""
    return Urls(
        *(
            _with(admin_url, database, role, _password(secret_key, role))
            for role in ("superapp_app", "superapp_ops", "superapp_owner")
        )
    )


def upgrade(owner_url: str, plugins: Iterable[Migrated] = ()) -> list[str]:
    """Run what is pending, core first, then plugins in their given order; returns the schemas moved."""
    from alembic import command

    moved = []
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    try:
        for part in (CORE, *plugins):
            for attempt in range(5):
                try:
                    with engine.connect() as connection:
                        connection.exec_driver_sql("SET lock_timeout = '4s'")
                        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{part.schema}"')
                        connection.commit()
                        config = _config(part)
                        config.attributes["connection"] = connection
                        if pending(connection, part):
                            command.upgrade(config, "heads")
                            moved.append(part.schema)
                            versions = f'"{part.schema}".alembic_version'
                            connection.exec_driver_sql(
                                f"GRANT SELECT ON {versions} TO superapp_app, superapp_ops"
                            )
                        connection.commit()
                    break
                except OperationalError as error:
                    # Only a lock that could not be had in time is worth another try.
                    if getattr(error.orig, "sqlstate", "") != "55P03" or attempt == 4:
                        raise
                    time.sleep(2**attempt)
    finally:
        engine.dispose()
    return moved


def pending(connection: object, part: Migrated) -> bool:
    """True when a schema is not at the newest of its migrations; needs only SELECT."""
    return current(connection, part.schema) != heads(part)


@cache
def heads(part: Migrated) -> frozenset[str]:
    """The newest revisions among a part's migration files, as they were when this process first looked."""
    from alembic.script import ScriptDirectory

    return frozenset(ScriptDirectory.from_config(_config(part)).get_heads())


def current(connection: object, schema: str) -> set[str]:
    """The revisions that a schema's version table names; empty when it has none."""
    run = connection.exec_driver_sql  # type: ignore[attr-defined]
    if run(f"SELECT to_regclass('{schema}.alembic_version')").scalar() is None:
        return set()
    return {row[0] for row in run(f'SELECT version_num FROM "{schema}".alembic_version')}  # noqa: S608


def _config(part: Migrated) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(CORE_SCRIPTS))
    config.set_main_option("version_locations", str(part.versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["schema"] = part.schema
    return config


def _password(secret_key: str, role: str) -> str:
    return hmac.new(secret_key.encode(), f"role:{role}".encode(), hashlib.sha256).hexdigest()


def _roles(admin: psycopg.Connection, secret_key: str) -> None:
    for role, rights in ROLES:
        known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        verb = sql.SQL("ALTER ROLE {} " if known else "CREATE ROLE {} ").format(sql.Identifier(role))
        password = sql.SQL(" PASSWORD {}").format(sql.Literal(_password(secret_key, role)))
        admin.execute(verb + sql.SQL(rights) + (password if "NOLOGIN" not in rights else sql.SQL("")))
    admin.execute("GRANT superapp_search TO superapp_owner")


def _open_database(admin_url: str, database: str) -> None:
    """What only the admin may do inside: the extension, the schemas' search path, job tables."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for schema in ("core", "jobs"):
            admin.execute(
                sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION superapp_owner").format(
                    sql.Identifier(schema)
                )
            )
            admin.execute(
                sql.SQL("GRANT USAGE ON SCHEMA {} TO superapp_app, superapp_ops, superapp_search").format(
                    sql.Identifier(schema)
                )
            )
        admin.execute(
            sql.SQL("GRANT CREATE ON DATABASE {} TO superapp_owner").format(sql.Identifier(database))
        )
        for role in ("superapp_app", "superapp_ops", "superapp_owner"):
            admin.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = jobs, public").format(
                    sql.Identifier(role), sql.Identifier(database)
                )
            )
        if admin.execute("SELECT to_regclass('jobs.procrastinate_jobs')").fetchone() == (None,):
            _job_tables(admin)


def _job_tables(admin: psycopg.Connection) -> None:
    from procrastinate.schema import SchemaManager

    with admin.transaction():
        admin.execute("SET LOCAL ROLE superapp_owner")
        admin.execute("SET LOCAL search_path = jobs, public")
        admin.execute(SchemaManager.get_schema().encode())
        admin.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO superapp_app, superapp_ops"
        )
        admin.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO superapp_app, superapp_ops")


def _with(url: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """The same server, another database and user, written as a URL."""
    from urllib.parse import quote, urlencode

    parts = conninfo_to_dict(url)
    name = user or str(parts.get("user") or "postgres")
    secret = password or parts.get("password")
    who = quote(name) + (f":{quote(str(secret), safe='')}" if secret else "")
    known = {k: str(v) for k, v in parts.items() if k in {"host", "port", "sslmode", "sslrootcert"} and v}
    return f"postgresql://{who}@/{quote(database)}?{urlencode(known)}"
