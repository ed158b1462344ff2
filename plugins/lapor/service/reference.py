"""Categories, rules and limits of the open tenant: small, read together, kept for a few seconds."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.models import Category, LadderRung, RoutingRule, TimeLimit
from superapp.sdk import current_tenant, session

FRESH_SECONDS = 5.0
BUILT_IN = Path(__file__).parents[1] / "limits.csv"


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """A category without its row."""

    code: str
    group_name: str
    name: str
    question: str
    examples: tuple[str, ...]
    urgency: str
    advice: str
    confidential: bool
    supervision: str
    proof: str
    national_main: str
    national_sub: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """Who owns what; None means any."""

    id: UUID
    category_code: str | None
    area_code: str | None
    kind: str | None
    agency_id: UUID
    priority: int
    reason: str
    valid_from: date | None
    valid_to: date | None
    document: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step may take; None means any."""

    step: str
    authority: str
    kind: str | None
    supervision: str | None
    category_code: str | None
    amount: int
    unit: str
    valid_from: date | None
    valid_to: date | None
    document: str


@dataclass(frozen=True, slots=True)
class RungRow:
    """Who is told about a clock of a step, when and how."""

    step: str
    level: int
    who: str
    relation: str
    amount: int
    unit: str
    channel: str
    address: str
    valid_from: date | None
    valid_to: date | None
    document: str


@dataclass(frozen=True, slots=True)
class Reference:
    """All of it, at one moment."""

    categories: Mapping[str, CategoryInfo]
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    rungs: tuple[RungRow, ...] = ()


_kept: dict[int, tuple[float, Reference]] = {}


def reference() -> Reference:
    """The open tenant's reference rows, at most 5 s old."""
    tenant_id = current_tenant().id
    kept = _kept.get(tenant_id)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + FRESH_SECONDS, load())
        _kept[tenant_id] = kept
    return kept[1]


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    _kept.clear()


def valid_on(row: Any, day: date) -> bool:
    """True when a dated row holds on `day`, both ends included."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def load() -> Reference:
    """The rows as they are now, past every copy."""
    order = select(*_columns(Category, CategoryInfo)).order_by(Category.sort, Category.code)
    categories = {row.code: _category(row) for row in session().execute(order)}
    rules = tuple(Rule(*row) for row in session().execute(select(*_columns(RoutingRule, Rule))))
    limits = tuple(Limit(*row) for row in session().execute(select(*_columns(TimeLimit, Limit))))
    rungs = tuple(RungRow(*row) for row in session().execute(select(*_columns(LadderRung, RungRow))))
    return Reference(categories, rules, _with_national(limits), rungs)


def _category(row: Any) -> CategoryInfo:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return CategoryInfo(*values)


def _columns(model: Any, value: Any) -> Iterable[Any]:
    return (getattr(model, name) for name in value.__slots__)


def _with_national(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """A tenant that names no national limit gets those that come with the plugin."""
    if any(limit.authority == "national" for limit in limits):
        return limits
    return (*limits, *built_in())


@cache
def built_in() -> tuple[Limit, ...]:
    """The national limits of limits.csv, each with its document."""
    with BUILT_IN.open(encoding="utf-8", newline="") as file:
        return tuple(
            Limit(
                row["step"],
                row["authority"],
                row["kind"] or None,
                row["class"] or None,
                row["category"] or None,
                int(row["amount"]),
                row["unit"],
                None,
                None,
                row["document"],
            )
            for row in csv.DictReader(file)
        )
