"""The weekly report: how often the first suggestion was right, whose reports are recognised, and alarms.

A week is short for most cities (50 reports in 25 units), so a report looks at the four weeks that end
with its week, and compares each unit with the twelve weeks before.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from plugins.lapor.clock import local_day
from plugins.lapor.contracts.routing import ReportView, UnitQuality
from plugins.lapor.models import Complaint, RoutingDecision, RoutingReport
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.reference import reference
from plugins.lapor.service.routing import versions
from plugins.lapor.service.routing.proven import at_most
from plugins.lapor.settings import setting
from superapp.sdk import Message, address, audit, current_tenant, directory, notify, now, session, work

WEEK: Final = timedelta(days=7)
WINDOW, BEFORE = 4 * WEEK, 12 * WEEK
STRONG: Final = 3
LEAST_ALONE: Final = 20
FRESH_SECONDS: Final = 30.0


def last_week() -> date:
    """The Monday of the last week that is over, in the tenant's zone."""
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    return today - timedelta(days=today.weekday()) - WEEK


def write(week: date | None = None) -> bool:
    """Make the report of a week (its Monday) once; False when it stands already or there is nothing in it.

    Alarms go to the unit that keeps the main door, and stand at the desk until somebody has read them.
    """
    monday = week or last_week()
    end = datetime.combine(monday + WEEK, clock_time(), ZoneInfo(current_tenant().timezone)).astimezone(UTC)
    recent = _decisions(end - WINDOW, end)
    if not recent:
        return False
    units = _units(recent, _decisions(end - WINDOW - BEFORE, end - WINDOW))
    measures = _measures(recent)
    alarms = [*_falls(units), *_alone_alarm(measures)]
    values = {
        "tenant_id": current_tenant().id,
        "week": monday,
        "made_at": now(),
        "cases": len(recent),
        "measures": {**measures, "units": [asdict(each) for each in units]},
        "alarms": alarms,
    }
    with work() as unit:
        made = unit.execute(
            insert(RoutingReport).values(**values).on_conflict_do_nothing().returning(RoutingReport.week)
        ).first()
        if made is None:
            return False
        for each in alarms:
            if each["kind"] == "alone":
                versions.pause(f"{each['right']}/{each['cases']}")
        if alarms:
            _tell(monday, alarms)
    _kept.clear()
    return True


def reports(most: int = 12) -> tuple[ReportView, ...]:
    """The newest reports first."""
    query = select(RoutingReport).order_by(RoutingReport.week.desc()).limit(most)
    return tuple(_view(row) for row in session().scalars(query))


def read(week: date) -> None:
    """Say that the alarms of a report were seen."""
    with work() as unit:
        unit.execute(
            update(RoutingReport)
            .where(RoutingReport.week == week, RoutingReport.seen_at.is_(None))
            .values(seen_at=now())
        )
        audit.record("lapor.routing.alarms_read", "routing_report", week.isoformat())
    _kept.clear()


_kept: dict[int, tuple[float, int]] = {}


def unread() -> int:
    """How many alarms of the newest report nobody has read; at most half a minute old, for the navigation."""
    tenant_id = current_tenant().id
    kept = _kept.get(tenant_id)
    if kept is None or kept[0] < time.monotonic():
        query = select(RoutingReport.alarms, RoutingReport.seen_at).order_by(RoutingReport.week.desc())
        row = session().execute(query.limit(1)).first()
        count = len(row.alarms) if row and row.seen_at is None else 0
        kept = _kept[tenant_id] = (time.monotonic() + FRESH_SECONDS, count)
    return kept[1]


def _decisions(start: datetime, end: datetime) -> list[Any]:
    """The first decision of each case in this time, beside the unit that owns it now."""
    columns = (RoutingDecision.how, RoutingDecision.strength, RoutingDecision.recalled_at)
    ids = (RoutingDecision.first_id, RoutingDecision.second_id, RoutingDecision.third_id)
    query = (
        select(RoutingDecision.complaint_id, *columns, *ids, Complaint.agency_id)
        .join(Complaint, Complaint.id == RoutingDecision.complaint_id)
        .where(RoutingDecision.at >= start, RoutingDecision.at < end, Complaint.agency_id.is_not(None))
        .ext(distinct_on(RoutingDecision.complaint_id))
        .order_by(RoutingDecision.complaint_id, RoutingDecision.at)
    )
    return list(session().execute(query))


def _measures(rows: Sequence[Any]) -> dict[str, int]:
    told = [row for row in rows if row.first_id is not None]
    strong = [row for row in told if row.strength == STRONG]
    alone = [row for row in rows if row.how == "system"]
    return {
        "suggested": len(told),
        "first": sum(_right(row) for row in told),
        "three": sum(row.agency_id in (row.first_id, row.second_id, row.third_id) for row in told),
        "strong": len(strong),
        "strong_right": sum(_right(row) for row in strong),
        "alone": len(alone),
        "alone_right": sum(_right(row) and row.recalled_at is None for row in alone),
    }


def _right(row: Any) -> bool:
    return bool(row.first_id == row.agency_id)


def _units(recent: Sequence[Any], before: Sequence[Any]) -> list[UnitQuality]:
    """Each unit that owned or was suggested, the one with most cases first."""
    cases, earlier = Counter(row.agency_id for row in recent), Counter(row.agency_id for row in before)
    suggested = Counter(row.first_id for row in recent if row.first_id is not None)
    right = Counter(row.agency_id for row in recent if _right(row))
    right_before = Counter(row.agency_id for row in before if _right(row))
    found = [
        UnitQuality(ref.code, cases[unit], suggested[unit], right[unit], earlier[unit], right_before[unit])
        for unit in cases.keys() | suggested.keys()
        if (ref := agency_ref(unit)) is not None
    ]
    return sorted(found, key=lambda each: (-each.cases, each.code))


def _falls(units: Iterable[UnitQuality]) -> list[dict[str, Any]]:
    """Units whose reports are recognised less than before, by more than the tenant's limit."""
    least, limit = int(str(setting("recall_cases"))), int(str(setting("recall_drop")))
    return [
        {
            "kind": "recall",
            "code": each.code,
            "cases": each.cases,
            "right": each.right,
            "cases_before": each.cases_before,
            "right_before": each.right_before,
        }
        for each in units
        if min(each.cases, each.cases_before) >= least
        and 100 * ((each.recall_before or 0) - (each.recall or 0)) >= limit
    ]


def _alone_alarm(measures: dict[str, int]) -> list[dict[str, Any]]:
    """What was sent on without an officer is surely worse than the target: no more of it for now."""
    cases, right = measures["alone"], measures["alone_right"]
    if cases < LEAST_ALONE or at_most(right, cases) >= float(str(setting("dispatch_target"))):
        return []
    return [{"kind": "alone", "code": "", "cases": cases, "right": right}]


def _tell(monday: date, alarms: Sequence[dict[str, Any]]) -> None:
    """A letter to the units that the rule for everything names: they keep the main door."""
    known = directory.agencies()
    doors = {rule.agency_id for rule in reference().rules if not (rule.category_code or rule.area_code)}
    lines = [f"- {sentence(each)}" for each in alarms]
    text = "Saran unit menjadi kurang tepat:\n\n" + "\n".join(lines)
    text += f"\n\n{address('/meja/lapor/penerusan')}\n"
    for unit_id in sorted(doors, key=str):
        unit = known.get(unit_id)
        if unit is not None and unit.email:
            key = f"routing-report:{monday.isoformat()}:{unit.code}"
            notify(Message("email", unit.email, "Peringatan mutu penerusan", text, key=key))


def sentence(alarm: dict[str, Any]) -> str:
    """An alarm in words for a letter, with what its shares are made of."""
    if alarm["kind"] == "alone":
        return f"Penerusan otomatis benar {alarm['right']} dari {alarm['cases']}; dihentikan sementara."
    unit = directory.agencies_by_code().get(alarm["code"])
    return (
        f"{unit.name if unit else alarm['code']}: dikenali {alarm['right']} dari {alarm['cases']} laporan, "
        f"sebelumnya {alarm['right_before']} dari {alarm['cases_before']}."
    )


def _view(row: RoutingReport) -> ReportView:
    told = row.measures
    return ReportView(
        week=row.week,
        cases=row.cases,
        suggested=told["suggested"],
        first=told["first"],
        three=told["three"],
        strong=told["strong"],
        strong_right=told["strong_right"],
        alone=told["alone"],
        alone_right=told["alone_right"],
        units=tuple(UnitQuality(**each) for each in told["units"]),
        alarms=tuple(row.alarms),
        seen=row.seen_at is not None,
    )
