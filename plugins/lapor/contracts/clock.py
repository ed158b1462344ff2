"""Promises with a day, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise that explains itself.

    `step` is verify, follow_up, resolve or confirm; `authority` national or tenant; `unit` is
    `wd` (working days), `d` (calendar days) or `h` (working hours); `due_at` is the end of the
    local due day, or the minute of a limit in hours, in UTC. `minutes` stand beside the counted
    days of a limit in hours. `agency_id` is the unit whose own clock it is; `calendar` the number
    of the calendar version it was computed with.
    """

    step: str
    due_at: datetime
    started_at: datetime
    amount: int
    unit: str
    days_counted: tuple[date, ...] = ()
    skipped: tuple[SkippedDay, ...] = ()
    document: str = ""
    authority: str = "national"
    due_on: date | None = None  # in the tenant's zone
    minutes: tuple[int, ...] = ()
    agency_id: UUID | None = None
    calendar: int | None = None
    done_at: datetime | None = None
    breached_at: datetime | None = None  # when it was first found to be over


@dataclass(frozen=True, slots=True)
class ClockChip:
    """The clock of one case now. `state` ok, near, late, paused or done; `share` 0..1 of time used.

    `days_left` counts working days (negative when late); calendar days for a limit in `d`.
    """

    state: Literal["ok", "near", "late", "paused", "done"]
    text: str
    share: float
    due_at: datetime | None
    days_left: int = 0
    waiting_for: str = ""
    unit: str = "wd"
