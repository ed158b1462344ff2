"""What need not be kept of what went and came: old news' words, deliveries long done. Numbers stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, select, tuple_, update

from plugins.lapor.models import ArrivalRow, Difference, ParcelRow
from superapp.sdk import log, now, session, work

# The case's own timeline tells what counted; this long the desk may compare it with their very words.
KEEP_WORDS: Final = timedelta(days=180)
KEEP_DONE: Final = timedelta(days=400)
BATCH, MOST = 500, 100  # rows a commit, commits a night
DONE: Final = ("sent", "dropped")


def tidy() -> int:
    """Empty the words of old news, forget deliveries and differences that are long done; how many rows."""
    total = 0
    for step in (_words, _parcels, _differences):
        for _commit in range(MOST):
            with work():
                count = step()
            total += count
            if count < BATCH:
                break
    if total:
        log.get(__name__).info("outside_tidied", count=total)
    return total


def _words() -> int:
    """The id stays: what comes once more is still known."""
    old = select(ArrivalRow.destination_id, ArrivalRow.arrival_id).where(
        ArrivalRow.taken_at < now() - KEEP_WORDS, or_(ArrivalRow.text != "", ArrivalRow.word != "")
    )
    rows = session().execute(old.order_by(ArrivalRow.taken_at).limit(BATCH)).all()
    here = tuple_(ArrivalRow.destination_id, ArrivalRow.arrival_id).in_([tuple(row) for row in rows])
    if rows:
        session().execute(update(ArrivalRow).where(here).values(text="", word=""))
    return len(rows)


def _parcels() -> int:
    old = select(ParcelRow.destination_id, ParcelRow.event_id).where(
        ParcelRow.state.in_(DONE), ParcelRow.made_at < now() - KEEP_DONE
    )
    rows = session().execute(old.order_by(ParcelRow.made_at).limit(BATCH)).all()
    here = tuple_(ParcelRow.destination_id, ParcelRow.event_id).in_([tuple(row) for row in rows])
    if rows:
        session().execute(delete(ParcelRow).where(here, ParcelRow.state.in_(DONE)))
    return len(rows)


def _differences() -> int:
    name = (Difference.destination_id, Difference.complaint_id, Difference.kind)
    old = select(*name).where(Difference.resolved_at < now() - KEEP_DONE)
    rows = session().execute(old.limit(BATCH)).all()
    if rows:
        session().execute(delete(Difference).where(tuple_(*name).in_([tuple(row) for row in rows])))
    return len(rows)
