"""Promises with a day, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise that explains itself.

    `step` is verify, follow_up, resolve or confirm; `authority` national or tenant; `unit` is
    `wd` (working days) or `d` (calendar days); `due_at` is the end of the local due day, in UTC.
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


@dataclass(frozen=True, slots=True)
class ClockChip:
    """The clock of one case now. `state` ok, near, late, paused or done; `share` 0..1 of time used.

    `days_left` counts working days (negative when late).
    """

    state: Literal["ok", "near", "late", "paused", "done"]
    text: str
    share: float
    due_at: datetime | None
    days_left: int = 0
    waiting_for: str = ""
