"""How many cases lie in each box: kept in the same transaction, so that no page counts rows."""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select, text

from plugins.lapor.models import Counter
from plugins.lapor.states import OPEN, UNVERIFIED
from superapp.sdk import current_tenant, session

SHARDS = 8
HIDDEN = ".secret"

ADD = text(
    """
INSERT INTO lapor.counter AS c (tenant_id, key, shard, value)
SELECT :tenant, k, :shard, v
FROM unnest(CAST(:keys AS text[]), CAST(:steps AS bigint[])) AS given(k, v) ORDER BY k
ON CONFLICT (tenant_id, key, shard) DO UPDATE SET value = c.value + excluded.value
"""
)


class Counted(Protocol):
    """What decides in which boxes a case lies."""

    status: str
    agency_id: UUID | None
    officer_id: UUID | None
    overdue: bool
    priority: bool
    secret: bool
    whistle: str
    open_returns: int


class Part(Protocol):
    """A unit's part, as far as boxes know it; an assignment is one."""

    agency_id: UUID
    officer_id: UUID | None
    role: str
    active: bool


def boxes(case: Counted, parts: Iterable[Part] = ()) -> frozenset[str]:
    """The boxes of a case and its parts; those of secret ones carry a mark, because not everybody counts
    them.

    A whistle-blower's case carries its own in every box but its officer's.
    """
    if case.status not in OPEN:
        return frozenset({f"all.{case.whistle}" if case.whistle else "all" + HIDDEN * case.secret})
    held = [part for part in parts if part.active]
    units = {case.agency_id, *(part.agency_id for part in held if part.role != "referral")} - {None}
    copies = {part.agency_id for part in held} - units
    found = {"all", "open"} | {f"agency:{unit}" for unit in units} | {f"referral:{unit}" for unit in copies}
    if case.status in UNVERIFIED or case.open_returns:
        found.add("unverified")
    if case.overdue:
        found |= {"overdue"} | {f"overdue:{unit}" for unit in units}
    if case.priority:
        found |= {"priority"} | {f"priority:{unit}" for unit in units}
    officers = {case.officer_id, *(part.officer_id for part in held)} - {None}
    found |= {f"mine:{officer}" for officer in officers}
    if case.whistle:
        return frozenset(name if name.startswith("mine:") else f"{name}.{case.whistle}" for name in found)
    shared = {"all", "open", "unverified", "overdue", "priority"}
    return frozenset(name + HIDDEN if case.secret and name in shared else name for name in found)


def month(moment: datetime, what: str) -> str:
    """The key of a monthly figure: received, gathered (led by another report), closed or on_time."""
    return f"month:{moment:%Y-%m}:{what}"


def moved(before: frozenset[str], after: frozenset[str]) -> dict[str, int]:
    """What a change does to the boxes."""
    return dict.fromkeys(after - before, 1) | dict.fromkeys(before - after, -1)


def add(steps: Mapping[str, int]) -> None:
    """Apply changes in the order of their keys, which is what keeps two writers from a deadlock."""
    real = {key: step for key, step in sorted(steps.items()) if step}
    if real:
        session().execute(ADD, parameters(real))


def parameters(steps: Mapping[str, int]) -> dict[str, object]:
    """What ADD needs; also used inside of the one statement of submit."""
    return {
        "tenant": current_tenant().id,
        "shard": random.randrange(SHARDS),
        "keys": list(steps),
        "steps": list(steps.values()),
    }


def read(keys: Iterable[str]) -> dict[str, int]:
    """The values of `keys`; one that nothing was ever counted under is 0."""
    wanted = list(keys)
    query = select(Counter.key, func.sum(Counter.value)).where(Counter.key.in_(wanted)).group_by(Counter.key)
    found = {key: max(0, int(value)) for key, value in session().execute(query)}
    return {key: found.get(key, 0) for key in wanted}


def tally(rows: Iterable[tuple[Counted, Iterable[Part]]]) -> Tally[str]:
    """What the boxes should hold, from the rows themselves."""
    total: Tally[str] = Tally()
    for case, parts in rows:
        total.update(boxes(case, parts))
    return total
