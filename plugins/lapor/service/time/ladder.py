"""The ladder of escalation: which rungs hold today, and from when on a clock is near."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from plugins.lapor import clock
from plugins.lapor.service.reference import RungRow, reference, valid_on
from superapp.sdk import now

AGENCY = "agency"  # whoever has the case
DESK = "desk"  # only on the timeline and in the list


def rungs(step: str, zone: ZoneInfo) -> list[RungRow]:
    """The rungs of a step that hold today, the lowest first."""
    day = clock.local_day(now(), zone)
    found = [row for row in reference().rungs if row.step == step and valid_on(row, day)]
    return sorted(found, key=lambda row: (row.level, row.who))


def pure(row: RungRow) -> clock.Rung:
    """A rung as the arithmetic takes it."""
    return clock.Rung(row.level, row.who, row.relation, row.amount, row.unit)


def near_from(step: str, due_at: datetime, work: clock.WorkingTime, zone: ZoneInfo) -> datetime | None:
    """From when on a clock of this step is near: the tenant's first warning before it is due."""
    warnings = [pure(row) for row in rungs(step, zone) if row.relation == "before" and row.amount]
    moments = [clock.rung_at(due_at, each, work, zone) for each in warnings]
    return min(moments, default=None)
