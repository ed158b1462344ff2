"""Which clocks run for which step: national and the tenant's own side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from plugins.lapor import clock
from plugins.lapor.contracts import Deadline, Draft
from plugins.lapor.hookspecs import lapor_sla
from plugins.lapor.service.reference import Limit, reference, valid_on
from superapp.sdk import Tenant, ask, calendar, current_tenant

ON_RECEIPT = ("verify", "resolve")


def deadlines(draft: Draft, started_at: datetime, steps: Sequence[str]) -> tuple[Deadline, ...]:
    """All plugins' answers for `steps`, the earliest first.

    LAPOR's own may not be left out: when they could not be worked out, the error goes on.
    """
    tenant = current_tenant()
    answers = ask(lapor_sla, tenant=tenant, draft=draft, started_at=started_at, steps=tuple(steps))
    told = [each for answer in answers for each in answer.value]
    if all(answer.plugin != "lapor" for answer in answers):
        told += by_limits(tenant, draft, started_at, steps)
    zone = ZoneInfo(tenant.timezone)
    # Another plugin need not know the local day.
    found = [
        each if each.due_on else replace(each, due_on=clock.local_day(each.due_at, zone))
        for each in told
        if each.step in steps
    ]
    return tuple(sorted(found, key=lambda each: (each.due_at, each.step, each.authority)))


def by_limits(tenant: Tenant, draft: Draft, started_at: datetime, steps: Sequence[str]) -> list[Deadline]:
    """What the tenant's limits say: for each step and authority the most specific row of the day."""
    zone = ZoneInfo(tenant.timezone)
    days = calendar.calendar_of(tenant)
    day = clock.local_day(started_at, zone)
    chosen: dict[tuple[str, str], Limit] = {}
    for limit in sorted(reference().limits, key=_rank):
        if limit.step in steps and valid_on(limit, day) and _fits(limit, draft):
            chosen[limit.step, limit.authority] = limit
    return [
        clock.due(
            started_at,
            limit.amount,
            limit.unit,
            days,
            zone,
            step=limit.step,
            authority=limit.authority,
            document=limit.document,
        )
        for limit in chosen.values()
    ]


def _fits(limit: Limit, draft: Draft) -> bool:
    return limit.kind in (None, draft.kind) and limit.category_code in (None, draft.category)


def _rank(limit: Limit) -> tuple[bool, bool, str]:
    return (limit.category_code is not None, limit.kind is not None, str(limit.valid_from or ""))
