"""What differs between a folder and the database, and whose the difference is.

Everything is compared as text: one *unit* is a row of a table, or a part of tenant.toml. The digest
of what apply last wrote tells whether a unit in the database was changed at the desk since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# same: nothing to do · kept: the desk's, left alone · ended: was valid once, no folder names it any more
Action = Literal["create", "update", "remove", "same", "kept", "ended"]
Unit = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What has to happen to one unit. `fields` are (name, in the database, in the folder)."""

    file: str
    key: tuple[str, ...]
    action: Action
    reason: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        fields = [{"name": name, "database": here, "folder": there} for name, here, there in self.fields]
        return {
            "file": self.file,
            "key": list(self.key),
            "action": self.action,
            "reason": self.reason,
            "fields": fields,
        }

    def __str__(self) -> str:
        what = " · ".join(part for part in self.key if part) or "*"
        fields = "; ".join(f"{name}: {here or '-'} -> {there or '-'}" for name, here, there in self.fields)
        return f"{self.action:<7}{self.file}  {what}" + "".join(
            f"  ({w})" for w in (self.reason, fields) if w
        )


def digest(unit: Unit) -> str:
    """A short name of a unit's content."""
    return hashlib.sha256(json.dumps(dict(unit), sort_keys=True).encode()).hexdigest()[:32]


def name_of(key: Sequence[str]) -> str:
    """A key as one text, as `applied_row` keeps it."""
    return json.dumps(list(key), ensure_ascii=False)


def compare(
    file: str,
    folder: Mapping[tuple[str, ...], Unit],
    database: Mapping[tuple[str, ...], Unit],
    applied: Mapping[str, str],
    *,
    overwrite: bool = False,
    ended: frozenset[tuple[str, ...]] = frozenset(),
) -> Iterator[Change]:
    """Each unit's change. `applied` maps names of keys to digests; `ended` are keys past their time."""
    for key, there in folder.items():
        yield _wanted(file, key, there, database.get(key), applied.get(name_of(key)), overwrite)
    for key, here in database.items():
        if key not in folder:
            yield _left(file, key, here, applied.get(name_of(key)), key in ended)


def _wanted(
    file: str, key: tuple[str, ...], there: Unit, here: Unit | None, last: str | None, overwrite: bool
) -> Change:
    if here is None:
        gone = last is not None and not overwrite
        return Change(file, key, "kept", "dihapus di meja") if gone else Change(file, key, "create")
    fields = _fields(here, there)
    if not fields:
        return Change(file, key, "same")
    if overwrite or last == digest(here):
        return Change(file, key, "update", fields=fields)
    return Change(file, key, "kept", "diubah di meja", fields)


def _left(file: str, key: tuple[str, ...], here: Unit, last: str | None, ended: bool) -> Change:
    if ended:
        return Change(file, key, "ended")
    if last == digest(here):
        return Change(file, key, "remove")
    return Change(file, key, "kept", "ditambahkan di meja" if last is None else "diubah di meja")


def _fields(here: Unit, there: Unit) -> tuple[tuple[str, str, str], ...]:
    names = sorted({*here, *there})
    return tuple(
        (name, here.get(name, ""), there.get(name, ""))
        for name in names
        if here.get(name, "") != there.get(name, "")
    )
