"""Working-time arithmetic, pure: values in, values out. Nothing here reads a row or a wall clock."""

from plugins.lapor.clock.due import MAX_AMOUNT, UNITS, Pause, due
from plugins.lapor.clock.ladder import Rung, rung_at, unordered
from plugins.lapor.clock.reading import Reading, read
from plugins.lapor.clock.working import (
    OFFICE,
    NoWorkingTime,
    Shift,
    WorkingTime,
    end_of,
    local_day,
    minutes_between,
)

__all__ = [
    "MAX_AMOUNT",
    "OFFICE",
    "UNITS",
    "NoWorkingTime",
    "Pause",
    "Reading",
    "Rung",
    "Shift",
    "WorkingTime",
    "due",
    "end_of",
    "local_day",
    "minutes_between",
    "read",
    "rung_at",
    "unordered",
]
