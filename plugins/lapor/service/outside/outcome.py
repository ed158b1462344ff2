"""What follows from a try to send: sent, again later, a destination's rest, or something for an officer."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select, update

from plugins.lapor.contracts.outside import Parcel, Pushed
from plugins.lapor.models import Complaint, DestinationRow, OutsideRef, ParcelRow
from plugins.lapor.service.case import locked
from plugins.lapor.service.outside.arriving import tidy
from plugins.lapor.service.outside.compose import parcel_id
from plugins.lapor.service.outside.numbers import learn_number, ref_of, tell_sent
from superapp.sdk import now, session, work

FIRST_PAUSE, LONGEST_PAUSE = 30, 86_400  # seconds
RESTS: Final = (60, 300, 900, 3600)  # of a destination, once it failed five times in a row
PATIENCE: Final = 5
POISON_TRIES: Final = 12
LONGEST_CAUSE: Final = 2000
TELLING: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: sent, or busy, refused, unsure, error with the cause in words."""

    kind: str
    cause: str = ""
    pushed: Pushed | None = None
    after: int | None = None


def mark(parcel: Parcel, outcome: Outcome) -> None:
    """Write down how a try ended, in a commit of its own."""
    with work() as unit:
        # Locks are taken in one order everywhere: destination (so that others may still refer to it),
        # case, parcel, numbers.
        mine = select(DestinationRow).where(DestinationRow.id == parcel.destination.id)
        target = unit.scalars(
            mine.with_for_update(key_share=True), execution_options={"populate_existing": True}
        ).one()
        case = locked(parcel.case.id) if outcome.kind == "sent" else None
        row = _row_of(parcel, target, outcome)
        if row is None:
            return
        if case is not None:
            _worked(target)
            settle(row, target, case, outcome.pushed or Pushed(), how="auto")
        elif outcome.kind == "refused":
            _worked(target)  # it answered
            row.state, row.cause_kind, row.cause = "dead", "refused", tidy(outcome.cause, LONGEST_CAUSE)
            row.sending_until = None
        elif outcome.kind == "unsure" or (outcome.kind == "error" and not target.repeatable):
            unsure(row, target, outcome.cause)  # a connector that broke off may have sent it before
        else:
            _again(row, target, outcome)


def _row_of(parcel: Parcel, target: DestinationRow, outcome: Outcome) -> ParcelRow | None:
    """The row of this try; None when somebody decided about it meanwhile.

    That it arrived stays true though the sender was so slow that it was given up; all else that a
    late sender says is about a try that is over.
    """
    query = select(ParcelRow).where(
        ParcelRow.destination_id == target.id, ParcelRow.complaint_id == parcel.case.id
    )
    running = (ParcelRow.state == "sending") & (ParcelRow.tries == parcel.attempt)
    if outcome.kind == "sent":
        query = query.where(or_(running, ParcelRow.state.in_(("sending", "waiting", "unsure"))))
    else:
        query = query.where(running)
    rows = session().scalars(query.with_for_update(), execution_options={"populate_existing": True})
    return next((row for row in rows if parcel_id(target.id, row.event_id) == parcel.id), None)


def settle(row: ParcelRow, target: DestinationRow, case: Complaint, pushed: Pushed, *, how: str) -> None:
    """It was taken: keep the ids they gave, and tell in the case, which is locked, where it lives now."""
    ref = ref_of(row.destination_id, row.complaint_id, lock=True)
    if ref is None:
        ref = OutsideRef(destination_id=row.destination_id, complaint_id=row.complaint_id)
        session().add(ref)
    learn_number(ref, pushed.foreign_id, pushed.second_id)
    known = ref.sent_at is not None
    row.state, row.how, row.sent_at, row.cause_kind, row.cause = "sent", how, now(), "", ""
    row.sending_until = None
    ref.sent_at = ref.sent_at or now()
    if row.step == "new":
        tell_sent(case, target, ref, first=not known)


def unsure(row: ParcelRow, target: DestinationRow, cause: str) -> None:
    """It may have arrived: once more where repeats are recognised, else an officer looks."""
    row.cause_kind, row.cause, row.sending_until = "unsure", tidy(cause, LONGEST_CAUSE), None
    _rest(target, cause)
    if not target.repeatable:
        row.state = "unsure"
        return
    row.state, row.due_at = "waiting", now() + _pause(row.tries)


def _again(row: ParcelRow, target: DestinationRow, outcome: Outcome) -> None:
    _rest(target, outcome.cause)
    row.state, row.cause_kind, row.cause = "waiting", outcome.kind, tidy(outcome.cause, LONGEST_CAUSE)
    row.sending_until = None
    after = min(outcome.after, LONGEST_PAUSE) if outcome.after and outcome.after > 0 else 0
    row.due_at = now() + (timedelta(seconds=after) if after else _pause(row.tries))
    others_go = target.last_ok_at is not None and target.last_ok_at > row.made_at
    if outcome.kind == "error" and row.tries >= POISON_TRIES and others_go:
        row.state = "dead"


def _worked(target: DestinationRow) -> None:
    """It answers: what only waited for that is due at once."""
    if target.failures >= PATIENCE:
        session().execute(
            update(ParcelRow)
            .where(
                ParcelRow.destination_id == target.id,
                ParcelRow.state == "waiting",
                ParcelRow.cause_kind == "busy",
                ParcelRow.due_at > now(),
            )
            .values(due_at=now())
        )
    # Once a minute is enough: each write of this row is a lock and a round trip.
    if target.failures or target.last_ok_at is None or target.last_ok_at < now() - TELLING:
        target.failures, target.rests_until, target.last_ok_at = 0, None, now()


def _rest(target: DestinationRow, cause: str) -> None:
    """One more failure in a row; from the fifth on it rests, and one parcel tries it after that."""
    target.failures += 1
    target.last_error = tidy(cause, 500)
    if target.failures >= PATIENCE:
        rest = RESTS[min(target.failures - PATIENCE, len(RESTS) - 1)]
        target.rests_until = now() + timedelta(seconds=rest)


def _pause(tries: int) -> timedelta:
    """30 s, doubled at each try up to a day, with a little chance so that many do not come back at once."""
    seconds = min(FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 20), LONGEST_PAUSE)
    return timedelta(seconds=min(seconds * random.uniform(0.8, 1.2), LONGEST_PAUSE))
