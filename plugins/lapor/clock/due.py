"""When a limit is over. Days: the day after the start is day 1. Hours: working hours from the start on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plugins.lapor.clock.working import (
    FARTHEST,
    OUTSIDE,
    NoWorkingTime,
    WorkingTime,
    end_of,
    from_wall,
    local_day,
    on_wall,
    stretches,
)
from plugins.lapor.contracts import Deadline, SkippedDay

MAX_AMOUNT = 365
UNITS = ("wd", "d", "h")


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stood still, on the wall: from `began` up to, not with, `ended`.

    Limits in days leave out the days from the first one up to, not with, the last one: a pause
    that begins and ends on one day takes none.
    """

    began: datetime
    ended: datetime
    reason: str = "Jeda"

    def covers(self, day: date) -> bool:
        """True when `day` does not count because of this pause."""
        return self.began.date() <= day < self.ended.date()


def due(
    started_at: datetime,
    amount: int,
    unit: str,
    work: WorkingTime,
    zone: ZoneInfo,
    *,
    pauses: Sequence[Pause] = (),
    step: str = "",
    authority: str = "national",
    document: str = "",
) -> Deadline:
    """When `amount` of `unit` from `started_at` (aware) are over, with the days on the way.

    `wd` (working days) and `d` (calendar days; pauses stop these too) end with their local day,
    `h` (working hours) at their minute. Raises ValueError for an amount outside 1..365 or another
    unit, NoWorkingTime for a calendar in which nothing is ever due.
    """
    if not 1 <= amount <= MAX_AMOUNT or unit not in UNITS:
        raise ValueError(f"A limit is 1..{MAX_AMOUNT} of {', '.join(UNITS)}, not {amount} {unit}.")
    if unit == "h":
        end, minutes, skipped = _hours(on_wall(started_at, zone), amount, work, pauses)
        due_at, day, counted = from_wall(end, zone), end.date(), tuple(minutes)
    else:
        days, skipped = _days(local_day(started_at, zone), amount, work if unit == "wd" else None, pauses)
        due_at, day, counted, minutes = end_of(days[-1], zone), days[-1], tuple(days), {}
    return Deadline(
        step=step,
        due_at=due_at,
        started_at=started_at,
        amount=amount,
        unit=unit,
        days_counted=counted,
        skipped=tuple(skipped),
        document=document,
        authority=authority,
        due_on=day,
        minutes=tuple(minutes.values()),
    )


def _days(
    start: date, amount: int, work: WorkingTime | None, pauses: Sequence[Pause]
) -> tuple[list[date], list[SkippedDay]]:
    """The counted days and those left out; without `work` every day of the calendar counts."""
    counted: list[date] = []
    skipped: list[SkippedDay] = []
    for number in range(1, FARTHEST + 1):
        day = start + timedelta(days=number)
        why = next((pause.reason for pause in pauses if pause.covers(day)), None)
        if why is None and work is not None:
            why = work.reason(day)
        if why is not None:
            skipped.append(SkippedDay(day, why))
            continue
        counted.append(day)
        if len(counted) == amount:
            return counted, skipped
    raise NoWorkingTime(f"Only {len(counted)} of {amount} days are found in {FARTHEST} days from {start}.")


def _hours(
    start: datetime, amount: int, work: WorkingTime, pauses: Sequence[Pause]
) -> tuple[datetime, dict[date, int], list[SkippedDay]]:
    """The end on the wall, the minutes of each day that counted, and the days of which none did."""
    left = timedelta(hours=amount)
    minutes: dict[date, int] = {}
    skipped: list[SkippedDay] = []
    for number in range(FARTHEST):
        day = start.date() + timedelta(days=number)
        used = timedelta()
        for begin, end in _running(work, day, start, pauses):
            piece = min(end - begin, left)
            used, left = used + piece, left - piece
            if not left:
                minutes[day] = int(used.total_seconds()) // 60
                return begin + piece, minutes, skipped
        if used:
            minutes[day] = int(used.total_seconds()) // 60
        else:
            skipped.append(SkippedDay(day, _why(work, day, pauses)))
    raise NoWorkingTime(f"{left} of {amount} hours are left after {FARTHEST} days from {start}.")


def _running(
    work: WorkingTime, day: date, start: datetime, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a day in which the clock runs: working hours after `start`, less the pauses."""
    for opens, closes in stretches(work, day):
        here = max(opens, start)
        for pause in sorted(pauses, key=lambda each: each.began):
            if pause.ended <= here:
                continue
            if pause.began >= closes:
                break
            if pause.began > here:
                yield here, pause.began
            here = pause.ended
        if here < closes:
            yield here, closes


def _why(work: WorkingTime, day: date, pauses: Sequence[Pause]) -> str:
    """Why no minute of a day counted."""
    off = work.reason(day)
    paused = next((p.reason for p in pauses if p.began.date() <= day <= p.ended.date()), None)
    return off or paused or OUTSIDE
