"""How a clock stands at a moment: numbers and a state, no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from plugins.lapor.clock.working import WorkingTime, local_day, minutes_between

NEARLY = 0.9  # a ring that is near looks nearly full


@dataclass(frozen=True, slots=True)
class Reading:
    """`state` ok, near, late, paused or done; `share` 0..1 of the time used.

    `left` counts the days after today up to the due day, in working days (calendar days for a
    limit in `d`), negative when late; `today` is true on the due day itself.
    """

    state: Literal["ok", "near", "late", "paused", "done"]
    share: float
    left: int
    today: bool = False


def read(
    state: Literal["running", "paused", "done"],
    started_at: datetime,
    due_at: datetime,
    moment: datetime,
    work: WorkingTime,
    zone: ZoneInfo,
    *,
    unit: str = "wd",
    near_from: datetime | None = None,
) -> Reading:
    """Read a clock. It is near on its due day, and from `near_from` on where the tenant warns earlier."""
    today, last, first = (local_day(each, zone) for each in (moment, due_at, started_at))
    left = (last - today).days if unit == "d" else work.between(today, last)
    if unit == "h":
        whole = max(1, minutes_between(started_at, due_at, work, zone))
        rest = minutes_between(moment, due_at, work, zone)
    else:
        whole = max(1, (last - first).days if unit == "d" else work.between(first, last))
        rest = left
    share = min(1.0, max(0.0, 1 - rest / whole))
    if state == "done":
        return Reading("done", 1.0, left, last == today)
    if state == "paused":
        return Reading("paused", share, left, last == today)
    if moment > due_at:
        return Reading("late", 1.0, left, last == today)
    if last == today or (near_from is not None and moment >= near_from):
        return Reading("near", max(share, NEARLY), left, last == today)
    return Reading("ok", share, left)
