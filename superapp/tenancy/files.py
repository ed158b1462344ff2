"""How one CSV file of a tenant's folder is declared; check, apply, diff and export derive from it.

The host declares agencies.csv, areas.csv and holidays.csv; a plugin adds its own in
`superapp_tenant_files`. A declaration is all there is: no plugin writes a loader.

    TenantFile(
        name="routing.csv",
        model=RoutingRule,
        columns=(
            Column("category", required=True, ref="categories.csv", attribute="category_code"),
            Column("area", ref="areas.csv", attribute="area_code", nullable=True),
            Column("agency", required=True, ref="agencies.csv", attribute="agency_id", by_id=True),
            Column("priority", kind="int", default="0", low=0, high=1000),
            Column("valid_from", kind="date"),
            Column("valid_to", kind="date"),
            Column("document"),
        ),
        key=("category", "area", "priority", "valid_from"),
        subject=("category", "area", "priority"),
        removal="end",
        check=every_category_is_routed,
    )

Two rows with the same `subject` must not be valid on the same day. `check` sees all tables of the
folder, typed, after every cell was read without a finding, and yields what only it can know.
`warn` does the same for what may go live but should be seen to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

CellKind = Literal["text", "int", "float", "bool", "date", "list"]
Removal = Literal["end", "delete", "report"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a folder, where, and what to do. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.column + ': ' if self.column else ''}{self.problem} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what may stand in it, and which attribute of the model keeps it.

    Kinds: text · int · float · bool (`ya`/`tidak`) · date (`2026-03-17`) · list (`got|selokan`,
    kept as a list of texts). An empty cell is read as `default`; still empty it becomes "" for
    text (None when `nullable`), [] for lists, False for bool and None for the others.
    `ref` names the file whose single-column key the value must be; with `by_id` the model keeps
    the referenced row's id instead of the key. `pattern` must match the whole value.
    """

    name: str
    kind: CellKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    ref: str = ""
    by_id: bool = False
    nullable: bool = False
    default: str = ""
    attribute: str = ""
    remedy: str = ""

    @property
    def target(self) -> str:
        """The model's attribute."""
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: `values` typed by column name, `line` as an editor counts it."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


Tables = Mapping[str, Sequence[Row]]
FolderCheck = Callable[[Tables], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class TenantFile:
    """One CSV file and the table it becomes.

    `key` names a row for good. `subject` (optional) plus `valid_from`/`valid_to` must not overlap.
    `removal` says what happens to a row that left the folder: `end` sets its `valid_to` to the day
    of apply, `delete` removes it (only for rows nothing points to), `report` leaves it and says so.
    A file that is not `required` may be missing; its rows in the database then stay as they are.
    """

    name: str
    model: type[Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    subject: tuple[str, ...] = ()
    removal: Removal = "report"
    required: bool = True
    check: FolderCheck | None = None
    warn: FolderCheck | None = None
    _by_name: dict[str, Column] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})
        unknown = [name for name in (*self.key, *self.subject) if name not in self._by_name]
        if unknown or not self.key:
            raise ValueError(f"{self.name}: key and subject must name columns, got {unknown or 'no key'}.")

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError."""
        return self._by_name[name]


def ordered(files: Iterable[TenantFile]) -> tuple[TenantFile, ...]:
    """The files so that each stands after those it refers to. Raises ValueError for doubles and circles."""
    waiting = list(files)
    names = [file.name for file in waiting]
    if len(names) != len(set(names)):
        raise ValueError(
            f"Two declarations claim one file: {sorted({n for n in names if names.count(n) > 1})}."
        )
    done: list[TenantFile] = []
    while waiting:
        placed = {file.name for file in done}
        ready = [file for file in waiting if _refs(file) & set(names) <= placed]
        if not ready:
            raise ValueError(f"Files refer to each other in a circle: {[file.name for file in waiting]}.")
        done.extend(ready)
        waiting = [file for file in waiting if file not in ready]
    return tuple(done)


def _refs(file: TenantFile) -> set[str]:
    return {column.ref for column in file.columns if column.ref and column.ref != file.name}
