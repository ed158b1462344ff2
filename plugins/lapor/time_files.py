"""Hours and the ladder in a government's folder: shifts.csv and ladder.csv, and what they may not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from plugins.lapor import clock
from plugins.lapor.models import LadderRung, ShiftRow
from superapp.sdk import Column, Finding, Tables, TenantFile, known_roles

STEPS = ("verify", "follow_up", "resolve", "confirm")
UNITS = ("wd", "d", "h")
HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"
DATES = (Column("valid_from", kind="date"), Column("valid_to", kind="date"), Column("document"))
ANY_CHANNEL = r"[a-z][a-z0-9_]{1,30}"
AGENCY = "agency"  # the unit that has the case
WEEK = 7


def hours_fit(tables: Tables) -> Iterator[Finding]:
    """Opens before it closes, no two stretches over each other, no week without an hour."""
    rows = [(row.line, row.values) for row in tables.get("shifts.csv", ())]
    for line, problem, remedy in wrong_hours(rows):
        yield Finding("shifts.csv", line, "opens", problem, remedy)


def rungs_fit(tables: Tables) -> Iterator[Finding]:
    """Known people, an address for each channel that leaves the desk, levels in order, no circle."""
    units = [row["code"] for row in tables.get("agencies.csv", ())]
    rows = [(row.line, row.values) for row in tables.get("ladder.csv", ())]
    for line, column, problem, remedy in wrong_rungs(rows, units):
        yield Finding("ladder.csv", line, column, problem, remedy)


def wrong_hours(rows: Sequence[tuple[int, Any]]) -> Iterator[tuple[int, str, str]]:
    """(line, problem, remedy) of each row of hours that does not fit; rows as (line, values)."""
    for line, row in rows:
        if row["closes"] <= row["opens"]:
            yield line, f"tutup {row['closes']} sebelum buka {row['opens']}.", LATE_SHIFT
    groups: dict[Any, list[tuple[int, Any]]] = {}
    for line, row in rows:
        groups.setdefault(row["agency"], []).append((line, row))
    for unit, group in groups.items():
        for (first, one), (second, other) in combinations(group, 2):
            clash = one["opens"] < other["closes"] and other["opens"] < one["closes"]
            if one["weekday"] == other["weekday"] and clash and _meet(one, other):
                problem = f"bertumpuk dengan baris {first} untuk {unit or 'semua unit'}."
                yield second, problem, f"Akhiri baris {first} sehari sebelumnya, atau ubah jamnya."
        yield from _empty_weeks(group)


LATE_SHIFT = "Jam malam ditulis dua baris: sampai 24:00, lalu mulai 00:00 hari berikutnya."


def _meet(one: Any, other: Any) -> bool:
    first = max(one["valid_from"] or date.min, other["valid_from"] or date.min)
    last = min(one["valid_to"] or date.max, other["valid_to"] or date.max)
    return first <= last


def _empty_weeks(group: Sequence[tuple[int, Any]]) -> Iterator[tuple[int, str, str]]:
    """Rows that never come true, and weeks in which rows are valid but no hour is open."""
    shifts = [
        (line, clock.Shift(row["weekday"], 0, 1, row["valid_from"], row["valid_to"])) for line, row in group
    ]
    for line, shift in shifts:
        if shift.first and shift.last and not _opens(shift, shift.first, (shift.last - shift.first).days + 1):
            problem = "hari itu tidak ada di antara valid_from dan valid_to."
            yield line, problem, "Perpanjang masa berlakunya, atau perbaiki weekday."
    edges = {day for _line, each in shifts for day in (each.first, each.last) if day}
    for start in sorted({edge + timedelta(days=n) for edge in edges for n in range(-WEEK, WEEK)}):
        week = [start + timedelta(days=n) for n in range(WEEK)]
        valid = [next((line for line, each in shifts if each.valid_on(day)), 0) for day in week]
        if all(valid) and not any(_opens(each, start, WEEK) for _line, each in shifts):
            problem = f"tidak ada jam kerja selama pekan mulai {start}."
            yield valid[0], problem, "Tambahkan baris untuk hari lain, atau sambung masa berlakunya."
            return


def _opens(shift: clock.Shift, start: date, days: int) -> bool:
    """True when the shift opens on one of so many days; after a week it surely does."""
    return any(
        shift.valid_on(day) and shift.weekday == day.isoweekday()
        for day in (start + timedelta(days=n) for n in range(min(days, WEEK)))
    )


def wrong_rungs(rows: Sequence[tuple[int, Any]], units: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    """(line, column, problem, remedy) of each rung that does not fit; rows as (line, values)."""
    known = {AGENCY, *known_roles(), *units}
    for line, row in rows:
        if row["who"] not in known:
            problem = f"{row['who']!r} bukan peran atau unit yang dikenal."
            yield line, "who", problem, f"Tulis {AGENCY}, kode unit, atau peran: {', '.join(known_roles())}."
        elif row["who"] in known_roles() and row["channel"] != "desk" and not row["to"]:
            problem = f"peran {row['who']} tidak punya alamat {row['channel']}."
            yield line, "to", problem, "Isi alamatnya, atau pakai channel desk."
        if row["amount"] == 0 and row["when"] == "before":
            yield (
                line,
                "amount",
                "0 sebelum batas adalah batasnya sendiri.",
                "Tulis after, atau lebih dari 0.",
            )
    for step in STEPS:
        yield from _wrong_order([(line, row) for line, row in rows if row["step"] == step])


def _wrong_order(rows: Sequence[tuple[int, Any]]) -> Iterator[tuple[int, str, str, str]]:
    """Judged on each day on which the ladder becomes another one."""
    told: set[tuple[int, int, str]] = set()
    begins = {row["valid_from"] or date.min for _line, row in rows}
    after = {row["valid_to"] + timedelta(days=1) for _line, row in rows if row["valid_to"]}
    for day in sorted(begins | after):
        lines: dict[clock.Rung, int] = {}
        for line, row in rows:
            if (row["valid_from"] or date.min) <= day <= (row["valid_to"] or date.max):
                rung = clock.Rung(row["level"], row["who"], row["when"], row["amount"], row["unit"])
                lines[rung] = line
        for rung, other, why in clock.unordered(list(lines)):
            if (lines[rung], lines[other], why) not in told:
                told.add((lines[rung], lines[other], why))
                problem, remedy = _order_words(rung, lines[other], why)
                yield lines[rung], "level", problem, remedy


def _order_words(rung: clock.Rung, line: int, why: str) -> tuple[str, str]:
    if why == "gap":
        return f"tingkat {rung.level - 1} tidak ada.", "Tingkat mulai dari 1 dan tidak boleh terlompati."
    if why == "early":
        problem = f"tingkat {rung.level} tidak lebih lambat dari tingkat di baris {line}."
        return problem, "Beri tingkat yang lebih tinggi jarak yang lebih jauh dari batas."
    problem = f"kembali ke {rung.who}, yang sudah diberi tahu di baris {line}."
    return problem, "Tangga harus naik: hapus baris ini, atau sebut pihak yang lebih tinggi."


SHIFTS = TenantFile(
    name="shifts.csv",
    model=ShiftRow,
    columns=(
        Column("agency", ref="agencies.csv", attribute="agency_id", by_id=True, nullable=True),
        Column("weekday", kind="int", required=True, low=1, high=7, remedy="1 Senin sampai 7 Minggu."),
        Column("opens", required=True, pattern=HOUR, remedy="Tulis seperti 08:00."),
        Column("closes", required=True, pattern=rf"{HOUR}|24:00", remedy="Tulis seperti 16:00."),
        Column("on_holidays", kind="bool"),
        *DATES,
    ),
    key=("agency", "weekday", "opens", "valid_from"),
    subject=("agency", "weekday", "opens"),
    removal="end",
    required=False,
    check=hours_fit,
)

LADDER = TenantFile(
    name="ladder.csv",
    model=LadderRung,
    columns=(
        Column("step", required=True, choices=STEPS),
        Column("level", kind="int", required=True, low=1, high=9),
        Column(
            "who", required=True, pattern=r"[A-Za-z0-9._-]{1,60}", remedy="agency, peran, atau kode unit."
        ),
        Column("when", required=True, choices=("before", "after"), attribute="relation"),
        Column("amount", kind="int", required=True, low=0, high=365),
        Column("unit", choices=UNITS, default="wd", remedy="wd: hari kerja, d: hari kalender, h: jam kerja."),
        Column("channel", pattern=ANY_CHANNEL, default="desk", remedy="desk, email, whatsapp, atau sms."),
        Column("to", attribute="address"),
        *DATES,
    ),
    key=("step", "level", "who", "valid_from"),
    subject=("step", "level", "who"),
    removal="end",
    required=False,
    check=rungs_fit,
)

FILES = [SHIFTS, LADDER]
