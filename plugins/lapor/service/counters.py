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


def boxes(case: Counted, assigned: Iterable[UUID] = ()) -> frozenset[str]:
    """The boxes of a case; those of secret ones carry a mark, because not everybody counts them.

    A whistle-blower's case carries its own in every box but its officer's.
    """
    is_open = case.status in OPEN
    units = {case.agency_id, *assigned} - {None} if is_open else set()
    found = {"all"}
    found |= {"open"} if is_open else set()
    found |= {"unverified"} if case.status in UNVERIFIED else set()
    found |= {f"agency:{unit}" for unit in units}
    if case.overdue and is_open:
        found |= {"overdue"} | {f"overdue:{unit}" for unit in units}
    if case.priority and is_open:
        found |= {"priority"} | {f"priority:{unit}" for unit in units}
    if case.officer_id and is_open:
        found.add(f"mine:{case.officer_id}")
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


def tally(rows: Iterable[tuple[Counted, Iterable[UUID]]]) -> Tally[str]:
    """What the boxes should hold, from the rows themselves."""
    total: Tally[str] = Tally()
    for case, assigned in rows:
        total.update(boxes(case, assigned))
    return total
