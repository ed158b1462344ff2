"""What other registers tell: each piece of news once, only forward, never lost.

News that cannot change the case (too late, not allowed in its state, from a register that only has a
copy) are kept, and the case's officers read them as a note.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError

from plugins.lapor.contracts import Draft
from plugins.lapor.contracts.outside import Arrival, Pushed, Taken
from plugins.lapor.models import ArrivalRow, Complaint, DestinationRow, OutsideRef, ParcelRow
from plugins.lapor.service.case import locked
from plugins.lapor.service.line import write_line
from plugins.lapor.service.outbox import heard_from
from plugins.lapor.service.outside import destinations, numbers, outcome
from plugins.lapor.service.outside.applying import Kept, apply, demand_new
from plugins.lapor.service.outside.arriving import cleaned, sound, tidy
from plugins.lapor.service.submit import submit
from superapp.sdk import (
    SYSTEM,
    AppError,
    current_actor,
    current_tenant,
    log,
    now,
    savepoint,
    session,
    set_actor,
    work,
)


def take(destination_id: UUID, arrival: Arrival) -> Taken:
    """Take in one piece of news, as the system whoever calls. Each id of a destination counts once.

    In a unit of work of its own, or as part of the caller's: there a refused step takes back only what
    it wrote itself. Never raises for what the other side told: what cannot be applied is kept with the
    reason. Raises NotFound for a destination that is no more, OperationalError when the database is.
    """
    told, dated = cleaned(arrival)
    with _as_system():
        target = destinations.one(destination_id)
        try:
            return _take(target, told, dated)
        except (OperationalError, InterfaceError):
            raise
        except (Kept, AppError) as error:
            why = error.args[0] if isinstance(error, Kept) else _reason(error)
            return _keep(target, told, str(why))
        except Exception:  # one piece of news must not bar the way for all behind it
            log.get(__name__).exception("arrival_failed", destination=str(destination_id))
            return _keep(target, told, _("Kabar ini tidak dapat diolah."))


@contextmanager
def _as_system() -> Iterator[None]:
    caller = current_actor()
    set_actor(SYSTEM)
    try:
        yield
    finally:
        set_actor(caller)


def _take(target: DestinationRow, arrival: Arrival, dated: bool) -> Taken:
    with work(), savepoint(), heard_from(target.id):
        known = _claim(target, arrival, applied=True)
        if known is not None:
            return known
        if arrival.draft is not None:
            return _new(target, arrival, arrival.draft)
        found = _find(target.id, arrival)
        if found is None:
            raise Kept(_("Laporan ini tidak pernah ada di antara kedua pihak."))
        case, ref = _heard(target, found, arrival)
        if arrival.news != "number":
            if dated:  # one without a moment bars nothing and is barred by nothing
                demand_new(ref, arrival)
            apply(target, ref, case, arrival)
            if dated:
                ref.newest_at = max(arrival.at, ref.newest_at or arrival.at)
        return Taken(case.id, case.number, applied=True)


def _heard(target: DestinationRow, found: OutsideRef, arrival: Arrival) -> tuple[Complaint, OutsideRef]:
    """Lock the case, and keep what any news tell: that they know it, as what, and their word for it."""
    case = locked(found.complaint_id)
    ref = numbers.ref_of(target.id, case.id, lock=True)
    assert ref is not None  # a case that is locked keeps its numbers
    _row(target.id, arrival.id).complaint_id = case.id
    before = ref.foreign_id
    numbers.learn_number(ref, arrival.foreign_id, arrival.second_id)
    ref.heard_at, ref.last_word = now(), arrival.word or ref.last_word
    if not ref.came_from_there:
        _arrived_after_all(target, ref, case)
        if arrival.news == "number" or not before:
            ref.sent_at = ref.sent_at or now()
            numbers.tell_sent(case, target, ref)
    return case, ref


def _arrived_after_all(target: DestinationRow, ref: OutsideRef, case: Complaint) -> None:
    """A first parcel of which nobody knew whether it arrived: they speak of the case, so it did."""
    query = select(ParcelRow).where(
        ParcelRow.destination_id == target.id,
        ParcelRow.complaint_id == ref.complaint_id,
        ParcelRow.step == "new",
        ParcelRow.state == "unsure",
    )
    for row in session().scalars(query.order_by(ParcelRow.event_id).with_for_update()):
        outcome.settle(row, target, case, Pushed(), how="auto")


def _claim(target: DestinationRow, arrival: Arrival, *, applied: bool, why: str = "") -> Taken | None:
    """Write the arrival down; what is known of it when it came before."""
    made = insert(ArrivalRow).values(
        tenant_id=current_tenant().id,
        destination_id=target.id,
        arrival_id=arrival.id,
        foreign_id=arrival.foreign_id,
        news="new" if arrival.draft is not None else tidy(arrival.news or "", 40),
        word=arrival.word,
        text=tidy(arrival.draft.title) if arrival.draft else arrival.text,
        at=arrival.at,
        taken_at=now(),
        applied=applied,
        why=why[:500],
    )
    fresh = session().execute(made.on_conflict_do_nothing().returning(ArrivalRow.arrival_id)).first()
    if fresh is not None:
        return None
    row = _row(target.id, arrival.id)
    number = ""
    if row.complaint_id is not None:
        query = select(Complaint.number).where(Complaint.id == row.complaint_id)
        number = session().scalars(query).one()
    return Taken(row.complaint_id, number, applied=row.applied, repeated=True, why=row.why)


def _row(destination_id: UUID, arrival_id: str) -> ArrivalRow:
    query = select(ArrivalRow).where(
        ArrivalRow.destination_id == destination_id, ArrivalRow.arrival_id == arrival_id
    )
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def _keep(target: DestinationRow, arrival: Arrival, why: str) -> Taken:
    """Keep what changes nothing, and let the case's officers read it."""
    with work():
        known = _claim(target, arrival, applied=False, why=why)
        if known is not None:
            return known
        found = _find(target.id, arrival) if arrival.draft is None else None
        if found is None:
            log.get(__name__).info("arrival_kept", destination=str(target.id), news=arrival.news or "new")
            return Taken(None, why=why)
        case, _ref = _heard(target, found, arrival)
        facts = {
            "from": target.title,
            "why": why,
            "heard": arrival.news,
            "heard_on": arrival.at.isoformat(),
        }
        write_line(case, "outside_kept", text=arrival.text, data=facts)
        return Taken(case.id, case.number, why=why)


def _new(target: DestinationRow, arrival: Arrival, draft: Draft) -> Taken:
    """A case of theirs becomes ours; the same number of theirs is the same case."""
    if not arrival.foreign_id:
        raise Kept(_("Nomor laporan di sana tidak disebut."))
    known = numbers.find(target.id, foreign_id=arrival.foreign_id)
    if known is not None:
        case = session().scalars(select(Complaint).where(Complaint.id == known.complaint_id)).one()
        _row(target.id, arrival.id).complaint_id = case.id
        return Taken(case.id, case.number, applied=False, repeated=True)
    theirs = hashlib.sha256(arrival.foreign_id.encode("utf-8", "replace")).hexdigest()
    receipt = submit(draft, sound(arrival.photos), idempotency_key=f"outside:{target.id}:{theirs}")
    session().add(
        OutsideRef(
            destination_id=target.id,
            complaint_id=receipt.id,
            foreign_id=arrival.foreign_id,
            second_id=arrival.second_id,
            came_from_there=True,
            sent_at=now(),
            heard_at=now(),
            newest_at=arrival.at,
            last_word=arrival.word,
        )
    )
    session().flush()
    _row(target.id, arrival.id).complaint_id = receipt.id
    return Taken(receipt.id, receipt.number, applied=True)


def _find(destination_id: UUID, arrival: Arrival) -> OutsideRef | None:
    return numbers.find(destination_id, foreign_id=arrival.foreign_id, number=arrival.number)


def _reason(error: AppError) -> str:
    """What was wrong, in words for the destination's log."""
    told = [f"{each.field}: {each.message}" for each in getattr(error, "errors", ())]
    return "; ".join(told) or " ".join(filter(None, (error.title, error.detail)))
