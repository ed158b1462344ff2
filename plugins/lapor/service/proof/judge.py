"""From facts to suspicions: when and where a photo was taken, what it resembles, what its file tells.

Weights: a note tells, a doubt asks, a serious one keeps the case from closing by itself. Only photos that
prove work are doubted for time, place and camera; reporters' photos come through a form that shrinks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from plugins.lapor.contracts.proof import Weight
from plugins.lapor.pictures.mark import Mark

EARTH_M = 6_371_000
CLOCK_SLACK = timedelta(hours=1)  # a phone's clock may be off, and a zone left at the last island
AHEAD = timedelta(days=1)
NEAR_M, FAR_M = 300, 2_000  # a point set by hand in a village may be some streets away
LONG_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A finding before it is written. `other_id` is the case that it points to."""

    code: str
    weight: Weight
    evidence: dict[str, Any] = field(default_factory=dict)
    other_id: UUID | None = None
    about: str = ""

    def key(self, subject: UUID) -> str:
        """Names it within its case: the same suspicion of the same photo is written once."""
        return f"{self.code}:{subject}:{self.about}"


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier photo that is like this one. `exact`: the same file; `bits`: how many of 64 differ."""

    photo_id: UUID
    complaint_id: UUID
    event_id: UUID | None
    stage: str
    exact: bool
    near: bool
    bits: int


def metres(lat: float, lng: float, other_lat: float, other_lng: float) -> int:
    """The way over ground between two points in degrees, rounded to metres."""
    up, across = radians(other_lat - lat), radians(other_lng - lng)
    half = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(across / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(min(1.0, half))))


def apart(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> int | None:
    """The metres between two points as rows keep them; None when one is unknown."""
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return None
    return metres(one[0], one[1], other[0], other[1])


def by_time(
    stage: str, taken_at: datetime | None, received_at: datetime, sent_at: datetime
) -> Iterator[Suspicion]:
    """Taken before the report was made, long before it, or after it was sent."""
    if taken_at is None:
        return
    if taken_at > sent_at + AHEAD:
        yield Suspicion("taken_ahead", "doubt", {"taken_at": taken_at.isoformat()})
    elif stage != "report" and taken_at < received_at - CLOCK_SLACK:
        early = received_at - taken_at
        yield Suspicion(
            "taken_before",
            "serious" if stage == "answer" else "doubt",
            {"taken_at": taken_at.isoformat(), "hours": round(early / timedelta(hours=1))},
        )
    elif stage == "report" and taken_at < received_at - LONG_BEFORE:
        days = (received_at - taken_at).days
        yield Suspicion("taken_long_before", "note", {"taken_at": taken_at.isoformat(), "days": days})


def by_place(stage: str, distance_m: int | None) -> Iterator[Suspicion]:
    """Taken away from the report's point."""
    if distance_m is None or distance_m <= NEAR_M:
        return
    if stage == "report":
        weight: Weight = "note"
    else:
        weight = "serious" if distance_m > FAR_M and stage == "answer" else "doubt"
    yield Suspicion("far_away", weight, {"metres": distance_m})


def by_marks(stage: str, marks: Iterable[Mark]) -> Iterator[Suspicion]:
    """What the file tells of editors, generators and screens."""
    for mark in marks:
        if stage == "report" and mark.code in {"no_camera", "screenshot", "origin_record"}:
            continue
        weight: Weight = mark.weight if stage != "report" or mark.weight == "note" else "doubt"
        yield Suspicion(mark.code, weight, {"mark": mark.text} if mark.text else {})


def by_matches(
    stage: str, complaint_id: UUID, event_id: UUID | None, matches: Iterable[Match]
) -> Iterator[Suspicion]:
    """Used before, in this case or in another: for each other case its nearest photo."""
    told: set[tuple[str, UUID]] = set()
    for match in sorted(matches, key=lambda each: (not each.exact, each.bits)):
        found = (
            _here(stage, event_id, match) if match.complaint_id == complaint_id else _elsewhere(stage, match)
        )
        if found is not None and (found.code, match.complaint_id) not in told:
            told.add((found.code, match.complaint_id))
            yield found


def _here(stage: str, event_id: UUID | None, match: Match) -> Suspicion | None:
    evidence = {"bits": match.bits, "photo": str(match.photo_id)}
    about = str(match.photo_id)
    if stage == "answer" and match.stage == "report" and (match.exact or match.near):
        # An honest photo from the same spot is alike as well; only hardly any difference counts.
        return Suspicion("before_is_after", "serious", evidence, about=about)
    if stage == "answer" and match.stage == "answer" and match.event_id != event_id:
        return Suspicion("answered_again", "doubt", evidence, about=about)
    return None


def _elsewhere(stage: str, match: Match) -> Suspicion:
    code = "same_file" if match.exact else "same_picture"
    sure = match.exact or match.near
    weights: dict[str, Weight] = {"answer": "serious" if sure else "doubt", "progress": "doubt"}
    evidence = {"bits": match.bits, "photo": str(match.photo_id), "stage": match.stage}
    return Suspicion(code, weights.get(stage, "note"), evidence, match.complaint_id, str(match.photo_id))
