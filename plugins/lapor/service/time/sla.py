"""Which clocks run for which step: national and the tenant's own side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor import clock
from plugins.lapor.contracts import Deadline, Draft
from plugins.lapor.hookspecs import lapor_sla
from plugins.lapor.service.reference import Limit, reference, valid_on
from plugins.lapor.service.time import calendars
from superapp.sdk import Tenant, ask, current_tenant

ON_RECEIPT = ("verify", "resolve")
STANDARD = "standard"  # the class of what has no category yet


def deadlines(
    draft: Draft, started_at: datetime, steps: Sequence[str], agency_id: UUID | None = None
) -> tuple[Deadline, ...]:
    """All plugins' answers for `steps`, the earliest first; those of a unit's own clock with `agency_id`.

    LAPOR's own may not be left out: when they could not be worked out, the error goes on.
    """
    tenant = current_tenant()
    answers = ask(
        lapor_sla,
        tenant=tenant,
        draft=draft,
        started_at=started_at,
        steps=tuple(steps),
        agency_id=agency_id,
    )
    told = [each for answer in answers for each in answer.value]
    if all(answer.plugin != "lapor" for answer in answers):
        told += by_limits(tenant, draft, started_at, steps, agency_id)
    zone = ZoneInfo(tenant.timezone)
    # Another plugin need not know the local day.
    found = [
        replace(each, due_on=each.due_on or clock.local_day(each.due_at, zone), agency_id=agency_id)
        for each in told
        if each.step in steps
    ]
    return tuple(sorted(found, key=lambda each: (each.due_at, each.step, each.authority)))


def by_limits(
    tenant: Tenant,
    draft: Draft,
    started_at: datetime,
    steps: Sequence[str],
    agency_id: UUID | None = None,
) -> list[Deadline]:
    """What the tenant's limits say: for each step and authority the most specific row of the day."""
    zone = ZoneInfo(tenant.timezone)
    version = calendars.stored()
    found = []
    for limit in limits_for(draft.kind, draft.category, clock.local_day(started_at, zone), steps):
        work = version.work(agency_id, authority=limit.authority, unit=limit.unit)
        made = clock.due(
            started_at,
            limit.amount,
            limit.unit,
            work,
            zone,
            step=limit.step,
            authority=limit.authority,
            document=limit.document,
        )
        found.append(replace(made, calendar=version.number, agency_id=agency_id))
    return found


def limits_for(kind: str, category: str | None, day: date, steps: Sequence[str]) -> list[Limit]:
    """The row that counts on `day` for each step and authority.

    The closest one wins: of the category, of the kind, of the class, of all.
    """
    known = reference()
    info = known.categories.get(category or "")
    supervision = info.supervision if info is not None else STANDARD
    chosen: dict[tuple[str, str], Limit] = {}
    for limit in sorted(known.limits, key=_rank):
        fits = (
            limit.kind in (None, kind)
            and limit.category_code in (None, category)
            and limit.supervision in (None, supervision)
        )
        if fits and limit.step in steps and valid_on(limit, day):
            chosen[limit.step, limit.authority] = limit
    return list(chosen.values())


def _rank(limit: Limit) -> tuple[bool, bool, bool, str]:
    return (
        limit.category_code is not None,
        limit.kind is not None,
        limit.supervision is not None,
        str(limit.valid_from or ""),
    )
