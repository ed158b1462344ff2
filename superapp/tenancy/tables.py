"""Rows of the declared tables in the open tenant's scope: read as text, written from typed cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from superapp.db.base import new_id
from superapp.tenancy.cells import write
from superapp.tenancy.check import key_of
from superapp.tenancy.files import Row, TenantFile

Key = tuple[str, ...]


@dataclass(slots=True)
class Stored:
    """One table as the database has it: model rows and their text, by key."""

    file: TenantFile
    rows: dict[Key, Any] = field(default_factory=dict)
    units: dict[Key, dict[str, str]] = field(default_factory=dict)

    def ended(self, today: date) -> frozenset[Key]:
        """Keys of rows whose last day has passed."""
        if self.file.removal != "end":
            return frozenset()
        return frozenset(key for key, row in self.rows.items() if row.valid_to and row.valid_to < today)

    def ids(self) -> dict[str, Any]:
        """The id of each row by its single-column key."""
        return {key[0]: row.id for key, row in self.rows.items() if hasattr(row, "id")}


def read(opened: Session, files: Sequence[TenantFile]) -> dict[str, Stored]:
    """All declared tables of the open tenant; `files` in the order of their references."""
    tables: dict[str, Stored] = {}
    for file in files:
        stored = Stored(file)
        rows = list(opened.scalars(select(file.model)))
        names = {file.name: {row.id: getattr(row, _single(file)) for row in rows if hasattr(row, "id")}}
        names |= {
            name: {row.id: key[0] for key, row in table.rows.items() if hasattr(row, "id")}
            for name, table in tables.items()
        }
        for row in rows:
            unit = unit_of_model(file, row, names)
            key = tuple(unit[name] for name in file.key)
            stored.rows[key], stored.units[key] = row, unit
        tables[file.name] = stored
    return tables


def unit_of_model(file: TenantFile, row: Any, names: Mapping[str, Mapping[Any, str]]) -> dict[str, str]:
    """A model's row as text; ids become the keys that `names` knows them by."""
    unit = {}
    for column in file.columns:
        value = getattr(row, column.target)
        if column.by_id and value is not None:
            value = names[column.ref].get(value, str(value))
        unit[column.name] = write(column, value)
    return unit


def unit_of_row(file: TenantFile, row: Row) -> dict[str, str]:
    """A folder's row as text."""
    return {column.name: write(column, row[column.name]) for column in file.columns}


def put(opened: Session, tables: Mapping[str, Stored], file: TenantFile, rows: Sequence[Row]) -> None:
    """Write these rows of a folder: new ones are added, known ones take the folder's values."""
    stored = tables[file.name]
    for row in _parents_first(file, rows):
        key = key_of(file, row)
        values = {
            column.target: _value(tables, column.by_id, column.ref, row[column.name])
            for column in file.columns
        }
        model = stored.rows.get(key)
        if model is None:
            model = file.model(**values)
            if hasattr(model, "id"):
                model.id = new_id()
            opened.add(model)
            opened.flush()
            stored.rows[key] = model
        else:
            for name, value in values.items():
                setattr(model, name, value)
        stored.units[key] = unit_of_row(file, row)


def remove(opened: Session, stored: Stored, key: Key, today: date, living: frozenset[Key]) -> str:
    """Take a row out of force as its declaration says; returns what was done, in a word.

    `living` are the subjects that the folder still speaks of: a rule that was only re-dated is
    deleted, or its past would overlap with that of its successor.
    """
    row, file = stored.rows[key], stored.file
    if file.removal == "report":
        return "tetap, harus diperiksa"
    yesterday = today - timedelta(days=1)
    if file.removal == "end":
        never = row.valid_from is not None and row.valid_from > yesterday
        subject = tuple(stored.units[key][name] for name in file.subject)
        if not never and not (file.subject and subject in living):
            return _end(stored, key, yesterday)
    try:
        with opened.begin_nested():
            opened.delete(row)
    except IntegrityError:
        if file.removal == "end":
            return _end(stored, key, max(yesterday, row.valid_from or yesterday))
        return "tetap, masih dipakai"
    del stored.rows[key], stored.units[key]
    return "dihapus"


def _end(stored: Stored, key: Key, day: date) -> str:
    stored.rows[key].valid_to = day
    stored.units[key]["valid_to"] = day.isoformat()
    return f"berakhir {day}"


def _value(tables: Mapping[str, Stored], by_id: bool, ref: str, value: Any) -> Any:
    return tables[ref].ids()[value] if by_id and value is not None else value


def _single(file: TenantFile) -> str:
    return file.column(file.key[0]).target


def _parents_first(file: TenantFile, rows: Sequence[Row]) -> list[Row]:
    """Rows so that one which refers to another row of the same table comes after it."""
    selves = [column.name for column in file.columns if column.ref == file.name]
    waiting = {key_of(file, row)[0]: row for row in rows}
    if not selves:
        return list(rows)
    ordered: list[Row] = []
    while waiting:
        ready = [
            k for k, row in waiting.items() if not any(row[n] in waiting and row[n] != k for n in selves)
        ]
        ordered += [waiting.pop(key) for key in ready or list(waiting)]
    return ordered
