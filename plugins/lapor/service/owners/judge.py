"""Dates of owners, judged without a database: what `superapp tenant check` and the desk refuse alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """True when `day` lies in it."""
        return (self.start or date.min) <= day <= (self.end or date.max)

    def overlaps(self, other: Span) -> bool:
        """True when a day lies in both."""
        return (self.start or date.min) <= (other.end or date.max) and (other.start or date.min) <= (
            self.end or date.max
        )

    def beyond(self, other: Span) -> date | None:
        """The first day of this span on which `other` does not hold; None when it always does."""
        if (self.start or date.min) < (other.start or date.min):
            return self.start or date.min
        if (self.end or date.max) > (other.end or date.max):
            return max(self.start or date.min, (other.end or date.max) + timedelta(days=1))
        return None


@dataclass(frozen=True, slots=True)
class Passing:
    """A reorganisation: on `on` what `giver` owned became `taker`'s; of one category, or of all (None)."""

    giver: Any
    taker: Any
    on: date
    category: str | None = None


def span(row: Any) -> Span:
    """The days on which a dated row holds; of a row of a file or of the database."""
    if hasattr(row, "valid_from"):
        return Span(row.valid_from, row.valid_to)
    return Span(row["valid_from"], row["valid_to"])


def circles(rows: Sequence[Passing]) -> list[int]:
    """The places of rows by which something comes back to the unit that gave it away.

    Followed in time, from each row onwards. One category may come back on a later day, as street lamps
    do; all that a closed unit had may not, nor anything on the same day.
    """
    return [place for place, row in enumerate(rows) if _returns(row, rows)]


def _returns(first: Passing, rows: Sequence[Passing]) -> bool:
    seen: set[tuple[Any, date]] = set()
    waiting = [(first.taker, first.on)]
    while waiting:
        here, since = waiting.pop()
        if here == first.giver:
            return True
        if (here, since) in seen:
            continue
        seen.add((here, since))
        waiting += [
            (row.taker, row.on)
            for row in rows
            if row.giver == here and _follows(first, since, row) and _same_matter(first, row)
        ]
    return bool(first.giver == first.taker)


def _follows(first: Passing, since: date, row: Passing) -> bool:
    return row.on >= since if first.category is None else row.on == first.on


def _same_matter(one: Passing, other: Passing) -> bool:
    return one.category is None or other.category is None or one.category == other.category
