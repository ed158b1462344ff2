"""What another register told, made fit to be kept: their mistakes are mended or cut."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from plugins.lapor import photos as pictures
from plugins.lapor.contracts import Upload
from plugins.lapor.contracts.outside import Arrival
from superapp.sdk import Invalid, current_tenant, now

LONGEST_TEXT: Final = 5000
LONGEST_ID, LONGEST_NUMBER = 300, 200
# No register of today told anything before this; such a moment is an empty field on their side.
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)  # that a clock of theirs may run before ours


def cleaned(arrival: Arrival) -> tuple[Arrival, bool]:
    """The arrival with ids, words and moment as they can be kept; and whether its moment is to be believed.

    What it says stays the same. Without an id of theirs it is known by what it says, so that the same
    words count once.
    """
    at = _moment(arrival.at)
    told = replace(
        arrival,
        at=min(at or now(), now()),
        foreign_id=tidy(arrival.foreign_id, LONGEST_NUMBER),
        second_id=tidy(arrival.second_id, LONGEST_NUMBER),
        number=tidy(arrival.number, LONGEST_NUMBER),
        text=tidy(arrival.text),
        word=tidy(arrival.word, LONGEST_NUMBER),
        who=tidy(arrival.who, LONGEST_NUMBER),
    )
    return replace(told, id=_id(arrival, told)), at is not None


def tidy(text: str, most: int = LONGEST_TEXT) -> str:
    """Their words without what no page can show, cut at `most`."""
    kept = "".join(c for c in str(text or "")[: most * 2] if c in "\n\t" or c.isprintable())
    return kept.strip()[:most]


def sound(photos: Sequence[Upload]) -> tuple[Upload, ...]:
    """The pictures that can be kept: a broken one does not hold up the news it came with."""
    found: list[Upload] = []
    for each in photos or ():
        try:
            pictures.inspect([*found, each])
        except Invalid:
            continue
        found.append(each)
    return tuple(found)


def _moment(at: datetime) -> datetime | None:
    """Aware, in the government's time where they named none; None for an absurd one."""
    try:
        told = at.replace(tzinfo=ZoneInfo(current_tenant().timezone)) if at.tzinfo is None else at
        return told if BEGINNING <= told <= now() + AHEAD else None
    except (OverflowError, AttributeError, TypeError):
        return None


def _id(arrival: Arrival, told: Arrival) -> str:
    given = tidy(arrival.id, LONGEST_ID * 2)
    if given and len(given) <= LONGEST_ID:
        return given
    about = given or "\n".join((told.foreign_id, told.number, str(arrival.news), told.word, told.text))
    if arrival.draft is not None and not given:
        about = f"new\n{told.foreign_id}"
    digest = hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()
    return f"{given[:200]}#{digest}"
