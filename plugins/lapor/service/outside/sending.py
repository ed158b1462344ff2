"""Sending what waits for one register: in order for each case, until something fails or the turn is over.

Each try is marked before and after, in commits of their own, and nothing stays locked while the other
side thinks. A worker that dies in between leaves `sending` behind; after its time nobody knows whether
it arrived: a register that recognises repeats gets it again, for the others an officer looks.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from plugins.lapor.contracts.outside import Busy, Parcel, Refused, Unsure
from plugins.lapor.hookspecs import lapor_push
from plugins.lapor.models import CaseEvent, Complaint, DestinationRow, OutsideRef, ParcelRow
from plugins.lapor.service.outside import compose
from plugins.lapor.service.outside.destinations import view
from plugins.lapor.service.outside.outcome import Outcome, mark, unsure
from plugins.lapor.service.vault import access
from superapp.sdk import current_tenant, defer, first, log, now, session, work

TURN, TURN_SECONDS = 50, 5.0
LEASE: Final = timedelta(minutes=10)
STOP_AFTER: Final = 3
OPEN_STATES: Final = ("waiting", "sending", "unsure", "dead")


def deliver(destination_id: UUID) -> None:
    """One turn for one register; what is left goes to the back of the queue, so that others get theirs."""
    end, failed = time.monotonic() + TURN_SECONDS, 0
    for _turn in range(TURN):
        claimed = _claim(destination_id)
        if claimed is None:
            return
        outcome = _try(claimed)
        mark(claimed, outcome)
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
    """Ask for a turn of each register that has to hear of this case now.

    What may still be undone is left to the job of each minute: a turn that waits for its time would hold
    up all turns behind it.
    """
    query = select(ParcelRow.destination_id).where(
        ParcelRow.complaint_id == complaint_id, ParcelRow.state == "waiting", ParcelRow.due_at <= now()
    )
    for destination_id in session().scalars(query.distinct()):
        nudge(destination_id)


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
            unsure(row, target, _("Pengiriman terputus di tengah jalan."))
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
            case, ref, line = compose.about(row)
            if why := compose.stays(case, ref, target):
                row.state, row.cause_kind = "dropped", why
                unit.flush()
                continue
            row.state, row.tries, row.tried_at = "sending", row.tries + 1, now()
            row.sending_until = now() + LEASE
            return _composed(row, target, case, ref, line)
    return None


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


def _composed(
    row: ParcelRow, target: DestinationRow, case: Complaint, ref: OutsideRef | None, line: CaseEvent
) -> Parcel:
    contact = None
    if compose.wants_identity(view(target), case):
        contact = compose.contact_of(case)
        if contact is not None and row.tries == 1:
            access.note("send", case.id, target.title)
    return compose.parcel(row, target, case, ref, line, contact)


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
        session().rollback()  # it may have left a broken transaction behind
        return Outcome("error", type(error).__name__)
    if answer is None:
        return Outcome("busy", _("Penghubungnya tidak aktif."))
    return Outcome("sent", pushed=answer.value)
