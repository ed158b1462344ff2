"""How the connections stand, for the desk: what waits, what needs somebody, what came, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select

from plugins.lapor.contracts.outside import Destination
from plugins.lapor.models import (
    ArrivalRow,
    Complaint,
    DestinationRow,
    Difference,
    OutsideRef,
    ParcelRow,
)
from plugins.lapor.service.outside.destinations import one, view
from plugins.lapor.service.seen import seen_by
from superapp.sdk import current_actor, now, session

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """One connection and its figures. `oldest` is since when the oldest waits; `rests_until` if it rests."""

    destination: Destination
    waiting: int
    needs: int
    differences: int
    oldest: datetime | None
    rests_until: datetime | None
    last_ok_at: datetime | None
    last_error: str
    pulled_at: datetime | None
    compared_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """A parcel in a list of the desk."""

    event_id: UUID
    number: str
    title: str
    step: str
    state: str
    tries: int
    cause_kind: str
    cause: str
    made_at: datetime
    due_at: datetime
    foreign_id: str


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """A piece of news in the log."""

    number: str
    foreign_id: str
    news: str
    word: str
    text: str
    at: datetime
    taken_at: datetime
    applied: bool
    why: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """Where both sides do not agree."""

    complaint_id: UUID
    number: str
    title: str
    kind: str
    ours: str
    theirs: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where else a case lives, for its own page."""

    title: str
    destination_id: UUID
    foreign_id: str
    owner: bool
    came_from_there: bool
    word: str
    heard_at: datetime | None
    waiting: int
    needs: int


def standings() -> tuple[Standing, ...]:
    """All living connections by title."""
    rows = session().scalars(
        select(DestinationRow)
        .where(DestinationRow.ended_at.is_(None))
        .order_by(DestinationRow.title, DestinationRow.id)
    )
    return tuple(_standing(row) for row in rows)


def standing(destination_id: UUID) -> Standing:
    """One connection. Raises NotFound."""
    return _standing(one(destination_id))


def _standing(row: DestinationRow) -> Standing:
    counted = select(ParcelRow.state, func.count(), func.min(ParcelRow.made_at)).where(
        ParcelRow.destination_id == row.id, ParcelRow.state.in_(("waiting", "sending", "unsure", "dead"))
    )
    states = {
        state: (count, oldest)
        for state, count, oldest in session().execute(counted.group_by(ParcelRow.state))
    }
    open_differences = select(func.count()).where(
        Difference.destination_id == row.id, Difference.resolved_at.is_(None)
    )
    ahead = [states[name] for name in ("waiting", "sending") if name in states]
    return Standing(
        destination=view(row),
        waiting=sum(count for count, _ in ahead),
        needs=sum(states[name][0] for name in ("unsure", "dead") if name in states),
        differences=int(session().scalar(open_differences) or 0),
        oldest=min((oldest for _, oldest in ahead), default=None),
        rests_until=row.rests_until if row.rests_until and row.rests_until > now() else None,
        last_ok_at=row.last_ok_at,
        last_error=row.last_error,
        pulled_at=row.pulled_at,
        compared_at=row.compared_at,
    )


def parcels(destination_id: UUID, *states: str, most: int = MOST) -> list[ParcelLine]:
    """Parcels in these states that the actor may see, the oldest first."""
    query = (
        select(ParcelRow, Complaint, OutsideRef.foreign_id)
        .join(
            Complaint,
            and_(Complaint.tenant_id == ParcelRow.tenant_id, Complaint.id == ParcelRow.complaint_id),
        )
        .outerjoin(
            OutsideRef,
            and_(
                OutsideRef.tenant_id == ParcelRow.tenant_id,
                OutsideRef.destination_id == ParcelRow.destination_id,
                OutsideRef.complaint_id == ParcelRow.complaint_id,
            ),
        )
        .where(
            ParcelRow.destination_id == destination_id,
            ParcelRow.state.in_(states),
            seen_by(current_actor()),
        )
        .order_by(ParcelRow.event_id)
        .limit(most)
    )
    return [
        ParcelLine(
            row.event_id,
            case.number,
            case.title,
            row.step,
            row.state,
            row.tries,
            row.cause_kind,
            row.cause,
            row.made_at,
            row.due_at,
            foreign or "",
        )
        for row, case, foreign in session().execute(query)
    ]


def arrivals(destination_id: UUID, most: int = MOST) -> list[ArrivalLine]:
    """The newest news; words of cases that the actor may not see stay away."""
    query = (
        select(ArrivalRow, Complaint.number)
        .outerjoin(
            Complaint,
            and_(
                Complaint.tenant_id == ArrivalRow.tenant_id,
                Complaint.id == ArrivalRow.complaint_id,
                seen_by(current_actor()),
            ),
        )
        .where(ArrivalRow.destination_id == destination_id)
        .order_by(ArrivalRow.taken_at.desc())
        .limit(most)
    )
    return [
        ArrivalLine(
            number or "",
            row.foreign_id,
            row.news,
            row.word,
            row.text if number or row.complaint_id is None else "",
            row.at,
            row.taken_at,
            row.applied,
            row.why,
        )
        for row, number in session().execute(query)
    ]


def differences(destination_id: UUID, most: int = MOST) -> list[DifferenceLine]:
    """Open differences of cases that the actor may see, the oldest first."""
    query = (
        select(Difference, Complaint)
        .join(
            Complaint,
            and_(Complaint.tenant_id == Difference.tenant_id, Complaint.id == Difference.complaint_id),
        )
        .where(
            Difference.destination_id == destination_id,
            Difference.resolved_at.is_(None),
            seen_by(current_actor()),
        )
        .order_by(Difference.since, Difference.complaint_id)
        .limit(most)
    )
    return [
        DifferenceLine(case.id, case.number, case.title, row.kind, row.ours, row.theirs, row.since)
        for row, case in session().execute(query)
    ]


def places(complaint_id: UUID) -> list[Place]:
    """Where else a case lives."""
    query = (
        select(OutsideRef, DestinationRow.title)
        .join(
            DestinationRow,
            and_(
                DestinationRow.tenant_id == OutsideRef.tenant_id,
                DestinationRow.id == OutsideRef.destination_id,
            ),
        )
        .where(OutsideRef.complaint_id == complaint_id)
        .order_by(DestinationRow.title)
    )
    counted = select(ParcelRow.destination_id, ParcelRow.state, func.count()).where(
        ParcelRow.complaint_id == complaint_id
    )
    found = list(session().execute(query))
    if not found:
        return []
    states = {
        (target, state): count
        for target, state, count in session().execute(
            counted.group_by(ParcelRow.destination_id, ParcelRow.state)
        )
    }

    def many(target: UUID, *names: str) -> int:
        return sum(states.get((target, name), 0) for name in names)

    return [
        Place(
            title,
            row.destination_id,
            row.foreign_id,
            row.owner,
            row.came_from_there,
            row.last_word,
            row.heard_at,
            many(row.destination_id, "waiting", "sending"),
            many(row.destination_id, "unsure", "dead"),
        )
        for row, title in found
    ]
