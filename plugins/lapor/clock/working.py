"""When work is done: days from a calendar, hours from shifts. Minutes count from local midnight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from superapp.sdk import calendar

END_OF_DAY = time(23, 59, 59)
OFFICE = (8 * 60, 16 * 60)  # where a tenant names no hours
WEEK = range(1, 6)  # Monday to Friday
FARTHEST = 3660  # days that are looked through before a calendar counts as empty
OUTSIDE = "di luar jam kerja"

Span = tuple[int, int]


class NoWorkingTime(ValueError):
    """A calendar has no working time within ten years, so nothing can ever be due."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on one weekday (1 Monday to 7 Sunday), in minutes; `first` and `last` day included."""

    weekday: int
    opens: int
    closes: int
    first: date | None = None
    last: date | None = None
    on_holidays: bool = False

    def valid_on(self, day: date) -> bool:
        """True when this row speaks about the week of `day`, whatever the weekday."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Days and hours on which clocks run. Without a shift that is valid: Monday to Friday, 08.00 to 16.00."""

    days: calendar.Calendar = field(default_factory=calendar.Calendar)
    shifts: tuple[Shift, ...] = ()

    def spans(self, day: date) -> tuple[Span, ...]:
        """The stretches of `day` in which hours count, in order; empty on a day off."""
        holiday = self.days.holiday(day)
        valid = [shift for shift in self.shifts if shift.valid_on(day)]
        if not valid:
            return (OFFICE,) if holiday is None and day.isoweekday() in WEEK else ()
        return tuple(
            sorted(
                (shift.opens, shift.closes)
                for shift in valid
                if shift.weekday == day.isoweekday() and (holiday is None or shift.on_holidays)
            )
        )

    def reason(self, day: date) -> str | None:
        """Why `day` does not count: a holiday's name, Sabtu or Minggu, or no hours; None when it counts."""
        if not self.shifts:
            return self.days.reason(day)
        return None if self.spans(day) else self.days.reason(day) or OUTSIDE

    def between(self, after: date, until: date) -> int:
        """Working days later than `after` up to and with `until`; negative when `until` is earlier."""
        if until < after:
            return -self.between(until, after)
        span = (until - after).days
        return sum(self.reason(after + timedelta(days=n)) is None for n in range(1, span + 1))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the wall at `moment` (aware)."""
    return moment.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day, in UTC."""
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def on_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment` as a wall clock shows it, without its zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def from_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which a wall clock shows `wall`."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def stretches(work: WorkingTime, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The working stretches of a day as wall times."""
    midnight = datetime.combine(day, time())
    for opens, closes in work.spans(day):
        yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)


def minutes_between(begin: datetime, end: datetime, work: WorkingTime, zone: ZoneInfo) -> int:
    """Whole working minutes from `begin` to `end` (aware); negative when `end` is earlier."""
    if end < begin:
        return -minutes_between(end, begin, work, zone)
    low, high = on_wall(begin, zone), on_wall(end, zone)
    total = timedelta()
    for number in range((high.date() - low.date()).days + 1):
        for opens, closes in stretches(work, low.date() + timedelta(days=number)):
            total += max(timedelta(), min(closes, high) - max(opens, low))
    return int(total.total_seconds()) // 60
