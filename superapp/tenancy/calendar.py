"""The working calendar of a tenant: Monday to Friday, less national days, less the tenant's own.

National holidays and cuti bersama come from the package `holidays` (Indonesia, PUBLIC and
GOVERNMENT); what the joint decree has not named yet (2028) is missing until it does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from sqlalchemy import select

from superapp.context import Tenant
from superapp.db.engine import session
from superapp.tenancy.models import Holiday

TTL_SECONDS = 5.0
WEEKEND = {5: "Sabtu", 6: "Minggu"}

_cache: dict[int, tuple[float, Calendar]] = {}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count. `own` are the tenant's days on which clocks stand still, with their names.

    `years` holds the national days of some years as they were known at one time; other years are
    looked up.
    """

    own: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    with_national: bool = True
    years: Mapping[int, Mapping[date, str]] = field(default_factory=lambda: MappingProxyType({}))

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on `day`, also when it falls on a weekend; None when it is none."""
        named = self._national(day.year).get(day) if self.with_national else None
        return named or self.own.get(day)

    def _national(self, year: int) -> Mapping[date, str]:
        known = self.years.get(year)
        return national(year) if known is None else known

    def reason(self, day: date) -> str | None:
        """Why `day` does not count: a holiday's name, else Sabtu or Minggu; None for a working day."""
        return self.holiday(day) or WEEKEND.get(day.weekday())

    def is_working(self, day: date) -> bool:
        """True when limits in working days count this day."""
        return self.reason(day) is None

    def between(self, after: date, until: date) -> int:
        """Working days later than `after` up to and with `until`; negative when `until` is earlier."""
        if until < after:
            return -self.between(until, after)
        span = (until - after).days
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, span + 1))


@cache
def national(year: int) -> Mapping[date, str]:
    """National holidays and cuti bersama of a year, with Indonesian names."""
    import holidays

    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return MappingProxyType(dict(found))


def calendar_of(tenant: Tenant) -> Calendar:
    """The tenant's calendar, at most 5 s old. Belongs into the tenant's scope."""
    entry = _cache.get(tenant.id)
    if entry is not None and entry[0] > time.monotonic():
        return entry[1]
    found = Calendar(stopping())
    _cache[tenant.id] = (time.monotonic() + TTL_SECONDS, found)
    return found


def stopping() -> Mapping[date, str]:
    """The open tenant's own days on which clocks stand still, as they are now."""
    stops = select(Holiday.day, Holiday.name).where(Holiday.stops_clock).order_by(Holiday.day, Holiday.name)
    return MappingProxyType({row.day: row.name for row in session().execute(stops)})


def collective_leave_known(year: int) -> bool:
    """True when the joint decree on cuti bersama of a year is in the package; 2028 waits for it."""
    import holidays

    return bool(holidays.country_holidays("ID", years=year, categories=("government",)))


def forget() -> None:
    """Drop this process's calendars, after a change made here."""
    _cache.clear()
