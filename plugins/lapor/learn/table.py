"""Reading any table of complaints: which column is the text, the unit, the day; and what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from plugins.lapor.learn.trainer import Sample
from plugins.lapor.service.routing.signs import Report

LEAST_ROWS: Final = 50
MOST_BAD_DAYS: Final = 0.01
DELIMITERS: Final = ",;\t|"
NAMES: Final = {
    "text": ("text", "teks", "isi", "isi_laporan", "laporan", "uraian", "deskripsi", "aduan", "pengaduan",
             "keluhan", "body", "description", "content", "pesan", "message"),
    "label": ("agency", "label", "instansi", "opd", "skpd", "dinas", "unit", "unit_kerja", "disposisi",
              "tujuan", "owner", "department", "instansi_tujuan", "perangkat_daerah"),
    "time": ("created_at", "time", "tanggal", "tgl", "waktu", "date", "received_at", "timestamp",
             "tanggal_laporan", "tanggal_masuk", "tgl_masuk", "created", "dibuat"),
    "village": ("village", "kelurahan", "desa", "area", "wilayah"),
}  # fmt: skip
MONTHS: Final = {
    name: number + 1
    for number, names in enumerate(
        (
            *("januari january jan", "februari february feb pebruari", "maret march mar", "april apr"),
            *("mei may", "juni june jun", "juli july jul", "agustus august agu aug ags"),
            *("september sep sept", "oktober october okt oct", "november nov nopember"),
            "desember december des dec",
        )
    )
    for name in names.split()
}
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
SPELLED = re.compile(r"(\d{1,2})\s+([A-Za-z]+)\.?,?\s+(\d{4})\b")


class BadTable(ValueError):
    """The table cannot be used; the message names what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that can be used, in the order of their days, and what was noticed on the way."""

    samples: list[Sample]
    columns: dict[str, str]
    notices: list[str]


def read(path: Path, text: str = "", label: str = "", time: str = "") -> Table:
    """Read a CSV file. Columns that are not named are found by their heading, then by what is in them.

    Raises BadTable for an unreadable, empty or one-sided file, a column that is missing, dates that
    cannot be read.
    """
    content, notices = _decoded(path)
    rows = _rows(content, path)
    columns = _columns(rows, {"text": text, "label": label, "time": time})
    samples, dropped = [], 0
    days = _days([row[columns["time"]] for row in rows], columns["time"], notices) if columns["time"] else []
    for place, row in enumerate(rows):
        said, owner = row[columns["text"]].strip(), row[columns["label"]].strip()
        day = days[place] if days else date(2000, 1, 1)
        if said and owner and day is not None:
            village = row[columns["village"]].strip() if columns["village"] else ""
            samples.append(Sample(Report(said, village), owner, day))
        else:
            dropped += 1
    if not columns["time"]:
        notices.append("No column of dates was found: the rows are taken to be in the order of time.")
    if dropped:
        notices.append(f"{dropped} rows without text, unit or a readable date are left out.")
    _judge(samples, path, columns)
    samples.sort(key=lambda each: each.day)
    return Table(samples, columns, notices)


def _decoded(path: Path) -> tuple[str, list[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.") from error
    if not raw.strip():
        raise BadTable(f"{path} is empty. Give a CSV file with a heading line and one report a line.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), []
    if b"\0" in raw[:4096]:
        raise BadTable(f"{path} is no text file. Save the table as CSV in UTF-8 first.")
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return raw.decode("cp1252", "replace"), [
            f"Line {line} is not UTF-8: the file is read as Windows-1252."
        ]


def _rows(content: str, path: Path) -> list[dict[str, str]]:
    heading = content.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    csv.field_size_limit(10_000_000)
    reader = csv.DictReader(io.StringIO(content.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        fields = [name.strip() for name in reader.fieldnames or [] if name is not None]
        reader.fieldnames = fields
        rows = [{name: row.get(name) or "" for name in fields} for row in reader]
    except csv.Error as error:
        raise BadTable(
            f"{path}, line {reader.line_num}: {error}. Check the quotation marks there."
        ) from error
    if len(fields) < 2:
        raise BadTable(f"{path} has one column only ({heading[:60]!r}): a text and its unit are needed.")
    if not rows:
        raise BadTable(f"{path} has a heading and no rows.")
    return rows


def _columns(rows: Sequence[dict[str, str]], asked: dict[str, str]) -> dict[str, str]:
    fields = list(rows[0])
    found: dict[str, str] = {}
    for part, name in asked.items():
        if name and name not in fields:
            raise BadTable(f"There is no column {name!r} (--{part}). The columns are: {', '.join(fields)}.")
        found[part] = name or _by_name(part, fields)
    found["village"] = _by_name("village", fields)
    free = [name for name in fields if name not in found.values()]
    found["time"] = found["time"] or next((name for name in free if _looks(rows, name, _is_day)), "")
    free = [name for name in free if name != found["time"]]
    if not found["text"] and free:
        longest = max(free, key=lambda name: _length(rows, name))
        found["text"] = longest if _length(rows, longest) >= 15 else ""
    if not found["label"]:
        free = [name for name in free if name != found["text"]]
        found["label"] = next((name for name in free if 2 <= len(_values(rows, name)) <= len(rows) / 4), "")
    for part, meaning in (("text", "the text"), ("label", "the unit that owned it")):
        if not found[part]:
            raise BadTable(
                f"No column looks like {meaning}: name it with --{part}. "
                f"The columns are: {', '.join(fields)}."
            )
    if found["text"] == found["label"]:
        raise BadTable(f"--text and --label both name {found['text']!r}.")
    return found


def _by_name(part: str, fields: Sequence[str]) -> str:
    plain = {re.sub(r"\W+", "_", name.casefold()): name for name in reversed(fields)}
    return next((plain[name] for name in NAMES[part] if name in plain), "")


def _looks(rows: Sequence[dict[str, str]], name: str, judge: Callable[[str], bool]) -> bool:
    told = [row[name] for row in rows[:200] if row[name].strip()]
    return bool(told) and sum(judge(each) for each in told) >= 0.9 * len(told)


def _is_day(value: str) -> bool:
    return day_of(value) is not None


def _length(rows: Sequence[dict[str, str]], name: str) -> float:
    part = rows[:500]
    return sum(len(row[name]) for row in part) / len(part)


def _values(rows: Sequence[dict[str, str]], name: str) -> set[str]:
    return {row[name] for row in rows}


def _days(values: Sequence[str], column: str, notices: list[str]) -> list[date | None]:
    found = [day_of(value) for value in values]
    bad = [place for place, day in enumerate(found) if day is None and values[place].strip()]
    if len(bad) > MOST_BAD_DAYS * len(values):
        first = bad[0]
        raise BadTable(
            f"Column {column!r}: {len(bad)} of {len(values)} dates cannot be read, first row {first + 1} "
            f"with {values[first][:40]!r}. Write them like 2026-03-27, or name another column with --time."
        )
    if bad:
        notices.append(f"Column {column!r}: {len(bad)} dates cannot be read.")
    return found


def day_of(value: str) -> date | None:
    """The day of "2026-03-27", "2026-03-27T10:00+08:00", "27/03/2026", "27 Maret 2026"; None for none."""
    value = value.strip()
    try:
        return datetime.fromisoformat(value.replace("/", "-") if value[4:5] == "/" else value).date()
    except ValueError:
        pass
    spelled, numbers = SPELLED.search(value), DAY_FIRST.search(value)
    try:
        if spelled and spelled[2].casefold() in MONTHS:
            return date(int(spelled[3]), MONTHS[spelled[2].casefold()], int(spelled[1]))
        if numbers:
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
    except ValueError:
        return None
    return None


def _judge(samples: Sequence[Sample], path: Path, columns: dict[str, str]) -> None:
    if len(samples) < LEAST_ROWS:
        raise BadTable(
            f"{path} has {len(samples)} usable rows; at least {LEAST_ROWS} are needed to learn and measure."
        )
    owners = {each.owner for each in samples}
    if len(owners) < 2:
        raise BadTable(f"Column {columns['label']!r} names one unit only: there is nothing to tell apart.")
    if len(owners) > len(samples) / 2:
        raise BadTable(
            f"Column {columns['label']!r} has {len(owners)} different values in {len(samples)} rows: "
            "that is no unit. Name another with --label."
        )
