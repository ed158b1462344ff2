"""Versions of the learned model and its reports, as the desk and the command line show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

ModelState = Literal["candidate", "active", "retired"]


@dataclass(frozen=True, slots=True)
class ModelView:
    """One version. `first`, `three`, `half` are shares 0..1 of `later` reports, None when unmeasured.
    `usable` is False once its file was dropped; `paused`: it may not send on alone."""

    id: UUID
    state: ModelState
    basis: str
    trained_at: datetime
    rows: int
    later: int
    first: float | None
    three: float | None
    half: float | None
    note: str
    usable: bool
    paused: bool
    activated_at: datetime | None
    activated_by: str


@dataclass(frozen=True, slots=True)
class UnitQuality:
    """How well a unit's reports were recognised in four weeks: `right` of `cases`; before that
    `right_before` of `cases_before` in twelve weeks."""

    code: str
    cases: int
    suggested: int
    right: int
    cases_before: int
    right_before: int

    @property
    def recall(self) -> float | None:
        """Share of its reports that were suggested for it; None without reports."""
        return self.right / self.cases if self.cases else None

    @property
    def recall_before(self) -> float | None:
        """The same of the twelve weeks before."""
        return self.right_before / self.cases_before if self.cases_before else None

    @property
    def precision(self) -> float | None:
        """Share of what was suggested for it that was its own; None when nothing was."""
        return self.right / self.suggested if self.suggested else None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A week's report. Counts, not shares, so that every percentage can name its base."""

    week: date
    cases: int
    suggested: int
    first: int
    three: int
    strong: int
    strong_right: int
    alone: int
    alone_right: int
    units: tuple[UnitQuality, ...]
    alarms: tuple[Mapping[str, Any], ...]
    seen: bool
