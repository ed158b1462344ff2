"""Databases for tests: one server a run, one prepared template, a copy of it for each process.

Tests commit as the product does; `putback` undoes what one did, and where that cannot be, a fresh copy
takes its place.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from superapp.db import embedded, migrate
from superapp.plugin import registry

KEY = os.environ.get("SUPERAPP_SECRET_KEY") or "only-for-tests-only-for-tests-only"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its `template` is a database with every migration and no rows."""

    admin_url: str
    template: str


@contextmanager
def server() -> Iterator[Server]:
    """Runs PostgreSQL with a prepared template for one test run, and leaves nothing behind.

    DATABASE_URL is used when set; give it a server of its own, because the roles belong to the server.
    """
    name = f"superapp_test_{secrets.token_hex(4)}"
    with (
        tempfile.TemporaryDirectory(prefix="superapp-test-") as folder,
        embedded.running(Path(folder), fast=True) as admin_url,
    ):
        made = registry.build(registry.discover())
        try:
            migrate.prepare(admin_url, KEY, database=name, plugins=registry.migrated(made))
            yield Server(admin_url, name)
        finally:
            _drop_all(admin_url, name)


def copy(running: Server, source: str, name: str) -> migrate.Urls:
    """Puts a fresh copy of database `source` in place of `name`; returns the roles' addresses."""
    with psycopg.connect(running.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER superapp_owner TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
        _copy_role_settings(admin, source, name)
    return migrate.urls_for(running.admin_url, KEY, name)


def _copy_role_settings(admin: psycopg.Connection, source: str, name: str) -> None:
    """ALTER ROLE ... IN DATABASE belongs to the original only; a copy has to be told again."""
    rows = admin.execute(
        "SELECT r.rolname, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)"
        " FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
        " JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS c WHERE d.datname = %s",
        (source,),
    ).fetchall()
    for role, setting, value in rows:
        statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} TO ").format(
            sql.Identifier(role), sql.Identifier(name), sql.Identifier(setting)
        )
        # A list such as search_path is one literal a name.
        admin.execute(statement + sql.SQL(", ").join(sql.Literal(v.strip()) for v in value.split(",")))


def _drop_all(admin_url: str, prefix: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        found = admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        ).fetchall()
        for (name,) in found:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
