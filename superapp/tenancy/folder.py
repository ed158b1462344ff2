"""A tenant's folder in memory: every row with its line, and what could not be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import Schema

from superapp.tenancy import schema
from superapp.tenancy.cells import CellError, empty, nearest, read
from superapp.tenancy.files import Finding, Row, TenantFile, ordered
from superapp.tenancy.host_files import HOST_FILES
from superapp.tenancy.schema import TOML, Profile

LARGEST = 5_000_000  # bytes of one file


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the installed plugins add to a folder, by plugin: tables, settings, needed plugins."""

    files: Mapping[str, Sequence[TenantFile]] = field(default_factory=dict)
    schemas: Mapping[str, type[Schema]] = field(default_factory=dict)
    requires: Mapping[str, Sequence[str]] = field(default_factory=dict)  # names every installed plugin

    def files_for(self, plugins: Sequence[str]) -> tuple[TenantFile, ...]:
        """The tables of the host and of these plugins, each after those that it refers to."""
        return ordered([*HOST_FILES, *(file for name in plugins for file in self.files.get(name, ()))])


@dataclass(frozen=True, slots=True)
class Folder:
    """One government as its folder says. `tables` holds only rows that could be read whole."""

    path: Path
    profile: Profile
    files: tuple[TenantFile, ...]
    tables: Mapping[str, Sequence[Row]]
    findings: tuple[Finding, ...]

    @property
    def slug(self) -> str:
        """The tenant's slug, or the folder's name while there is none."""
        return str(self.profile["slug"] or self.path.name)


def load(path: Path, catalog: Catalog) -> Folder:
    """Read a folder. Never raises for its contents: what is wrong stands in `findings`."""
    findings: list[Finding] = []
    text = _text(path / TOML, findings)
    if text is None:
        return Folder(path, schema.parse("")[0], (), {}, tuple(findings))
    profile, found = schema.parse(text)
    findings += found
    files = catalog.files_for(profile["plugins"])
    tables: dict[str, Sequence[Row]] = {}
    for file in files:
        if not (path / file.name).exists() and not file.required:
            continue
        if (text := _text(path / file.name, findings)) is not None:
            tables[file.name] = tuple(rows_of(file, text, findings))
    known = {file.name for files_of in catalog.files.values() for file in files_of} | {f.name for f in files}
    findings += _strangers(path, sorted(known))
    return Folder(path, profile, files, tables, tuple(findings))


def _text(path: Path, findings: list[Finding]) -> str | None:
    """The file's text without a byte order mark, or None with a finding."""
    try:
        data = path.read_bytes()
    except OSError:
        findings.append(Finding(path.name, 0, "", "tidak ada.", f"Salin {path.name} dari tenants/_example."))
        return None
    if len(data) > LARGEST:
        findings.append(Finding(path.name, 0, "", "lebih besar dari 5 MB.", "Bagi atau ringkas isinya."))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.append(Finding(path.name, line, "", "bukan UTF-8.", "Simpan ulang sebagai CSV UTF-8."))
        return None


def rows_of(file: TenantFile, text: str, findings: list[Finding]) -> Iterator[Row]:
    """The rows of one table's text that could be read whole; what could not is added to `findings`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_fits(file, header, findings):
            return
        end = reader.line_num
        for cells in reader:
            line, end = end + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                row = _row(file, header, cells, line, findings)
                if row is not None:
                    yield row
    except csv.Error as error:
        problem = f"bukan CSV yang benar ({error})."
        findings.append(Finding(file.name, reader.line_num, "", problem, "Periksa tanda kutip di baris ini."))


def _header_fits(file: TenantFile, header: list[str], findings: list[Finding]) -> bool:
    names = [column.name for column in file.columns]
    before = len(findings)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        remedy = "Simpan sebagai CSV dengan pemisah koma."
        findings.append(Finding(file.name, 1, "", "pemisah kolomnya bukan koma.", remedy))
        return False
    for name in header:
        if name not in names:
            remedy = nearest(name, names) or f"Kolom yang ada: {', '.join(names)}."
            findings.append(Finding(file.name, 1, name, "kolom tidak dikenal.", remedy))
        elif header.count(name) > 1:
            findings.append(Finding(file.name, 1, name, "kolom tertulis dua kali.", "Hapus salah satu."))
    for column in file.columns:
        if column.required and column.name not in header:
            remedy = f"Tambahkan kolom {column.name} di baris pertama."
            findings.append(Finding(file.name, 1, column.name, "kolom wajib tidak ada.", remedy))
    return len(findings) == before


def _row(
    file: TenantFile, header: list[str], cells: list[str], line: int, findings: list[Finding]
) -> Row | None:
    if len(cells) != len(header):
        problem = f"{len(cells)} isian untuk {len(header)} kolom."
        remedy = "Beri tanda kutip pada isian yang memuat koma."
        findings.append(Finding(file.name, line, "", problem, remedy))
        return None
    given = dict(zip(header, cells, strict=True))
    values: dict[str, Any] = {}
    whole = True
    for column in file.columns:
        try:
            values[column.name] = read(column, given.get(column.name, ""))
        except CellError as error:
            values[column.name], whole = empty(column), False
            findings.append(Finding(file.name, line, column.name, error.problem, error.remedy))
    return Row(line, values) if whole else None


def _strangers(path: Path, known: list[str]) -> Iterator[Finding]:
    for other in sorted(path.glob("*.csv")):
        if other.name not in known:
            remedy = nearest(other.name, known) or "Hapus, atau pasang layanan yang membacanya."
            yield Finding(other.name, 0, "", "tidak dibaca oleh layanan mana pun.", remedy)
