"""Judging a folder: what one file cannot know alone. Needs no database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from superapp.tenancy import drawings
from superapp.tenancy.cells import nearest, write
from superapp.tenancy.colour import contrast
from superapp.tenancy.drawings import NoDrawing
from superapp.tenancy.files import Finding, Row, Tables, TenantFile
from superapp.tenancy.folder import Catalog, Folder
from superapp.tenancy.schema import TOML
from superapp.tenancy.theme import NoTheme, Theme, derive

OWN = re.compile(r"[A-Za-z0-9_-]+\.svg")


def check(folder: Folder, catalog: Catalog) -> list[Finding]:
    """All findings of a folder in order of file and line; empty when it may be applied."""
    broken = {finding.file for finding in folder.findings}
    found = list(folder.findings)
    if folder.profile.lines:  # else tenant.toml itself could not be read, and says nothing
        found += _identity(folder, broken)
        found += _plugins(folder, catalog)
        found += _look(folder, {finding.column for finding in folder.findings if finding.file == TOML})
    for file in folder.files:
        if file.name in folder.tables:
            found += _doubles(file, folder.tables[file.name])
            found += _periods(file, folder.tables[file.name])
            found += _references(file, folder, broken)
    if not found:
        for file in folder.files:
            found += list(file.check(folder.tables)) if file.check else []
    return sorted(set(found), key=lambda finding: (finding.file, finding.line, finding.column))


def judged(file: TenantFile, files: Sequence[TenantFile], known: Tables) -> list[Finding]:
    """What one table's rows may not say beside those of all tables, whether from a folder or the desk."""
    found = [*_doubles(file, known[file.name]), *_periods(file, known[file.name])]
    found += _missing(file, files, known, set())
    if not found and file.check:
        found += file.check(known)
    return found


def warnings(folder: Folder) -> list[Finding]:
    """What may go live but should be seen to; empty for a folder with findings."""
    found = [
        finding
        for file in folder.files
        for finding in (file.warn(folder.tables) if file.warn and not folder.findings else ())
    ]
    return sorted(set(found), key=lambda finding: (finding.file, finding.line, finding.column))


def together(folders: Sequence[Folder]) -> list[tuple[Folder, Finding]]:
    """What several folders may not share: slug, short code, a host name."""
    found: list[tuple[Folder, Finding]] = []
    owners: dict[tuple[str, str], Folder] = {}
    for folder in folders:
        claims = [(name, folder.profile[name]) for name in ("slug", "short_code")]
        claims += [("hosts", host) for host in folder.profile["hosts"]]
        for name, value in claims:
            owner = owners.setdefault((name, value), folder)
            if value and owner is not folder:
                line = folder.profile.lines.get(name, 0)
                problem = f"{value!r} sudah dipakai oleh {owner.slug}."
                found.append((folder, Finding(TOML, line, name, problem, "Pilih yang lain.")))
    return found


def theme_of(folder: Folder) -> Theme:
    """The folder's colours. Raises what `derive` raises."""
    return derive(folder.profile["look.brand"], folder.profile["look.accent"])


def drawing_of(folder: Folder, role: str) -> str | None:
    """The folder's own `pita` or `mark` as a CSS value, None for a built-in one. Raises NoDrawing."""
    name = folder.profile[f"look.{role}"]
    if name in drawings.BUILT_IN[role]:
        return None
    if not OWN.fullmatch(name):
        raise NoDrawing(
            "tidak dikenal", f"Pilih {', '.join(drawings.BUILT_IN[role])}, atau berkas SVG di static/."
        )
    return drawings.own(folder.path / "static" / name)


def key_of(file: TenantFile, row: Row) -> tuple[str, ...]:
    """A row's key as texts."""
    return tuple(write(file.column(name), row[name]) for name in file.key)


def _at(folder: Folder, name: str, problem: str, remedy: str) -> Finding:
    return Finding(TOML, folder.profile.lines.get(name, 0), name, problem, remedy)


def _identity(folder: Folder, broken: set[str]) -> Iterator[Finding]:
    profile = folder.profile
    if profile["slug"] and folder.path.name != profile["slug"] and not folder.path.name.startswith("_"):
        problem = f"{profile['slug']!r} berbeda dengan nama folder {folder.path.name!r}."
        yield _at(folder, "slug", problem, "Samakan keduanya.")
    codes = [row["code"] for row in folder.tables.get("agencies.csv", ())]
    agency = profile["contact.agency"]
    if agency and agency not in codes and "agencies.csv" not in broken:
        remedy = nearest(agency, codes) or "Tulis kode instansi yang menjadi pintu utama."
        yield _at(folder, "contact.agency", f"{agency!r} tidak ada di agencies.csv.", remedy)
    for row in folder.tables.get("areas.csv", ()):
        if profile["region_code"] and not row["code"].startswith(profile["region_code"] + "."):
            problem = f"{row['code']} bukan bagian dari {profile['region_code']}."
            yield Finding(
                "areas.csv", row.line, "code", problem, "Perbaiki kode, atau region_code di tenant.toml."
            )


def _plugins(folder: Folder, catalog: Catalog) -> Iterator[Finding]:
    wanted = folder.profile["plugins"]
    for name in wanted:
        if name not in catalog.requires:
            remedy = nearest(name, list(catalog.requires)) or "Hapus, atau pasang layanannya lebih dahulu."
            yield _at(folder, "plugins", f"layanan {name!r} tidak terpasang.", remedy)
        for needed in catalog.requires.get(name, ()):
            if needed not in wanted:
                yield _at(folder, "plugins", f"{name} memerlukan {needed}.", f"Tambahkan {needed!r}.")
    for name, given in folder.profile.settings.items():
        section = f"settings.{name}"
        if name not in wanted:
            yield _at(folder, section, "layanan ini tidak ada di plugins.", f"Tambahkan {name!r} di plugins.")
        elif name not in catalog.schemas:
            yield _at(folder, section, "layanan ini tidak punya pengaturan.", "Hapus bagian ini.")
        else:
            for field, messages in catalog.schemas[name]().validate(dict(given)).items():
                known = ", ".join(sorted(catalog.schemas[name]().fields))
                where = f"{section}.{field}" if f"{section}.{field}" in folder.profile.lines else section
                finding = _at(folder, where, _sentence(messages), f"Pengaturan yang ada: {known}.")
                yield Finding(TOML, finding.line, f"{section}.{field}", finding.problem, finding.remedy)


def _look(folder: Folder, unread: set[str]) -> Iterator[Finding]:
    if not unread & {"look.brand", "look.accent"}:
        try:
            theme_of(folder)
        except NoTheme as refusal:
            ratio = contrast(refusal.given, "#ffffff" if refusal.role == "brand" else "#1c1a16")
            problem = f"{refusal.given} tidak dapat dibaca ({ratio:.1f}:1): {refusal.reason}."
            yield _at(
                folder, f"look.{refusal.role}", problem, f"Warna terdekat yang memenuhi: {refusal.nearest}."
            )
    for role in drawings.BUILT_IN:
        try:
            drawing_of(folder, role)
        except NoDrawing as refusal:
            problem = f"{folder.profile[f'look.{role}']!r} {refusal}."
            yield _at(folder, f"look.{role}", problem, refusal.remedy)


def _doubles(file: TenantFile, rows: Sequence[Row]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = key_of(file, row)
        if first.setdefault(key, row.line) != row.line:
            problem = f"{_words(key)} sudah ada di baris {first[key]}."
            yield Finding(
                file.name, row.line, file.key[0], problem, "Hapus salah satu, atau bedakan kuncinya."
            )


def _periods(file: TenantFile, rows: Sequence[Row]) -> Iterator[Finding]:
    names = {column.name for column in file.columns}
    if not {"valid_from", "valid_to"} <= names:
        return
    for row in rows:
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            problem = f"berakhir {row['valid_to']} sebelum mulai {row['valid_from']}."
            yield Finding(file.name, row.line, "valid_to", problem, "Tukar atau perbaiki tanggalnya.")
    if not file.subject:
        return
    same: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        same[tuple(row[name] for name in file.subject)].append(row)
    for subject, group in same.items():
        group.sort(key=lambda row: row["valid_from"] or date.min)
        for earlier, later in pairwise(group):
            if (later["valid_from"] or date.min) <= (earlier["valid_to"] or date.max):
                problem = (
                    f"bertumpuk dengan baris {earlier.line} untuk {_words(map(str, filter(None, subject)))}."
                )
                remedy = f"Akhiri baris {earlier.line} sehari sebelumnya, atau bedakan {file.subject[-1]}."
                yield Finding(file.name, later.line, "valid_from", problem, remedy)


def _references(file: TenantFile, folder: Folder, broken: set[str]) -> Iterator[Finding]:
    return _missing(file, folder.files, folder.tables, broken)


def _missing(
    file: TenantFile, files: Sequence[TenantFile], tables: Tables, broken: set[str]
) -> Iterator[Finding]:
    targets = {target.name: target for target in files}
    for column in file.columns:
        if not column.ref or column.ref in broken or column.ref not in tables:
            continue
        known = [key_of(targets[column.ref], row)[0] for row in tables[column.ref]]
        there = set(known)
        for row in tables[file.name]:
            if row[column.name] and row[column.name] not in there:
                problem = f"{row[column.name]!r} tidak ada di {column.ref}."
                remedy = (
                    nearest(row[column.name], known)
                    or f"Tambahkan di {column.ref}, atau pakai kode yang ada."
                )
                yield Finding(file.name, row.line, column.name, problem, remedy)


def _words(parts: Any) -> str:
    return " · ".join(part for part in parts if part) or "semua"


def _sentence(messages: Any) -> str:
    return " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
