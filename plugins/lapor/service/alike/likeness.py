"""How much two reports are alike, and which ones are looked at: found by index, compared in bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import text

from plugins.lapor.service.alike.marks import Marks, neighbours
from superapp.sdk import current_tenant, session

WINDOW: Final = timedelta(days=45)
PER_CELL: Final = 40
PER_STREET: Final = 40
PER_TEXT: Final = 20
MOST: Final = 7 * PER_CELL + PER_STREET + 3 * PER_TEXT
SAME_TEXT: Final = 0.93
EARTH_METRES: Final = 6_371_000.0

# One walk along an index for each key, each ended after a few rows. The newest come first.
FIND = text(
    """
SELECT f.complaint_id, f.words, f.spot, f.category_code, f.received_at, f.street, f.digest, f.lat, f.lng
FROM (
    SELECT near.complaint_id FROM unnest(CAST(:cells AS bigint[])) AS wanted(cell), LATERAL (
        SELECT complaint_id FROM lapor.likeness
        WHERE tenant_id = :tenant AND cell = wanted.cell AND live AND cell IS NOT NULL
          AND received_at > :since
        ORDER BY received_at DESC LIMIT :per_cell) AS near
    UNION SELECT same.complaint_id FROM (
        SELECT complaint_id FROM lapor.likeness
        WHERE tenant_id = :tenant AND street = :street AND live AND street IS NOT NULL
          AND received_at > :since
        ORDER BY received_at DESC LIMIT :per_street) AS same
) AS found JOIN lapor.likeness f ON f.tenant_id = :tenant AND f.complaint_id = found.complaint_id
"""
)
# Regardless of place and of what became of them: the same text that went to another unit weeks ago counts.
SAME = text(
    """
SELECT f.complaint_id, f.words, f.spot, f.category_code, f.received_at, f.street, f.digest, f.lat, f.lng
FROM (
    (SELECT complaint_id FROM lapor.likeness
     WHERE tenant_id = :tenant AND digest = :digest AND digest IS NOT NULL AND received_at > :since
     ORDER BY received_at DESC LIMIT :per_text)
    UNION (SELECT complaint_id FROM lapor.likeness
     WHERE tenant_id = :tenant AND band_a = :band_a AND band_a IS NOT NULL AND received_at > :since
     ORDER BY received_at DESC LIMIT :per_text)
    UNION (SELECT complaint_id FROM lapor.likeness
     WHERE tenant_id = :tenant AND band_b = :band_b AND band_b IS NOT NULL AND received_at > :since
     ORDER BY received_at DESC LIMIT :per_text)
) AS found JOIN lapor.likeness f ON f.tenant_id = :tenant AND f.complaint_id = found.complaint_id
"""
)


@dataclass(frozen=True, slots=True)
class Other:
    """A report that was compared. `score` 0..1, `metres` None where one of both has no point."""

    id: UUID
    score: float
    metres: int | None
    same_text: bool
    at: datetime


def alike(marks: Marks, *, without: UUID | None = None, least: float) -> list[Other]:
    """Open reports near by that are like it by at least `least`, the likest first; at most MOST compared."""
    values = {
        "tenant": current_tenant().id,
        "cells": neighbours(marks.cell) if marks.cell is not None else [],
        "street": marks.street,
        "since": marks.at - WINDOW,
        "per_cell": PER_CELL,
        "per_street": PER_STREET,
    }
    return _compared(marks, session().execute(FIND, values).all(), without, least)


def same_text(marks: Marks, *, without: UUID | None = None, since: datetime) -> list[Other]:
    """Reports of the same or nearly the same words since then, wherever they are and however they ended."""
    if marks.digest is None:
        return []
    values = {
        "tenant": current_tenant().id,
        "digest": marks.digest,
        "band_a": marks.band_a,
        "band_b": marks.band_b,
        "since": since,
        "per_text": PER_TEXT,
    }
    found = _compared(marks, session().execute(SAME, values).all(), without, 0.0)
    return [each for each in found if each.same_text]


def _compared(marks: Marks, rows: Sequence[object], without: UUID | None, least: float) -> list[Other]:
    found = [_other(marks, row) for row in rows[:MOST]]
    return sorted(
        (each for each in found if each.score >= least and each.id != without),
        key=lambda each: (-each.score, each.id),
    )


def _other(marks: Marks, row: object) -> Other:
    theirs = Marks(
        words=row.words,  # type: ignore[attr-defined]
        spot=row.spot,  # type: ignore[attr-defined]
        category=row.category_code or "",  # type: ignore[attr-defined]
        at=row.received_at,  # type: ignore[attr-defined]
        street=row.street,  # type: ignore[attr-defined]
        digest=row.digest,  # type: ignore[attr-defined]
        lat=row.lat,  # type: ignore[attr-defined]
        lng=row.lng,  # type: ignore[attr-defined]
    )
    away = metres(marks, theirs)
    same = marks.digest is not None and (marks.digest == theirs.digest or is_same_text(marks, theirs))
    return Other(
        row.complaint_id,  # type: ignore[attr-defined]
        score(marks, theirs),
        None if away is None else round(away),
        same,
        theirs.at,
    )


# What speaks for two reports being one incident, and how loudly: learned by logistic regression from the
# pairs that the index finds among 4,060 reports of tests/bench/neighbours.py (seed 1). On 4,038 others
# (seed 2), of which 1,038 repeat an incident, offering the likest one finds and is right at
#   0.3: 94 % and 66 %   0.5: 88 % and 75 %   0.7: 79 % and 83 %   0.8: 73 % and 88 %
# Citizens are offered at 0.5, where three offers in four are right; officers, who look twice, at 0.3.
FOR_CITIZENS: Final = 0.5
FOR_OFFICERS: Final = 0.3
WEIGHTS: Final = {
    "base": -25.3,
    "near": 6.7,
    "street": 2.2,
    "category": 2.5,
    "text": 13.0,
    "spot": 7.5,
    "recent": 5.8,
}


def score(one: Marks, other: Marks) -> float:
    """How likely both are the same incident, 0 to 1."""
    return 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in signs(one, other).items())))


def signs(one: Marks, other: Marks) -> dict[str, float]:
    """Each sign of likeness, 0..1."""
    away = metres(one, other)
    same_street = one.street is not None and one.street == other.street
    days = abs((one.at - other.at).total_seconds()) / 86_400
    return {
        "base": 1.0,
        "near": math.exp(-away / 80) if away is not None else 0.0,
        "street": float(same_street and away is None),
        "category": category_likeness(one, other),
        "text": text_likeness(one, other),
        "spot": spot_likeness(one, other),
        "recent": math.exp(-days / 10),
    }


def category_likeness(one: Marks, other: Marks) -> float:
    """1 the same category, 0.6 one group, 0.5 when one is not known, else 0."""
    if not one.category or not other.category:
        return 0.5
    return 1.0 if one.category == other.category else 0.6 if one.group == other.group else 0.0


def text_likeness(one: Marks, other: Marks) -> float:
    """How many of the words that either says the other says too, address included, 0..1."""
    return fuzz.token_set_ratio(f"{one.words} {one.spot}", f"{other.words} {other.spot}") / 100


def spot_likeness(one: Marks, other: Marks) -> float:
    """The same of the addresses alone; 0.5 where one has none."""
    return fuzz.token_set_ratio(one.spot, other.spot) / 100 if one.spot and other.spot else 0.5


def is_same_text(one: Marks, other: Marks) -> bool:
    """Nearly the same words in nearly the same order."""
    return fuzz.ratio(one.words, other.words, score_cutoff=SAME_TEXT * 100) > 0


def metres(one: Marks, other: Marks) -> float | None:
    """How far apart, on a sphere; None where one has no point."""
    if one.lat is None or one.lng is None or other.lat is None or other.lng is None:
        return None
    north, east = math.radians(other.lat - one.lat), math.radians(other.lng - one.lng)
    slant = math.sin(north / 2) ** 2 + math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat)) * (
        math.sin(east / 2) ** 2
    )
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, slant)))
