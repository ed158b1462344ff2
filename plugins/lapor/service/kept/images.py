"""Rows as they were: pictures of a case before and after a step, and the way back from one to the other.

Everything is by column name out of the database's own JSON, so that a column which somebody adds to
one of these tables later is covered without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from plugins.lapor.service.store import dumps
from superapp.sdk import Conflict, current_tenant, session

Row = dict[str, Any]
Image = Mapping[tuple[str, str], Row]
Change = dict[str, Any]  # table, key (columns and values), before and after: changed columns, None for no row

# Tables of a case that a step may change, and the column that names the case.
CASE_TABLES: Final = {
    "complaint": "id",
    "assignment": "complaint_id",
    "deadline": "complaint_id",
    "pause": "complaint_id",
    "asked": "complaint_id",
}
KEYS: Final = {"check_tick": ("complaint_id", "item_id"), "draft": ("complaint_id", "owner_id", "field")}
# Counted by every change, so never a part of what is taken back.
MOVING: Final = frozenset({"tenant_id", "version", "updated_at"})
# Set by the clocks between two steps of officers.
TOLERATED: Final = frozenset({"overdue", "rung", "rung_who"})
NAME = re.compile(r"[a-z_][a-z0-9_]*")
MOVED = "Laporan ini sudah berubah lagi sejak langkah itu."

PICTURE = text(
    " UNION ALL ".join(
        f"SELECT '{table}' AS name, to_jsonb(r) AS row FROM lapor.{table} r "  # noqa: S608  names of this file
        f"WHERE r.tenant_id = :tenant AND r.{column} = :case"
        for table, column in CASE_TABLES.items()
    )
)


def picture(complaint_id: UUID) -> Image:
    """All rows of a case by table and id, in one round trip."""
    rows = session().execute(PICTURE, {"tenant": current_tenant().id, "case": complaint_id})
    return {(name, row["id"]): row for name, row in rows}


def differences(before: Image, after: Image) -> list[Change]:
    """What became different, row by row: of a changed row only the columns that changed."""
    found: list[Change] = []
    for table, row_id in dict.fromkeys((*before, *after)):
        old, new = before.get((table, row_id)), after.get((table, row_id))
        if old is not None and new is not None:
            names = [name for name in new if name not in MOVING and old.get(name) != new[name]]
            if not names:
                continue
            old, new = {name: old.get(name) for name in names}, {name: new[name] for name in names}
        found.append({"table": table, "key": {"id": row_id}, "before": old, "after": new})
    return found


def added(table: str, row: Mapping[str, Any]) -> Change:
    """The change that made a row; `row` needs its key alone."""
    return {"table": table, "key": _key(table, row), "before": None, "after": {}}


def removed(table: str, row: Row) -> Change:
    """The change that took a whole row away."""
    return {"table": table, "key": _key(table, row), "before": row, "after": None}


def row_of(table: str, key: Mapping[str, Any]) -> Row | None:
    """One row as JSON, None when there is none."""
    query = text(
        f"SELECT to_jsonb(r) FROM lapor.{_name(table)} r WHERE r.tenant_id = :tenant AND {_where(key)}"  # noqa: S608
    )
    found: Row | None = session().execute(query, {"tenant": current_tenant().id, **key}).scalar()
    return found


def restore(changes: Sequence[Change]) -> None:
    """Take changes back. Raises Conflict when a column is no longer what the step made of it.

    Added rows leave first, because unique indexes hold them against those that come back.
    """
    for each in changes:
        _check(each)
    for each in changes:
        if each["before"] is None:
            _run("DELETE FROM lapor.{table} r WHERE r.tenant_id = :tenant AND {where}", each)
    for each in changes:
        if each["before"] is not None and each["after"] is not None:
            _put(each)
    for each in changes:
        if each["after"] is None:
            names = ", ".join(f'"{_name(name)}"' for name in each["before"])
            _run(
                f"INSERT INTO lapor.{{table}} ({names}) SELECT {names} "  # noqa: S608
                "FROM jsonb_populate_record(NULL::lapor.{table}, CAST(:row AS jsonb))",
                each,
            )


def _check(change: Change) -> None:
    now = row_of(change["table"], change["key"])
    if (now is None) != (change["after"] is None):
        raise Conflict(MOVED)
    if now is None or change["before"] is None:
        return
    for name, value in change["after"].items():
        if name not in TOLERATED and now.get(name) != value:
            raise Conflict(MOVED)


def _put(change: Change) -> None:
    names = [f'"{_name(name)}"' for name in change["before"]]
    sets = ", ".join(f"{name} = p.{name}" for name in names)
    _run(
        f"UPDATE lapor.{{table}} r SET {sets} FROM jsonb_populate_record(NULL::lapor.{{table}}, "  # noqa: S608
        "CAST(:row AS jsonb)) p WHERE r.tenant_id = :tenant AND {where}",
        change,
    )


def _run(statement: str, change: Change) -> None:
    sql = statement.format(table=_name(change["table"]), where=_where(change["key"]))
    values = {"tenant": current_tenant().id, "row": dumps(change["before"]), **change["key"]}
    session().execute(text(sql), values)


def _where(key: Mapping[str, Any]) -> str:
    return " AND ".join(f"r.{_name(name)} = :{name}" for name in key)


def _key(table: str, row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(row[name]) for name in KEYS.get(table, ("id",))}


def _name(name: str) -> str:
    """A column or table name out of the database's own catalogue, never a sentence."""
    if NAME.fullmatch(name) is None:
        raise ValueError(name)
    return name
