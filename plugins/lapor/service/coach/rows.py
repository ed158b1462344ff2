"""Questions, hints and reasons of the open tenant: small, read together, as fresh as `reference`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Question, Reason, ReasonKind
from plugins.lapor.models import HintRow, QuestionRow, ReasonRow
from plugins.lapor.service.reference import Reference, reference, valid_on
from superapp.sdk import current_tenant, now, session

BUILT_IN = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class HintRule:
    """When a report lacks something, and how that is said."""

    category: str
    code: str
    when: str
    words: tuple[str, ...]
    amount: int | None
    text: str
    question: str
    sort: int
    valid_from: date | None
    valid_to: date | None
    document: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All of it, at one moment."""

    questions: tuple[Question, ...]
    hints: tuple[HintRule, ...]
    reasons: tuple[Reason, ...]


_kept: dict[int, tuple[Reference, Rows]] = {}


def rows() -> Rows:
    """The open tenant's rows, read again whenever its reference is."""
    tenant_id, known = current_tenant().id, reference()
    kept = _kept.get(tenant_id)
    if kept is None or kept[0] is not known:
        kept = (known, _load())
        _kept[tenant_id] = kept
    return kept[1]


def today() -> date:
    """The date on the wall in the tenant's zone."""
    return local_day(now(), ZoneInfo(current_tenant().timezone))


def questions_of(category: str | None) -> tuple[Question, ...]:
    """What a category asks today, in order; of one code the question of the longest prefix speaks."""
    day, found = today(), {}
    for each in sorted(rows().questions, key=lambda each: len(each.category)):
        if covers(each.category, category) and valid_on(each, day):
            found[each.code] = each
    return tuple(sorted(found.values(), key=lambda each: (each.sort, each.code)))


def hints_of(category: str | None) -> tuple[HintRule, ...]:
    """The rules that look at a report of this category today, in order."""
    day, found = today(), {}
    for each in sorted(rows().hints, key=lambda each: len(each.category)):
        if covers(each.category, category) and valid_on(each, day):
            found[each.code] = each
    return tuple(sorted(found.values(), key=lambda each: (each.sort, each.code)))


def reasons_of(kind: ReasonKind) -> tuple[Reason, ...]:
    """What may be given as a reason today, in order."""
    day = today()
    return tuple(each for each in rows().reasons if each.kind == kind and valid_on(each, day))


def covers(prefix: str, category: str | None) -> bool:
    """True for every category when `prefix` is empty, else for itself and what lies below it."""
    return not prefix or (category is not None and (category == prefix or category.startswith(f"{prefix}.")))


def _load() -> Rows:
    order = (QuestionRow.sort, QuestionRow.category, QuestionRow.code)
    questions = session().execute(select(*_columns(QuestionRow, Question)).order_by(*order))
    hints = session().execute(select(*_columns(HintRow, HintRule)).order_by(HintRow.sort, HintRow.code))
    reasons = session().execute(select(*_columns(ReasonRow, Reason)).order_by(ReasonRow.sort, ReasonRow.code))
    own = tuple(Reason(*row) for row in reasons)
    spoken = {each.kind for each in own}
    return Rows(
        tuple(Question(*_tuples(row)) for row in questions),
        tuple(HintRule(*_tuples(row)) for row in hints) or built_in_hints(),
        (*own, *(each for each in built_in_reasons() if each.kind not in spoken)),
    )


def _columns(model: Any, value: Any) -> Iterable[Any]:
    return (getattr(model, name) for name in value.__slots__)


def _tuples(row: Iterable[Any]) -> Iterator[Any]:
    return (tuple(value) if isinstance(value, list) else value for value in row)


@cache
def built_in_hints() -> tuple[HintRule, ...]:
    """The hints of hints.csv, for a government that names none of its own."""
    return tuple(
        HintRule(
            row["category"],
            row["code"],
            row["when"],
            tuple(filter(None, row["words"].split("|"))),
            int(row["amount"]) if row["amount"] else None,
            row["text"],
            row["question"],
            int(row["order"]),
            None,
            None,
            "",
        )
        for row in _read("hints.csv")
    )


@cache
def built_in_reasons() -> tuple[Reason, ...]:
    """The reasons of reasons.csv, for the kinds of which a government names none of its own."""
    return tuple(
        Reason(
            row["code"],
            cast(Any, row["kind"]),
            row["title"],
            row["rule"],
            row["remedy"],
            row["step"],
            row["link"],
            document=row["document"],
        )
        for row in _read("reasons.csv")
    )


def _read(name: str) -> list[dict[str, str]]:
    with (BUILT_IN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
