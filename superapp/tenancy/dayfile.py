"""Days off from a file: read CSV or iCal, see what would change, take it in.

days, findings = dayfile.read("skb-2027.ics", data)
for change in dayfile.compare(days): ...
dayfile.take_in(days)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from superapp.db.engine import session
from superapp.tenancy import calendar
from superapp.tenancy.cells import CellError, write
from superapp.tenancy.cells import read as read_cell
from superapp.tenancy.files import Finding, Row
from superapp.tenancy.folder import LARGEST as MOST_BYTES
from superapp.tenancy.folder import rows_of
from superapp.tenancy.host_files import HOLIDAYS
from superapp.tenancy.models import Holiday

__all__ = ["MOST_BYTES", "DayChange", "DayOff", "compare", "listed", "read", "take_in", "take_out", "to_csv"]

KINDS = ("local", "national", "cuti_bersama")
LONGEST = 31  # days of one event; a longer one is a mistake in the file
MOST = 2000


@dataclass(frozen=True, slots=True)
class DayOff:
    """One day of a tenant's own calendar."""

    day: date
    name: str
    kind: str = "local"
    stops_clock: bool = True
    document: str = ""


@dataclass(frozen=True, slots=True)
class DayChange:
    """What taking a day in would do; `also` names what the day is already called."""

    action: Literal["new", "changed", "same"]
    day: DayOff
    also: str = ""


def read(
    filename: str, data: bytes, *, kind: str = "local", stops_clock: bool = True, document: str = ""
) -> tuple[list[DayOff], list[Finding]]:
    """The days of a file in their order, and what could not be read, with its line or event.

    CSV has the columns of holidays.csv. iCal (RFC 5545, all-day events) says neither kind nor
    document: those given are taken. Never raises for what the file holds.
    """
    if len(data) > MOST_BYTES:
        return [], [Finding(filename, 0, "", "lebih besar dari 5 MB.", "Bagi atau ringkas isinya.")]
    text = data.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text:
        return [], [Finding(filename, 0, "", "bukan UTF-8.", "Simpan ulang sebagai UTF-8.")]
    findings: list[Finding] = []
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        days = _from_ical(filename, data, DayOff(date.min, "", kind, stops_clock, document), findings)
    else:
        days = [_from_row(row) for row in rows_of(replace(HOLIDAYS, name=filename), text, findings)]
    if len(days) > MOST:
        problem = f"memuat {len(days)} hari, paling banyak {MOST}."
        return [], [Finding(filename, 0, "", problem, "Bagi berkasnya per tahun.")]
    if not days and not findings:
        findings.append(Finding(filename, 0, "", "tidak memuat satu hari pun.", "Periksa berkasnya."))
    once = {(each.day, each.name): each for each in days}
    return sorted(once.values(), key=lambda each: (each.day, each.name)), findings


def compare(days: Sequence[DayOff]) -> list[DayChange]:
    """What would become of each day in the open tenant's calendar."""
    known = {(row.day, row.name): row for row in session().scalars(select(Holiday))}
    named: dict[date, list[str]] = {}
    for row in known.values():
        named.setdefault(row.day, []).append(row.name)
    found = []
    for each in days:
        kept = known.get((each.day, each.name))
        same = kept is not None and _of(kept) == each
        others = [name for name in named.get(each.day, ()) if name != each.name]
        also = calendar.national(each.day.year).get(each.day) or ", ".join(others)
        found.append(DayChange("same" if same else "changed" if kept else "new", each, also))
    return found


def take_in(days: Iterable[DayOff]) -> list[DayChange]:
    """Write what is new or changed; belongs inside of work(). Returns what was done."""
    done = [change for change in compare(list(days)) if change.action != "same"]
    for change in done:
        each = change.day
        row = session().get(Holiday, (_tenant(), each.day, each.name)) or Holiday(
            day=each.day, name=each.name
        )
        row.kind, row.stops_clock, row.document = each.kind, each.stops_clock, each.document
        session().add(row)
    session().flush()
    calendar.forget()
    return done


def take_out(day: date, name: str) -> bool:
    """Remove a day; belongs inside of work(). False when there is none such."""
    row = session().get(Holiday, (_tenant(), day, name))
    if row is None:
        return False
    session().delete(row)
    session().flush()
    calendar.forget()
    return True


def listed(year: int) -> list[DayOff]:
    """The tenant's own days of a year."""
    inside = Holiday.day.between(date(year, 1, 1), date(year, 12, 31))
    return [
        _of(row)
        for row in session().scalars(select(Holiday).where(inside).order_by(Holiday.day, Holiday.name))
    ]


def to_csv(days: Iterable[DayOff]) -> str:
    """The days as holidays.csv writes them; reading it gives them again."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in HOLIDAYS.columns])
    for each in days:
        writer.writerow([write(column, getattr(each, column.target)) for column in HOLIDAYS.columns])
    return out.getvalue()


def _tenant() -> int:
    from superapp.context import current_tenant

    return current_tenant().id


def _of(row: Holiday) -> DayOff:
    return DayOff(row.day, row.name, row.kind, row.stops_clock, row.document)


def _from_row(row: Row) -> DayOff:
    return DayOff(row["day"], row["name"], row["kind"], row["stops_clock"], row["document"])


def _from_ical(filename: str, data: bytes, like: DayOff, findings: list[Finding]) -> list[DayOff]:
    import icalendar

    try:
        parsed = icalendar.Calendar.from_ical(data)
        events = list(parsed.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        problem = f"bukan iCal yang benar ({str(error)[:80]})."
        findings.append(Finding(filename, 0, "", problem, "Ekspor ulang kalendernya."))
        return []
    days: list[DayOff] = []
    for number, event in enumerate(events, 1):
        try:
            days += _of_event(event, like)
        except CellError as error:
            where = f"acara ke-{number}"
            findings.append(Finding(filename, 0, where, error.problem, error.remedy))
    return days


def _of_event(event: Any, like: DayOff) -> list[DayOff]:
    """The days of one event. Raises CellError for one that is no plain run of whole days."""
    name = read_cell(HOLIDAYS.column("name"), str(event.get("SUMMARY", "")).replace("\n", " "))
    if "RRULE" in event:
        raise CellError(f"{name!r} berulang.", "Tulis setiap tanggalnya sebagai acara sendiri.")
    start = event.decoded("DTSTART", None)
    if start is None or isinstance(start, datetime) or not isinstance(start, date):
        raise CellError(f"{name!r} bukan acara sehari penuh.", "Jadikan acara sehari penuh.")
    end = event.decoded("DTEND", None) or start + (event.decoded("DURATION", None) or timedelta(days=1))
    if isinstance(end, datetime) or not start < end <= start + timedelta(days=LONGEST):
        raise CellError(f"{name!r} tidak berakhir 1 sampai {LONGEST} hari kemudian.", "Perbaiki akhirnya.")
    return [replace(like, day=start + timedelta(days=n), name=name) for n in range((end - start).days)]
