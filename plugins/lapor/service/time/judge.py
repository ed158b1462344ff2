"""What limits and calendar say about running clocks now, compared with what is kept; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor import clock
from plugins.lapor.contracts import Deadline
from plugins.lapor.service.store import days_json
from plugins.lapor.service.time import sla
from plugins.lapor.service.time.calendars import Version
from plugins.lapor.service.time.clocks import OWN


@dataclass(slots=True)
class Slate:
    """What a batch will write, gathered case by case."""

    changed: list[tuple[Any, Deadline]] = field(default_factory=list)
    same: list[UUID] = field(default_factory=list)
    added: list[tuple[UUID, Deadline]] = field(default_factory=list)
    moves: dict[UUID, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    units: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))


class Maker:
    """Deadlines by calendar and limits; the same question is answered once a batch."""

    def __init__(self, version: Version, zone: ZoneInfo) -> None:
        self.version, self.zone = version, zone
        self._made: dict[Any, Deadline] = {}
        self._limits: dict[Any, dict[str, Any]] = {}

    def limits(self, case: Any, row: Any) -> dict[str, Any]:
        """By authority, the limits that count for a clock of this case and start."""
        day = clock.local_day(row.started_at, self.zone)
        asked = (case.kind, case.category_code, day, row.step)
        if asked not in self._limits:
            found = sla.limits_for(case.kind, case.category_code, day, (row.step,))
            self._limits[asked] = {limit.authority: limit for limit in found}
        return self._limits[asked]

    def make(self, row: Any, authority: str, wanted: Any, stops: tuple[clock.Pause, ...]) -> Deadline:
        """The deadline of a limit (amount, unit) for the start and unit of `row`."""
        begin: Any = row.started_at
        if wanted.unit != "h":
            begin = clock.local_day(begin, self.zone)
        asked = (begin, wanted.amount, wanted.unit, authority == "national", row.agency_id, stops)
        if asked not in self._made:
            work = self.version.work(row.agency_id, authority=authority, unit=wanted.unit)
            self._made[asked] = clock.due(
                row.started_at, wanted.amount, wanted.unit, work, self.zone, pauses=stops
            )
        return self._made[asked]


def judge(case: Any, rows: Sequence[Any], stops: tuple[clock.Pause, ...], made: Maker, slate: Slate) -> None:
    """Set down for one case which clocks change, which only take the new version, and which begin."""
    groups: dict[Any, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        groups[row.step, row.started_at, row.agency_id][row.authority] = row
    for group in groups.values():
        first = next(iter(group.values()))
        limits = made.limits(case, first) if set(group) & set(OWN) else {}
        for authority, row in group.items():
            wanted = limits.get(authority, row) if authority in OWN else row
            new = made.make(row, authority, wanted, stops)
            document = wanted.document
            if _differs(row, new, document):
                slate.changed.append((row, _with(new, row, document)))
            elif row.calendar != made.version.number:
                slate.same.append(row.id)
            if new.due_at != row.due_at:
                _moved(slate, case, row, new)
        for authority in set(limits) - set(group):
            wanted = limits[authority]
            new = _with(made.make(first, authority, wanted, stops), first, wanted.document, authority)
            slate.added.append((case.id, new))
            _moved(slate, case, first, new, began=True)


def _differs(row: Any, new: Deadline, document: str) -> bool:
    return (row.due_at, row.amount, row.unit, row.document, row.days) != (
        new.due_at,
        new.amount,
        new.unit,
        document,
        days_json(new),
    )


def _with(new: Deadline, row: Any, document: str, authority: str = "") -> Deadline:
    """The deadline with what belongs to its row: the question that it answers is asked by many."""
    return Deadline(
        step=row.step,
        due_at=new.due_at,
        started_at=row.started_at,
        amount=new.amount,
        unit=new.unit,
        days_counted=new.days_counted,
        skipped=new.skipped,
        document=document,
        authority=authority or row.authority,
        due_on=new.due_on,
        minutes=new.minutes,
        agency_id=row.agency_id,
    )


def _moved(slate: Slate, case: Any, row: Any, new: Deadline, *, began: bool = False) -> None:
    hours = "h" in (row.unit, new.unit)
    line = {
        "step": row.step,
        "from": "" if began else row.due_at.isoformat() if hours else row.due_on.isoformat(),
        "to": new.due_at.isoformat() if hours else str(new.due_on),
        "authority": new.authority or row.authority,
    }
    slate.moves[case.id].append(line)
    slate.units[case.id] |= {unit for unit in (case.agency_id, row.agency_id) if unit is not None}
