"""Which reports are offered as the same: to everybody only what everybody may read, to the desk its own.

Secret reports and those that nobody has read yet are never offered to citizens, not even as a number;
whistle-blowers' cases carry no marks and are offered to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Neighbour, Offer
from plugins.lapor.models import Complaint, Incident
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.alike.likeness import FOR_CITIZENS, FOR_OFFICERS, Other, alike
from plugins.lapor.service.alike.marks import Marks, marks, marks_of
from plugins.lapor.service.redact import redact
from plugins.lapor.service.seen import seen_plainly
from plugins.lapor.service.views import category_name
from plugins.lapor.states import OPEN
from superapp.sdk import Actor, current_tenant, now, session

SHOWN: Final = 3
LOOKED_AT: Final = 30
SHORTEST: Final = 8  # letters; before that nothing is said
# Everybody may read it, and it is still being handled.
PUBLIC: Final[tuple[ColumnElement[bool], ...]] = (
    Complaint.published.is_(True),
    Complaint.secret.is_(False),
    Complaint.whistle == "",
)


def near(
    text: str, *, category: str | None, lat: float | None, lng: float | None, address: str
) -> tuple[Offer, ...]:
    """At most three public reports that a text at a place is like; none where too little is said."""
    if len(text.strip()) < SHORTEST:
        return ()
    mine = marks(text, category=category, at=now(), lat=lat, lng=lng, address=address)
    return _offers(mine)


def for_report(case: Complaint) -> tuple[Offer, ...]:
    """What its reporter may follow instead: nothing for a secret report, or one that is in an incident."""
    if case.secret or case.whistle or case.incident_id is not None or case.status not in OPEN:
        return ()
    return _offers(marks_of(case), without=case.id)


def at_desk(case: Complaint, actor: Actor) -> tuple[Neighbour, ...]:
    """Open reports that the actor may see and that may be the same incident; one line for each incident."""
    if case.whistle or case.status not in OPEN:
        return ()
    found = alike(marks_of(case), without=case.id, least=FOR_OFFICERS)[:LOOKED_AT]
    mine: list[ColumnElement[bool]] = [seen_plainly(actor), Complaint.secret == case.secret]
    leads = _leads(found, mine, apart_from=case.incident_id)
    return tuple(
        Neighbour(
            id=each.row.id,
            number=each.row.number,
            title=each.row.title,
            status=cast(Any, each.row.status),
            metres=each.other.metres,
            day=_day(each.row),
            voices=each.voices,
            score=each.other.score,
            same_text=each.other.same_text,
            agency=agency_ref(each.row.agency_id),
        )
        for each in leads[:SHOWN]
    )


def at_desk_by_id(complaint_id: UUID, actor: Actor) -> tuple[Neighbour, ...]:
    """The same for a case that the actor has opened."""
    case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one_or_none()
    return at_desk(case, actor) if case is not None else ()


def voices_of(incidents: Iterable[UUID]) -> dict[UUID, int]:
    """How many reports each incident holds."""
    wanted = list(incidents)
    if not wanted:
        return {}
    query = select(Complaint.incident_id, func.count()).where(Complaint.incident_id.in_(wanted))
    rows = session().execute(query.group_by(Complaint.incident_id)).all()
    return {row[0]: row[1] for row in rows if row[0] is not None}


@dataclass(frozen=True, slots=True)
class _Lead:
    row: Complaint
    other: Other
    voices: int


def _offers(mine: Marks, without: UUID | None = None) -> tuple[Offer, ...]:
    found = alike(mine, without=without, least=FOR_CITIZENS)[:LOOKED_AT]
    return tuple(
        Offer(
            number=each.row.number,
            title=redact(each.row.title),
            category=category_name(each.row.category_code),
            status=cast(Any, each.row.status),
            metres=each.other.metres,
            day=_day(each.row),
            voices=each.voices,
        )
        for each in _leads(found, PUBLIC)[:SHOWN]
    )


def _leads(
    found: Sequence[Other], conditions: Sequence[ColumnElement[bool]], apart_from: UUID | None = None
) -> list[_Lead]:
    """The likest first, each as the lead of its incident; those that the conditions leave out are gone."""
    if not found:
        return []
    likest = {each.id: each for each in reversed(found)}
    one = select(Complaint.id, Complaint.incident_id).where(Complaint.id.in_(likest), *conditions)
    pairs = {row[0]: row[1] for row in session().execute(one)}
    theirs = {each for each in pairs.values() if each is not None and each != apart_from}
    query = select(Complaint, Incident.id).outerjoin(
        Incident, and_(Incident.id == Complaint.incident_id, Incident.lead_id == Complaint.id)
    )
    wanted = or_(
        and_(Complaint.id.in_(list(pairs)), Complaint.incident_id.is_(None)), Incident.id.in_(list(theirs))
    )
    rows = session().execute(query.where(wanted, Complaint.status.in_(sorted(OPEN)), *conditions)).all()
    counts = voices_of(theirs)
    by_incident = {row[1]: row[0] for row in rows if row[1] is not None}
    alone = {row[0].id: row[0] for row in rows if row[1] is None}
    leads: dict[UUID, _Lead] = {}
    for other in found:
        incident = pairs.get(other.id)
        row = by_incident.get(incident) if incident is not None else alone.get(other.id)
        if row is not None and row.id not in leads:
            leads[row.id] = _Lead(row, other, counts.get(incident, 1) if incident else 1)
    return list(leads.values())


def _day(case: Complaint) -> Any:
    return local_day(case.received_at, ZoneInfo(current_tenant().timezone))
