"""Rungs of a ladder of escalation: when each is due, and whether they follow each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from plugins.lapor.clock.due import due
from plugins.lapor.clock.working import (
    FARTHEST,
    OFFICE,
    NoWorkingTime,
    WorkingTime,
    from_wall,
    local_day,
    on_wall,
    stretches,
)

# For comparing rungs only: how many hours a unit stands for.
HOURS = {"h": 1, "wd": 8, "d": 8}


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told on which level, `amount` of `unit` before or after the due moment."""

    level: int
    who: str
    relation: str  # before or after
    amount: int
    unit: str

    @property
    def weight(self) -> int:
        """Where it stands relative to the due moment, in rough working hours; negative is before."""
        return (-1 if self.relation == "before" else 1) * self.amount * HOURS[self.unit]


def rung_at(due_at: datetime, rung: Rung, work: WorkingTime, zone: ZoneInfo) -> datetime:
    """The moment of a rung (UTC): before in days, when the office opens with so many days left."""
    if rung.amount == 0:
        return due_at
    if rung.relation == "after":
        return due(due_at, rung.amount, rung.unit, work, zone).due_at
    if rung.unit == "h":
        return from_wall(_hours_before(on_wall(due_at, zone), rung.amount, work), zone)
    day = _days_before(local_day(due_at, zone), rung.amount, work if rung.unit == "wd" else None)
    opens = next(iter(work.spans(day)), OFFICE)[0]
    return from_wall(datetime.combine(day, time()) + timedelta(minutes=opens), zone)


def _days_before(last: date, amount: int, work: WorkingTime | None) -> date:
    """The day on which `amount` days are left until `last`."""
    if work is None:
        return last - timedelta(days=amount)
    for number in range(1, FARTHEST):
        day = last - timedelta(days=number)
        if work.reason(day) is None and work.between(day, last) >= amount:
            return day
    raise NoWorkingTime(f"No {amount} working days lie before {last}.")


def _hours_before(end: datetime, amount: int, work: WorkingTime) -> datetime:
    """The wall time from which `amount` working hours are left until `end`."""
    left = timedelta(hours=amount)
    for number in range(FARTHEST):
        for opens, closes in reversed(list(stretches(work, end.date() - timedelta(days=number)))):
            here = min(closes, end)
            if here <= opens:
                continue
            if here - opens >= left:
                return here - left
            left -= here - opens
    raise NoWorkingTime(f"No {amount} working hours lie before {end}.")


def unordered(rungs: Sequence[Rung]) -> Iterator[tuple[Rung, Rung, str]]:
    """Pairs that do not follow each other: (the wrong one, the one it clashes with, why).

    Why is `gap` (a level is missing between them; for the first rung: it is not level 1), `early`
    (a higher level comes no later) or `cycle` (somebody is told again after another one was).
    """
    ordered = sorted(rungs, key=lambda each: (each.level, each.weight))
    for rung in ordered[:1]:
        if rung.level != 1:
            yield rung, rung, "gap"
    for lower, upper in pairwise(ordered):
        if upper.level > lower.level + 1:
            yield upper, lower, "gap"
        if upper.level > lower.level and upper.weight <= lower.weight:
            yield upper, lower, "early"
    yield from _cycles(ordered)


def _cycles(ordered: Sequence[Rung]) -> Iterator[tuple[Rung, Rung, str]]:
    last: dict[str, Rung] = {}
    for rung in ordered:
        earlier = last.get(rung.who)
        if earlier is not None and any(
            earlier.level < between.level < rung.level and between.who != rung.who for between in ordered
        ):
            yield rung, earlier, "cycle"
        last[rung.who] = rung
