"""Checklists: what has to be made sure of before a step, by category, state and day.

Items are few and come from the tenant's checklists.csv, so each process keeps them for a few seconds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts.desk import CheckView
from plugins.lapor.models import CheckItem, CheckTick, Complaint
from plugins.lapor.service.agencies import agency_ref, short
from superapp.sdk import Actor, FieldError, Invalid, current_tenant, now, session

FRESH_SECONDS: Final = 5.0
STEPS: Final = (
    "verify",
    "dispose",
    "give_back",
    "hold",
    "resume",
    "progress",
    "answer",
    "archive",
    "forward",
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item without its row; None means any."""

    id: UUID
    category_code: str | None
    status: str | None
    item: str
    before_action: str | None
    valid_from: date | None
    valid_to: date | None


_kept: dict[int, tuple[float, tuple[Item, ...]]] = {}


def demand(case: Complaint, action: str, actor: Actor) -> None:
    """Raise Invalid naming the items that are still open before this step; people and programs alike."""
    if actor.kind not in {"officer", "api"}:
        return
    waiting = [each for each in items_of(case) if each.before_action == action]
    if not waiting:
        return
    done = set(_ticks(case.id))
    missing = [each.item for each in waiting if each.id not in done]
    if missing:
        raise Invalid(
            "Daftar periksa belum lengkap.",
            "Centang dahulu butir yang diminta sebelum langkah ini.",
            errors=[FieldError("checklist", each, "open") for each in missing],
        )


def items_of(case: Complaint) -> list[Item]:
    """The items that hold for a case today, in their order."""
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    return [
        each
        for each in _items()
        if each.category_code in (None, case.category_code)
        and each.status in (None, case.status)
        and (each.valid_from is None or each.valid_from <= today)
        and (each.valid_to is None or today <= each.valid_to)
    ]


def checklist(case: Complaint) -> list[CheckView]:
    """The items of a case, each with who ticked it."""
    items = items_of(case)
    if not items:
        return []
    ticks = _ticks(case.id)
    return [_view(each, ticks.get(each.id)) for each in items]


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    _kept.clear()


def _items() -> tuple[Item, ...]:
    tenant_id = current_tenant().id
    kept = _kept.get(tenant_id)
    if kept is None or kept[0] < time.monotonic():
        columns = [getattr(CheckItem, name) for name in Item.__slots__]
        rows = session().execute(select(*columns).order_by(CheckItem.sort, CheckItem.code))
        kept = (time.monotonic() + FRESH_SECONDS, tuple(Item(*row) for row in rows))
        _kept[tenant_id] = kept
    return kept[1]


def _ticks(complaint_id: UUID) -> dict[UUID, CheckTick]:
    query = select(CheckTick).where(CheckTick.complaint_id == complaint_id)
    return {row.item_id: row for row in session().scalars(query)}


def _view(item: Item, tick: CheckTick | None) -> CheckView:
    by, at = "", None
    if tick is not None:
        unit = short(agency_ref(tick.agency_id))
        by, at = f"{tick.actor_name}, {unit}" if unit else tick.actor_name, tick.at
    return CheckView(item.id, item.item, item.before_action or "", tick is not None, by, at)
