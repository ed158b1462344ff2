"""The calendar that clocks run by: a stored version, so that an old deadline can be explained later.

A version is what was known at one time: national days, the tenant's own, hours. The newest one is
in force; `refresh` makes the next one when days or hours have changed since.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor import clock
from plugins.lapor.models import CalendarVersion, ShiftRow
from superapp.sdk import calendar, current_tenant, now, session

FRESH_SECONDS = 5.0
YEARS_BACK, YEARS_AHEAD = 1, 3
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('lapor.calendar', :tenant))")
Shifts = Mapping[UUID | None, tuple[clock.Shift, ...]]


@dataclass(frozen=True, slots=True)
class Version:
    """One version as clocks use it; `number` 0 is one that nobody has stored yet."""

    number: int
    days: calendar.Calendar
    shifts: Shifts = field(default_factory=lambda: MappingProxyType({}))

    def work(
        self, agency_id: UUID | None = None, *, authority: str = "", unit: str = "wd"
    ) -> clock.WorkingTime:
        """Days and hours for a clock of a unit.

        A unit without hours of its own has those of the government. National limits in days count
        the working week of the country, whatever the hours here.
        """
        if authority == "national" and unit != "h":
            return clock.WorkingTime(self.days)
        own = self.shifts.get(agency_id) if agency_id is not None else None
        return clock.WorkingTime(self.days, own or self.shifts.get(None, ()))


_kept: dict[int, tuple[float, Version]] = {}


def current() -> Version:
    """The version in force, at most 5 s old; what would be the first one when none is stored."""
    tenant_id = current_tenant().id
    kept = _kept.get(tenant_id)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    row = _newest()
    found = parse(row.number, row.content) if row is not None else parse(0, content())
    _kept[tenant_id] = (time.monotonic() + FRESH_SECONDS, found)
    return found


def stored() -> Version:
    """The version in force for a clock that is about to be written; the first one is stored on the way."""
    found = current()
    return found if found.number else refresh()


def refresh() -> Version:
    """The version of what is known now: the newest one while nothing changed, else the next.

    Belongs inside of work(); two at once wait for each other.
    """
    session().execute(LOCK, {"tenant": current_tenant().id})
    known, row = content(), _newest()
    digest = _digest(known)
    if row is not None and row.digest == digest:
        return parse(row.number, row.content)
    number = row.number + 1 if row is not None else 1
    values = {"number": number, "digest": digest, "content": known, "made_at": now()}
    changes = differences(row.content if row is not None else {}, known) if row is not None else []
    session().execute(
        insert(CalendarVersion).values(tenant_id=current_tenant().id, changes=changes, **values)
    )
    _kept.pop(current_tenant().id, None)
    return parse(number, known)


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    _kept.clear()


def version(number: int) -> CalendarVersion | None:
    """A stored version with what changed in it."""
    return session().scalars(select(CalendarVersion).where(CalendarVersion.number == number)).one_or_none()


def content() -> dict[str, Any]:
    """What is known now, as a version keeps it: years of national days, own days, hours."""
    year = now().astimezone(ZoneInfo(current_tenant().timezone)).year
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return {
        "years": {str(each): _named(calendar.national(each)) for each in years},
        "own": _named(calendar.stopping()),
        "shifts": _shift_rows(),
    }


def parse(number: int, kept: Mapping[str, Any]) -> Version:
    """A version from what was stored of it."""
    years = {int(year): _days(days) for year, days in kept.get("years", {}).items()}
    shifts: dict[UUID | None, list[clock.Shift]] = {}
    for agency, weekday, opens, closes, on_holidays, first, last in kept.get("shifts", ()):
        shifts.setdefault(UUID(agency) if agency else None, []).append(
            clock.Shift(weekday, minutes(opens), minutes(closes), _day(first), _day(last), on_holidays)
        )
    days = calendar.Calendar(_days(kept.get("own", {})), years=MappingProxyType(years))
    return Version(number, days, MappingProxyType({unit: tuple(rows) for unit, rows in shifts.items()}))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """What became different: ["added" or "removed", what it is, in words that a person can check].

    A year that only came into sight is told as one line.
    """
    found: list[list[str]] = []
    old_years, new_years = before.get("years", {}), after.get("years", {})
    for year in sorted({*old_years, *new_years}):
        if year not in old_years or year not in new_years:
            found.append(["year", year])
        else:
            found += _moved(old_years[year], new_years[year])
    found += _moved(before.get("own", {}), after.get("own", {}))
    old, new = ({orjson.dumps(row) for row in each.get("shifts", ())} for each in (before, after))
    found += [["hours added", row.decode()] for row in sorted(new - old)]
    found += [["hours removed", row.decode()] for row in sorted(old - new)]
    return found


def minutes(text_: str) -> int:
    """ "07:30" -> 450, counted from midnight; "24:00" is the end of the day."""
    hours, rest = text_.split(":")
    return int(hours) * 60 + int(rest)


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[list[str]]:
    gone = [["day removed", f"{day} {name}"] for day, name in before.items() if day not in after]
    new = [["day added", f"{day} {name}"] for day, name in after.items() if day not in before]
    renamed = [
        ["day renamed", f"{day} {after[day]}"] for day in before if day in after and before[day] != after[day]
    ]
    return sorted(gone + new + renamed, key=lambda line: line[1])


def _shift_rows() -> list[list[Any]]:
    rows = session().scalars(select(ShiftRow))
    return sorted(
        [
            str(row.agency_id) if row.agency_id else "",
            row.weekday,
            row.opens,
            row.closes,
            row.on_holidays,
            row.valid_from.isoformat() if row.valid_from else "",
            row.valid_to.isoformat() if row.valid_to else "",
        ]
        for row in rows
    )


def _newest() -> CalendarVersion | None:
    query = select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1)
    return session().scalars(query).one_or_none()


def _digest(known: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(orjson.dumps(known, option=orjson.OPT_SORT_KEYS)).digest()


def _named(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}


def _days(named: Mapping[str, str]) -> Mapping[date, str]:
    return MappingProxyType({date.fromisoformat(day): name for day, name in named.items()})


def _day(text_: str) -> date | None:
    return date.fromisoformat(text_) if text_ else None


def agencies_with_hours(found: Version) -> Iterable[UUID]:
    """The units that keep hours of their own."""
    return (unit for unit in found.shifts if unit is not None)
