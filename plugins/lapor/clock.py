"""Working-time arithmetic, pure: values in, values out. The day after the start is day 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from plugins.lapor.contracts import ClockChip, Deadline, SkippedDay
from superapp.sdk import calendar

MAX_AMOUNT = 365
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Pause:
    """Local days on which a clock stood still: from `start` up to, not with, `end`."""

    start: date
    end: date
    reason: str = "Jeda"

    def covers(self, day: date) -> bool:
        """True when `day` does not count because of this pause."""
        return self.start <= day < self.end


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the wall at `moment` (aware)."""
    return moment.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day, in UTC."""
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def due(
    started_at: datetime,
    amount: int,
    unit: str,
    days: calendar.Calendar,
    zone: ZoneInfo,
    *,
    pauses: Sequence[Pause] = (),
    step: str = "",
    authority: str = "national",
    document: str = "",
) -> Deadline:
    """When `amount` days from `started_at` (aware) are over: the end of that local day, with its days.

    `unit` is `wd` (working days) or `d` (calendar days; pauses stop these too). Raises ValueError
    for an amount outside 1..365 or another unit.
    """
    if not 1 <= amount <= MAX_AMOUNT or unit not in {"wd", "d"}:
        raise ValueError(f"A limit is 1..{MAX_AMOUNT} wd or d, not {amount} {unit}.")
    counted: list[date] = []
    skipped: list[SkippedDay] = []
    day = local_day(started_at, zone)
    while len(counted) < amount:
        day += timedelta(days=1)
        why = next((pause.reason for pause in pauses if pause.covers(day)), None)
        if why is None and unit == "wd":
            why = days.reason(day)
        if why is None:
            counted.append(day)
        else:
            skipped.append(SkippedDay(day, why))
    return Deadline(
        step=step,
        due_at=end_of(day, zone),
        started_at=started_at,
        amount=amount,
        unit=unit,
        days_counted=tuple(counted),
        skipped=tuple(skipped),
        document=document,
        authority=authority,
        due_on=day,
    )


def chip(
    state: Literal["running", "paused", "done"],
    started_at: datetime,
    due_at: datetime,
    moment: datetime,
    days: calendar.Calendar,
    zone: ZoneInfo,
    *,
    waiting_for: str = "",
    done_text: str = "",
) -> ClockChip:
    """The clock of a case at `moment`, in words of an Indonesian desk. Days are working days."""
    today, last, first = (local_day(each, zone) for each in (moment, due_at, started_at))
    left, whole = days.between(today, last), max(1, days.between(first, last))
    share = min(1.0, max(0.0, 1 - left / whole))
    if state == "done":
        return ClockChip("done", done_text or "selesai", 1.0, due_at, left)
    if state == "paused":
        return ClockChip("paused", PAUSED.get(waiting_for, "jam berhenti"), share, due_at, left, waiting_for)
    if moment > due_at:
        late = f"lewat {-left} hari kerja" if left < 0 else "lewat batas"
        return ClockChip("late", late, 1.0, due_at, left)
    if left == 0:
        return ClockChip("near", "batas hari ini", max(share, 0.9), due_at, 0)
    return ClockChip("ok", f"sisa {left} hari kerja", share, due_at, left)


PAUSED = {"reporter": "menunggu pelapor", "institution": "menunggu instansi lain"}
