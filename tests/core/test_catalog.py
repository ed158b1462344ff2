"""The six questions asked of the catalog, on the migrated database with every plugin."""

from pathlib import Path

import psycopg
import pytest

import superapp.db

QUESTIONS = (Path(superapp.db.__file__).parent / "catalog.sql").read_text(encoding="utf-8")

HOLES = {
    "rls": "CREATE TABLE core.hole (tenant_id bigint NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))",
    "keys": "CREATE TABLE core.hole (tenant_id bigint NOT NULL, id uuid PRIMARY KEY)",
    "index types": "CREATE TABLE core.hole (tenant_id bigint NOT NULL, n numeric); "
    "CREATE INDEX ON core.hole (tenant_id, n)",
    "views": "CREATE VIEW core.hole AS SELECT * FROM core.agency",
    "weak role": "GRANT TRUNCATE ON core.agency TO superapp_app",
    "two kinds": "CREATE TABLE core.hole (id uuid PRIMARY KEY)",
    "definer": "CREATE FUNCTION core.hole() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
}


def ask(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    return connection.execute(QUESTIONS.encode()).fetchall()


def test_no_table_of_host_or_plugins_is_a_hole(admin_connection: psycopg.Connection) -> None:
    assert ask(admin_connection) == []


@pytest.mark.parametrize("question", HOLES)
def test_each_kind_of_hole_is_seen(admin_connection: psycopg.Connection, question: str) -> None:
    with admin_connection.transaction(force_rollback=True):
        admin_connection.execute(HOLES[question].encode())
        assert question in {found[0] for found in ask(admin_connection)}
