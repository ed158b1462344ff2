"""Sending what waits for one register: in order for each case, until something fails or the turn is over.

Each try is marked before and after, in commits of their own, and nothing stays locked while the other
side thinks. A worker that dies in between leaves `sending` behind; after its time nobody knows whether
it arrived: a register that recognises repeats gets it again, for the others an officer looks.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from plugins.lapor.contracts.outside import Busy, Parcel, Pushed, Refused, Unsure
from plugins.lapor.hookspecs import lapor_push
from plugins.lapor.models import Assignment, CaseEvent, Complaint, DestinationRow, OutsideRef, ParcelRow
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.outside import compose
from plugins.lapor.service.outside.destinations import view
from plugins.lapor.service.vault import access
from plugins.lapor.states import OPEN
from superapp.sdk import current_tenant, defer, first, log, now, session, work

TURN, TURN_SECONDS = 50, 5.0
LEASE: Final = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = 30, 86_400  # seconds
RESTS: Final = (60, 300, 900, 3600)  # of a destination, once it failed five times in a row
PATIENCE, STOP_AFTER = 5, 3
POISON_TRIES: Final = 12
OPEN_STATES: Final = ("waiting", "sending", "unsure", "dead")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: sent, or busy, refused, unsure, error with the cause in words."""

    kind: str
    cause: str = ""
    pushed: Pushed | None = None
    after: int | None = None


def deliver(destination_id: UUID) -> None:
    """One turn for one register; what is left goes to the back of the queue, so that others get theirs."""
    end, failed = time.monotonic() + TURN_SECONDS, 0
    for _turn in range(TURN):
        claimed = _claim(destination_id)
        if claimed is None:
            return
        outcome = _try(claimed)
        _mark(claimed, outcome)
        failed = failed + 1 if outcome.kind in {"busy", "error", "unsure"} else 0
        if failed >= STOP_AFTER:
            return
        if time.monotonic() > end:
            break
    with work():
        nudge(destination_id)


def nudge(destination_id: UUID) -> None:
    """Ask for a turn; one sender a destination at a time keeps the order. Belongs inside of work()."""
    name = f"outside:{destination_id}"
    defer("lapor.deliver", lock=name, once=name, destination_id=str(destination_id))


def nudge_case(complaint_id: UUID) -> None:
    """Ask for a turn of each register that has to hear of this case; what may be undone waits its minute."""
    query = select(ParcelRow.destination_id, ParcelRow.due_at).where(
        ParcelRow.complaint_id == complaint_id, ParcelRow.state == "waiting"
    )
    for destination_id, due_at in session().execute(query):
        if due_at <= now():
            nudge(destination_id)
        else:
            # Locked, not `once`: a later turn may wait beside one that is due at once.
            name = f"outside:{destination_id}"
            defer("lapor.deliver", at=due_at, lock=name, destination_id=str(destination_id))


def wake() -> None:
    """Take up what is due and what a dead worker left; belongs to a job of each minute."""
    with work() as unit:
        lost = unit.scalars(
            select(ParcelRow)
            .where(ParcelRow.state == "sending", ParcelRow.sending_until < now())
            .with_for_update(skip_locked=True)
        )
        for row in lost:
            target = unit.scalars(select(DestinationRow).where(DestinationRow.id == row.destination_id)).one()
            _unsure(row, target, _("Pengiriman terputus di tengah jalan."))
        unit.flush()
        due = (
            select(DestinationRow.id)
            .where(
                DestinationRow.ended_at.is_(None),
                DestinationRow.mode == "auto",
                or_(DestinationRow.rests_until.is_(None), DestinationRow.rests_until <= now()),
                exists().where(
                    ParcelRow.tenant_id == DestinationRow.tenant_id,
                    ParcelRow.destination_id == DestinationRow.id,
                    ParcelRow.state == "waiting",
                    ParcelRow.due_at <= now(),
                ),
            )
            .order_by(DestinationRow.id)
        )
        for destination_id in unit.scalars(due):
            nudge(destination_id)


def _claim(destination_id: UUID) -> Parcel | None:
    """The next parcel that is due and has no earlier one of its case before it; marked as being sent."""
    with work() as unit:
        target = unit.scalars(
            select(DestinationRow).where(DestinationRow.id == destination_id),
            execution_options={"populate_existing": True},
        ).one_or_none()
        if target is None or target.ended_at is not None or target.mode != "auto":
            return None
        if target.rests_until is not None and target.rests_until > now():
            return None
        while (row := unit.scalars(next_due(destination_id, now())).one_or_none()) is not None:
            case = unit.scalars(select(Complaint).where(Complaint.id == row.complaint_id)).one()
            ref = ref_of(destination_id, row.complaint_id)
            if not compose.may_leave(case, ref):
                row.state, row.cause_kind = "dropped", "secret"
                unit.flush()
                continue
            row.state, row.tries, row.tried_at = "sending", row.tries + 1, now()
            row.sending_until = now() + LEASE
            _let_go(row, ref, target, case)
            return _composed(row, target, case, ref)
    return None


def _let_go(row: ParcelRow, ref: OutsideRef | None, target: DestinationRow, case: Complaint) -> None:
    """A disposition without this outside owner takes the case from it, once it can be undone no more."""
    if ref is None or not ref.owner or row.owner or row.step != "disposed" or case.status not in OPEN:
        return
    if outside_part(target, case) is None:
        ref.owner = False
        session().flush()


def next_due(destination_id: UUID, moment: datetime) -> Select[ParcelRow]:
    """The statement that finds it, for EXPLAIN, too."""
    earlier = aliased(ParcelRow)
    blocked = exists().where(
        and_(
            earlier.tenant_id == ParcelRow.tenant_id,
            earlier.destination_id == ParcelRow.destination_id,
            earlier.complaint_id == ParcelRow.complaint_id,
            earlier.event_id < ParcelRow.event_id,
            earlier.state.in_(OPEN_STATES),
        )
    )
    query = select(ParcelRow).where(
        ParcelRow.destination_id == destination_id,
        ParcelRow.state == "waiting",
        ParcelRow.due_at <= moment,
        ~blocked,
    )
    order = query.order_by(ParcelRow.due_at, ParcelRow.event_id).limit(1)
    return order.with_for_update(of=ParcelRow, skip_locked=True)


def _composed(row: ParcelRow, target: DestinationRow, case: Complaint, ref: OutsideRef | None) -> Parcel:
    contact = None
    if compose.wants_identity(view(target), case):
        contact = compose.contact_of(case)
        if contact is not None and row.tries == 1:
            access.note("send", case.id, target.title)
    return compose.parcel(row, target, case, ref, contact)


def _try(parcel: Parcel) -> Outcome:
    """Hand it to its connector, outside of any transaction."""
    try:
        answer = first(lapor_push, tenant=current_tenant(), parcel=parcel)
    except Busy as error:
        return Outcome("busy", str(error), after=error.after)
    except Refused as error:
        return Outcome("refused", str(error))
    except Unsure as error:
        return Outcome("unsure", str(error))
    except Exception as error:  # a connector's own mistake loses nothing
        log.get(__name__).exception("connector_failed", plugin=parcel.destination.plugin, step=parcel.step)
        return Outcome("error", type(error).__name__)
    if answer is None:
        return Outcome("busy", _("Penghubungnya tidak aktif."))
    return Outcome("sent", pushed=answer.value)


def _mark(parcel: Parcel, outcome: Outcome) -> None:
    with work() as unit:
        target = unit.scalars(
            select(DestinationRow).where(DestinationRow.id == parcel.destination.id).with_for_update(),
            execution_options={"populate_existing": True},
        ).one()
        row = _row_of(parcel, target)
        if row is None:
            return
        row.sending_until = None
        if outcome.kind == "sent":
            _worked(target)
            settle(row, target, outcome.pushed or Pushed(), how="auto")
        elif outcome.kind == "refused":
            _worked(target)  # it answered
            row.state, row.cause_kind, row.cause = "dead", "refused", outcome.cause[:2000]
        elif outcome.kind == "unsure":
            _unsure(row, target, outcome.cause)
        else:
            _again(row, target, outcome)


def _row_of(parcel: Parcel, target: DestinationRow) -> ParcelRow | None:
    """The row of a parcel that is still being sent; None when somebody decided about it meanwhile."""
    query = select(ParcelRow).where(
        ParcelRow.destination_id == target.id,
        ParcelRow.complaint_id == parcel.case.id,
        ParcelRow.state == "sending",
    )
    rows = session().scalars(query.with_for_update(), execution_options={"populate_existing": True})
    return next((row for row in rows if compose.parcel_id(target.id, row.event_id) == parcel.id), None)


def settle(row: ParcelRow, target: DestinationRow, pushed: Pushed, *, how: str) -> None:
    """It was taken: keep the ids they gave, and tell in the case where it lives now."""
    row.state, row.how, row.sent_at, row.cause_kind, row.cause = "sent", how, now(), "", ""
    ref = ref_of(row.destination_id, row.complaint_id, lock=True)
    is_new = ref is None or ref.sent_at is None
    if ref is None:
        ref = OutsideRef(destination_id=row.destination_id, complaint_id=row.complaint_id)
        session().add(ref)
    ref.sent_at = ref.sent_at or now()
    learn_number(ref, pushed.foreign_id, pushed.second_id)
    if (is_new or row.owner) and row.step == "new" and not pushed.later:
        case = session().scalars(select(Complaint).where(Complaint.id == row.complaint_id)).one()
        tell_sent(case, target, ref)


def learn_number(ref: OutsideRef, foreign_id: str, second_id: str = "") -> None:
    """Keep their ids for life; a different one later is logged and never replaces the first."""
    given, second = foreign_id.strip()[:200], second_id.strip()[:200]
    if given and ref.foreign_id and given != ref.foreign_id:
        log.get(__name__).warning("outside_number_differs", destination=str(ref.destination_id))
        return
    ref.foreign_id, ref.second_id = ref.foreign_id or given, ref.second_id or second


def tell_sent(case: Complaint, target: DestinationRow, ref: OutsideRef) -> None:
    """A line of the case: it lives there, too, under that number, which its outside owner's part carries."""
    part = outside_part(target, case) if ref.owner else None
    if part is not None and ref.foreign_id and not part.external_id:
        part.external_id = ref.foreign_id[:100]
        case.external_id = case.external_id or ref.foreign_id[:100]
    session().add(
        CaseEvent(
            complaint_id=case.id,
            type="sent_outside",
            from_status=case.status,
            to_status=case.status,
            actor_kind="system",
            public=not case.secret,
            text="",
            data={"to": target.title, "external_id": ref.foreign_id},
            at=now(),
        )
    )


def outside_part(target: DestinationRow, case: Complaint) -> Assignment | None:
    """The part of the outside owner that this register stands for."""
    query = select(Assignment).where(
        Assignment.complaint_id == case.id, Assignment.active, Assignment.outside
    )
    for each in session().scalars(query.order_by(Assignment.assigned_at, Assignment.id)):
        unit = agency_ref(each.agency_id)
        if unit is not None and unit.code == target.agency_code:
            return each
    return None


def ref_of(destination_id: UUID, complaint_id: UUID, *, lock: bool = False) -> OutsideRef | None:
    """Both numbers of a case at a register."""
    query = select(OutsideRef).where(
        OutsideRef.destination_id == destination_id, OutsideRef.complaint_id == complaint_id
    )
    query = query.with_for_update() if lock else query
    return session().scalars(query, execution_options={"populate_existing": True}).one_or_none()


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
    target.failures, target.rests_until, target.last_ok_at = 0, None, now()


def _unsure(row: ParcelRow, target: DestinationRow, cause: str) -> None:
    row.cause_kind, row.cause, row.sending_until = "unsure", cause[:2000], None
    _rest(target, cause)
    if not target.repeatable:
        row.state = "unsure"
        return
    row.state, row.due_at = "waiting", now() + _pause(row.tries)


def _again(row: ParcelRow, target: DestinationRow, outcome: Outcome) -> None:
    _rest(target, outcome.cause)
    row.state, row.cause_kind, row.cause = "waiting", outcome.kind, outcome.cause[:2000]
    after = min(outcome.after, LONGEST_PAUSE) if outcome.after else 0
    row.due_at = now() + (timedelta(seconds=after) if after else _pause(row.tries))
    others_go = target.last_ok_at is not None and target.last_ok_at > row.made_at
    if outcome.kind == "error" and row.tries >= POISON_TRIES and others_go:
        row.state = "dead"


def _rest(target: DestinationRow, cause: str) -> None:
    """One more failure in a row; from the fifth on it rests, and one parcel tries it after that."""
    target.failures += 1
    target.last_error = cause[:500]
    if target.failures >= PATIENCE:
        rest = RESTS[min(target.failures - PATIENCE, len(RESTS) - 1)]
        target.rests_until = now() + timedelta(seconds=rest)


def _pause(tries: int) -> timedelta:
    """30 s, doubled at each try up to a day, with a little chance so that many do not come back at once."""
    seconds = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))
