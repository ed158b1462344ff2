"""Dated rows changed at the desk: one is added or ended, judged as a folder would be, never rewritten.

The declaration of a `TenantFile` is all that is needed: cells are read by its columns, and its
periods, references and own check judge the new row beside those that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from superapp.context import current_tenant
from superapp.db.base import new_id
from superapp.db.engine import session
from superapp.errors import Conflict, FieldError, Invalid, NotFound
from superapp.tenancy import tables
from superapp.tenancy.cells import CellError, write
from superapp.tenancy.cells import read as read_cell
from superapp.tenancy.check import judged
from superapp.tenancy.files import Finding, Row, TenantFile, ordered
from superapp.tenancy.host_files import HOST_FILES

FIRST_LINE = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept row: `line` is its number in the list, which findings name; `values` are typed."""

    id: UUID
    line: int
    values: Mapping[str, Any]

    @property
    def valid_to(self) -> date | None:
        """Its last day, None while nobody ended it."""
        day: date | None = self.values["valid_to"]
        return day


def entries(file: TenantFile, files: Iterable[TenantFile]) -> list[Entry]:
    """The open tenant's rows of a table, in the order of their keys."""
    return _book(file, files)[0]


def add(
    file: TenantFile,
    files: Iterable[TenantFile],
    given: Mapping[str, str],
    *,
    instead_of: UUID | None = None,
    today: date | None = None,
) -> Entry:
    """Add a row from its cells; belongs inside of work().

    With `instead_of` it takes the place of a row that ends the day before. Raises Invalid with a
    field for each column that cannot be read or that clashes with a row, and what `end` raises.
    """
    kept, known = _book(file, files)
    values, errors = _read(file, given)
    if errors:
        raise Invalid(errors=errors)
    rows = list(known[file.name])
    old = None
    if instead_of is not None:
        if values["valid_from"] is None:
            raise Invalid(
                errors=[FieldError("valid_from", "Isi sejak kapan baris baru berlaku.", "required")]
            )
        last = values["valid_from"] - timedelta(days=1)
        old = _ending(kept, instead_of, last, today or date.min, field="valid_from")
        rows = [Row(old.line, old.values) if each.line == old.line else each for each in rows]
    row = Row(len(kept) + FIRST_LINE, values)
    if wrong := _new_findings(file, files, known, [*rows, row]):
        raise Invalid(errors=[_error(file, each) for each in wrong])
    if old is not None:
        session().get_one(file.model, (current_tenant().id, old.id)).valid_to = old.valid_to
    model = _model(file, files, row)
    session().add(model)
    session().flush()
    return Entry(model.id, row.line, values)


def end(
    file: TenantFile, files: Iterable[TenantFile], row_id: UUID, last: date, today: date, document: str = ""
) -> Entry:
    """Let `last` be the last day of a row; belongs inside of work(). The past is never rewritten.

    Raises NotFound, Conflict for a row that has ended, Invalid for a day before yesterday or before
    its first one, and where the rows that stay do not fit without it.
    """
    kept, known = _book(file, files)
    entry = _ending(kept, row_id, last, today)
    changed = Row(entry.line, entry.values)
    rows = [changed if each.line == entry.line else each for each in known[file.name]]
    if wrong := _new_findings(file, files, known, rows):
        raise Invalid(errors=[FieldError("valid_to", "; ".join(map(str, wrong)), "conflict")])
    model = session().get_one(file.model, (current_tenant().id, row_id))
    model.valid_to = last
    if document:
        model.document = "; ".join(part for part in (model.document, document) if part)
    session().flush()
    return entry


def text_of(file: TenantFile, entry: Entry) -> dict[str, str]:
    """A row's cells as a folder writes them."""
    return {column.name: write(column, entry.values[column.name]) for column in file.columns}


def _ending(
    kept: Sequence[Entry], row_id: UUID, last: date, today: date, *, field: str = "valid_to"
) -> Entry:
    """The entry with its last day set, when that may be."""
    entry = next((each for each in kept if each.id == row_id), None)
    if entry is None:
        raise NotFound("Baris ini tidak ada.")
    if entry.valid_to is not None and entry.valid_to < today:
        raise Conflict(f"Baris {entry.line} sudah berakhir {entry.valid_to}.")
    if last < today - timedelta(days=1):
        raise Invalid(
            errors=[
                FieldError(field, "Yang sudah lewat tidak diubah: pilih hari ini atau sesudahnya.", "range")
            ]
        )
    first = entry.values["valid_from"]
    if first is not None and last < first:
        raise Invalid(errors=[FieldError(field, f"Baris {entry.line} baru mulai {first}.", "range")])
    return replace(entry, values={**entry.values, "valid_to": last})


def _new_findings(
    file: TenantFile, files: Iterable[TenantFile], known: Mapping[str, Sequence[Row]], rows: Sequence[Row]
) -> list[Finding]:
    """What would be wrong then and is not now, so that an old mistake does not block a new row."""
    every = _all(files)
    before = set(judged(file, every, known))
    after = set(judged(file, every, {**known, file.name: rows}))
    return sorted(after - before, key=str)


def _model(file: TenantFile, files: Iterable[TenantFile], row: Row) -> Any:
    stored = tables.read(session(), _all(files))
    model = file.model(id=new_id())
    for column in file.columns:
        value = row[column.name]
        if column.by_id and value is not None:
            value = stored[column.ref].ids()[value]
        setattr(model, column.target, value)
    return model


def _all(files: Iterable[TenantFile]) -> tuple[TenantFile, ...]:
    return ordered([*HOST_FILES, *files])


def _book(file: TenantFile, files: Iterable[TenantFile]) -> tuple[list[Entry], dict[str, Sequence[Row]]]:
    """The table's entries, and all tables as typed rows, numbered as the lists show them."""
    stored = tables.read(session(), _all(files))
    known: dict[str, Sequence[Row]] = {}
    found: list[Entry] = []
    for name, table in stored.items():
        rows = []
        for number, key in enumerate(sorted(table.units), FIRST_LINE):
            unit = table.units[key]
            values = {column.name: read_cell(column, unit[column.name]) for column in table.file.columns}
            rows.append(Row(number, values))
            if name == file.name:
                found.append(Entry(table.rows[key].id, number, values))
        known[name] = rows
    return found, known


def _read(file: TenantFile, given: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldError]]:
    values: dict[str, Any] = {}
    errors = []
    for column in file.columns:
        try:
            values[column.name] = read_cell(column, given.get(column.name, ""))
        except CellError as error:
            errors.append(FieldError(column.name, f"{error.problem} {error.remedy}".strip(), "format"))
    return values, errors


def _error(file: TenantFile, finding: Finding) -> FieldError:
    names = {column.name for column in file.columns}
    column = finding.column if finding.column in names else file.columns[0].name
    return FieldError(column, f"{finding.problem} {finding.remedy}".strip(), "conflict")
