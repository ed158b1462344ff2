"""After a test its database is as before, whatever table the test wrote to, and whatever else it did."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest

from superapp.testing import postgres
from superapp.testing.putback import Putback

# Asked of the catalog here once more, so that a table which the put-back overlooks is missed.
TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384
"""
# Whatever forbids a row of nulls, foreign keys first: this database is thrown away.
LOOSEN = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE conrelid >= 16384 AND contype <> 'n' ORDER BY contype <> 'f'
"""
NULLS = """
SELECT format('ALTER TABLE %s ALTER %I DROP NOT NULL', attrelid::regclass, attname)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE attrelid >= 16384 AND attnotnull AND attnum > 0 AND attidentity = '' AND NOT attisdropped
    AND relkind = 'r'
"""
FIRST_COLUMN = """
SELECT quote_ident(attname) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' LIMIT 1
"""
SEQUENCES = "SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'S' AND oid >= 16384"


@pytest.fixture
def link(superapp_host) -> Iterator[psycopg.Connection]:
    """A database of its own with both tenants in it."""
    server, name = superapp_host.server, f"{superapp_host.server.template}_{secrets.token_hex(3)}"
    postgres.copy(server, superapp_host.ready, name)
    with psycopg.connect(server.admin_url, dbname=name, autocommit=True) as connection:
        yield connection


@pytest.fixture
def putback(link, superapp_host) -> Iterator[Putback]:
    made = Putback(superapp_host.server.admin_url, link.info.dbname)
    made.remember()
    yield made
    made.close()


def names(link: psycopg.Connection, question: str) -> list[str]:
    return [name for (name,) in link.execute(question)]


def everything(link: psycopg.Connection) -> dict[str, list[str]]:
    """Each row of each table, and where each sequence stands."""
    rows = {name: names(link, f"SELECT t::text FROM {name} t ORDER BY 1") for name in names(link, TABLES)}
    places = {
        n: names(link, f"SELECT (last_value, is_called)::text FROM {n}") for n in names(link, SEQUENCES)
    }
    return rows | places


def test_a_row_more_in_any_table_is_undone(link, superapp_host) -> None:
    link.execute("SET session_replication_role = replica")  # no trigger of the queue
    for question in (LOOSEN, NULLS):
        for statement in names(link, question):
            link.execute(statement)
    putback = Putback(superapp_host.server.admin_url, link.info.dbname)
    putback.remember()
    before = everything(link)
    for name in names(link, TABLES):
        link.execute(f"INSERT INTO {name} DEFAULT VALUES")
    for name in names(link, SEQUENCES):
        link.execute("SELECT setval(%s, 4711)", (name,))
    written = everything(link)
    assert len(before) > 80 and [name for name in before if written[name] == before[name]] == []
    assert putback.undo()
    putback.close()
    assert everything(link) == before


def test_a_row_less_and_a_changed_one_are_undone_time_and_again(link, putback) -> None:
    before = everything(link)
    filled = [name for name in names(link, TABLES) if before[name]]
    assert len(filled) > 15
    link.execute("SET session_replication_role = replica")
    for _ in range(2):
        for name in filled:
            link.execute(f"DELETE FROM {name}")
        assert putback.undo() and everything(link) == before
        moved = list(putback.marks)
        for name in filled:
            column = link.execute(FIRST_COLUMN, (name,)).fetchone()[0]
            link.execute(f"UPDATE {name} SET {column} = {column}")
        assert putback.undo() and everything(link) == before
        assert sum(mark != now for mark, now in zip(moved, putback.marks, strict=True)) == len(filled)


def test_what_was_rolled_back_costs_no_table(link, putback) -> None:
    before = list(putback.marks)
    with link.transaction(force_rollback=True):
        link.execute("DELETE FROM core.role")
    assert putback.undo() and putback.marks == before


BEYOND_UNDOING = [
    "CREATE TABLE core.hole (n int)",
    "ALTER TABLE core.agency DISABLE ROW LEVEL SECURITY",
    "DROP POLICY tenant ON core.agency",
    "ALTER TABLE core.agency ALTER name DROP NOT NULL",
    "GRANT TRUNCATE ON core.agency TO superapp_app",
    "CREATE INDEX ON core.agency (name)",
    "CREATE FUNCTION core.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "TRUNCATE core.holiday CASCADE",
    "ANALYZE core.role",
    "SELECT pg_advisory_lock(7)",
    "BEGIN",
]


def test_what_cannot_be_undone_asks_for_a_fresh_copy(link, putback) -> None:
    for change in BEYOND_UNDOING:
        putback.remember()
        assert putback.undo()
        link.execute(change)
        assert not putback.undo(), change
        if "advisory" in change:
            link.execute("SELECT pg_advisory_unlock_all()")


def test_so_does_a_table_that_grew_too_big(link, putback, monkeypatch) -> None:
    monkeypatch.setattr("superapp.testing.putback.BLOAT", 1 << 16)
    putback.remember()
    link.execute("SET session_replication_role = replica")
    link.execute(
        "INSERT INTO core.host_name (host, tenant_id) SELECT 'h' || n, 1 FROM generate_series(1, 3000) n"
    )
    assert not putback.undo()


def test_a_server_that_went_away_asks_for_a_fresh_copy(link, putback) -> None:
    link.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'putback'"
        " AND datname = current_database()"
    )
    assert not putback.undo()
    assert putback.undo()  # on a new connection
