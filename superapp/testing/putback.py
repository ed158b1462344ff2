"""Puts a database back after a test by undoing what the test wrote, without making the database anew.

Every table and sequence that the catalog knows has a mark: how many rows it holds and the newest
transaction that wrote one of them. A table whose mark moved is emptied and filled with its first rows.
What cannot be undone so (a changed catalog, an open transaction, a bloated table) is said with False: then
only a fresh copy will do. An untouched database costs one query of about a millisecond.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

# After so many bytes a table's dead rows cost more than a fresh copy.
BLOAT = 4 << 20
FIRST_OWN = 16384  # objects with smaller numbers belong to PostgreSQL itself
# What DDL, a grant or ANALYZE writes to, and the column that tells whose it is.
CATALOGS = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_policy": "oid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
    "pg_rewrite": "ev_class",
    "pg_namespace": "oid",
    "pg_statistic": "starelid",
    "pg_type": "oid",
}
KNOWN = """
SELECT n.nspname, c.relname, c.relkind = 'S'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'S') AND c.oid >= 16384 ORDER BY 1, 2
"""
BUSY = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type = 'client backend' AND state <> 'idle')
    OR EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
               WHERE locktype = 'advisory' AND d.datname = current_database())
"""
Mark = tuple[int, int]


@dataclass(slots=True)
class Putback:
    """The first rows of one database, and how to come back to them; the address is an administrator's."""

    url: str
    database: str
    tables: list[sql.Identifier] = field(default_factory=list)
    sequences: list[sql.Identifier] = field(default_factory=list)
    rows: list[bytes] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    question: sql.Composed | None = None
    link: psycopg.Connection | None = None

    def remember(self) -> None:
        """Takes the rows that are there now as those to come back to."""
        link = self._open()
        known = link.execute(KNOWN).fetchall()
        self.tables = [sql.Identifier(*name) for *name, is_sequence in known if not is_sequence]
        self.sequences = [sql.Identifier(*name) for *name, is_sequence in known if is_sequence]
        self.rows = [self._rows(link, table) for table in self.tables]
        self.question = self._question()
        self.marks = self._ask(link)

    def accept(self) -> None:
        """The database was replaced by a copy with the same rows: only their marks may be others."""
        self.marks = self._ask(self._open())

    def undo(self) -> bool:
        """Comes back to the first rows; False when only a fresh copy of the database can."""
        try:
            link = self._open()
            if link.execute(BUSY).fetchone() != (False,):
                return False
            return self._undo(link)
        except psycopg.Error:
            self.close()
            return False

    def close(self) -> None:
        """Lets go of the database."""
        if self.link is not None:
            with suppress(psycopg.Error):
                self.link.close()
        self.link = None

    def _undo(self, link: psycopg.Connection) -> bool:
        found = self._ask(link)
        moved = [number for number, mark in enumerate(found) if mark != self.marks[number]]
        if not moved:
            return True
        parts = len(self.tables) + len(self.sequences)
        if max(moved) >= parts:  # the catalog, or a table grew too big
            return False
        with link.transaction():
            for number in moved:
                if number < len(self.tables):
                    self._refill(link, number)
                else:
                    name = self.sequences[number - len(self.tables)].as_string()
                    link.execute("SELECT setval(%s, %s, %s)", (name, *_position(self.marks[number])))
        self.marks = self._ask(link)
        return True

    def _refill(self, link: psycopg.Connection, number: int) -> None:
        table = self.tables[number]
        link.execute(sql.SQL("DELETE FROM {}").format(table))
        if self.marks[number][0]:
            with link.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)) as into:
                into.write(self.rows[number])

    def _rows(self, link: psycopg.Connection, table: sql.Identifier) -> bytes:
        with link.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(table)) as out:
            return b"".join(map(bytes, out))

    def _question(self) -> sql.Composed:
        """One row a table, a sequence and a catalog, in this order; at the end whether a table is bloated."""
        newest = sql.SQL("SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {}")
        place = sql.SQL("SELECT last_value, is_called::int FROM {}")
        parts: list[sql.Composable] = [newest.format(table) for table in self.tables]
        parts += [place.format(sequence) for sequence in self.sequences]
        for catalog, owner in CATALOGS.items():
            whose = sql.SQL(" WHERE {} >= {}").format(sql.Identifier(owner), sql.Literal(FIRST_OWN))
            parts.append(newest.format(sql.Identifier(catalog)) + whose)
        parts.append(
            sql.SQL(
                "SELECT count(*), 0 FROM pg_class WHERE oid >= {} AND relkind = 'r'"
                " AND pg_relation_size(oid) > {}"
            ).format(sql.Literal(FIRST_OWN), sql.Literal(BLOAT))
        )
        return sql.SQL(" UNION ALL ").join(parts)

    def _ask(self, link: psycopg.Connection) -> list[Mark]:
        assert self.question is not None, "remember() comes first"
        return link.execute(self.question, prepare=True).fetchall()

    def _open(self) -> psycopg.Connection:
        if self.link is None:
            self.link = psycopg.connect(
                self.url,
                dbname=self.database,
                autocommit=True,
                application_name="putback",
                # Foreign keys stay silent, and nobody waits for a test that left a lock behind.
                options="-c session_replication_role=replica -c lock_timeout=2s",
            )
        return self.link


def _position(mark: Mark) -> tuple[int, bool]:
    return mark[0], bool(mark[1])
