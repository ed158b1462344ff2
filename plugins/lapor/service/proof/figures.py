"""How the answers of each unit held: from counters that grew with each step, never by counting cases."""

from __future__ import annotations

from datetime import UTC, datetime

from plugins.lapor.contracts.proof import UnitFigures
from plugins.lapor.service import counters
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.proof.back import COUNTED, figure
from superapp.sdk import directory, now


def by_unit(months: int = 12) -> tuple[UnitFigures, ...]:
    """Units that answered or were refused in this month and those before it, the most refused first."""
    begun = [_month(back) for back in range(months)]
    units = list(directory.agencies())
    keys = {
        (unit, what): [figure(unit, what, month) for month in begun] for unit in units for what in COUNTED
    }
    values = counters.read(key for found in keys.values() for key in found)
    found = []
    for unit in units:
        numbers = [sum(values[key] for key in keys[unit, what]) for what in COUNTED]
        ref = agency_ref(unit)
        if ref is not None and any(numbers):
            found.append(UnitFigures(ref, *numbers))
    return tuple(sorted(found, key=lambda each: (-each.refused - each.false_closings, each.agency.name)))


def _month(back: int) -> str:
    moment = now()
    year, month = divmod(moment.year * 12 + moment.month - 1 - back, 12)
    return counters.month(datetime(year, month + 1, 1, tzinfo=UTC), "")
