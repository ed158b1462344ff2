"""A line of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `share` is ours / limit; an empty goal is information only."""

    path: str
    ours: str
    limit: str
    share: float | None
    goal: float | None
    note: str = ""

    def __str__(self) -> str:
        share = f"{self.share:6.2f}" if self.share is not None else "      "
        goal = f"{self.goal:5.2f}" if self.goal is not None else "     "
        mark = " " if self.share is None or self.goal is None else "+" if self.share >= self.goal else "-"
        return f"{mark} {self.path:<34}{self.ours:>12}{self.limit:>12}{share}{goal}  {self.note}"
