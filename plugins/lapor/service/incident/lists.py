"""Incidents as the desk sees them: the list, one with its voices and deeds, twins to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, func, select, tuple_

from plugins.lapor.contracts import DeedView, Done, IncidentRow, IncidentView, Page, TwinView, VoiceRow
from plugins.lapor.models import CaseEvent, Complaint, Incident, IncidentDeed, Twin
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.alike.likeness import metres
from plugins.lapor.service.alike.marks import Marks
from plugins.lapor.service.case import done
from plugins.lapor.service.cursor import decode, encode
from plugins.lapor.service.seen import seen_plainly
from plugins.lapor.service.views import area_name, category_name
from superapp.sdk import NotFound, current_actor, session

SIZE = 25
TWINS = 50
WORDS = {
    "solved": "solved",
    "autoclose": "",
    "unsolved": "unsolved",
    "reopen": "unsolved",
    "answer": "waiting",
}


def listing(cursor: str | None = None, *, ended: bool = False) -> Page[IncidentRow]:
    """Incidents whose lead the actor may see, the last changed first; running ones, or those that ended.

    Raises BadRequest for a cursor that is none.
    """
    over = Incident.ended_at.is_not(None) if ended else Incident.ended_at.is_(None)
    query = (
        select(Incident, Complaint)
        .join(Complaint, and_(Complaint.tenant_id == Incident.tenant_id, Complaint.id == Incident.lead_id))
        .where(Incident.dissolved_at.is_(None), over, seen_plainly(current_actor()))
    )
    if cursor:
        query = query.where(tuple_(Incident.changed_at, Incident.id) < decode(cursor))
    order = (Incident.changed_at.desc(), Incident.id.desc())
    rows = session().execute(query.order_by(*order).limit(SIZE + 1)).all()
    voices = _voices_by_incident([row[0].id for row in rows[:SIZE]])
    said = _said(each.id for found in voices.values() for each in found)
    items = tuple(_row(row[0], row[1], voices.get(row[0].id, ()), said) for row in rows[:SIZE])
    following = encode(rows[SIZE - 1][0].changed_at, rows[SIZE - 1][0].id) if len(rows) > SIZE else None
    return Page(items, following)


def view(incident_id: UUID) -> IncidentView:
    """An incident whose lead the actor may see. Raises NotFound."""
    incident = session().scalars(select(Incident).where(Incident.id == incident_id)).one_or_none()
    if incident is None:
        raise NotFound(_("Kejadian ini tidak ada."))
    query = select(Complaint).where(seen_plainly(current_actor()))
    lead = session().scalars(query.where(Complaint.id == incident.lead_id)).one_or_none()
    if lead is None:
        raise NotFound(_("Kejadian ini tidak ada."))
    mine = query.where(Complaint.incident_id == incident_id)
    seen = list(session().scalars(mine.order_by(Complaint.received_at, Complaint.id)))
    count = select(func.count()).select_from(Complaint).where(Complaint.incident_id == incident_id)
    total = int(session().execute(count).scalar_one())
    said = _said(each.id for each in seen)
    voices = tuple(_voice(each, lead, said) for each in seen)
    return IncidentView(
        id=incident.id,
        lead=_voice(lead, lead, said),
        voices=voices,
        hidden=total - len(voices),
        deeds=_deeds(incident_id),
        opened_at=incident.opened_at,
        ended=incident.ended_at is not None,
        dissolved=incident.dissolved_at is not None,
        unsolved=sum(each.word == "unsolved" for each in voices),
    )


def latest_deed(incident_id: UUID) -> UUID | None:
    """The last gathering or parting that was not undone."""
    query = select(IncidentDeed.id).where(
        IncidentDeed.incident_id == incident_id, IncidentDeed.undone_at.is_(None)
    )
    return session().scalars(query.order_by(IncidentDeed.at.desc(), IncidentDeed.id.desc()).limit(1)).first()


def twins() -> tuple[TwinView, ...]:
    """Pairs of the same text with different units that nobody has settled and the actor may both see."""
    query = select(Twin).where(Twin.settled_at.is_(None)).order_by(Twin.found_at.desc()).limit(TWINS)
    rows = list(session().scalars(query))
    ids = {each for row in rows for each in (row.one_id, row.other_id)}
    may = select(Complaint).where(Complaint.id.in_(ids), seen_plainly(current_actor()))
    cases = {case.id: case for case in session().scalars(may)} if ids else {}
    found = [(row, cases.get(row.one_id), cases.get(row.other_id)) for row in rows]
    return tuple(
        TwinView(_voice(one, one, {}), _voice(other, one, {}), row.likeness, row.found_at)
        for row, one, other in found
        if one is not None and other is not None and one.agency_id != other.agency_id
    )


def _voices_by_incident(incidents: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    if incidents:
        query = select(Complaint.id, Complaint.incident_id).where(Complaint.incident_id.in_(incidents))
        for row in session().execute(query):
            found.setdefault(row.incident_id, []).append(row)
    return found


def _said(ids: Iterable[UUID]) -> dict[UUID, str]:
    """What each reporter said last about being solved."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = (
        select(CaseEvent.complaint_id, CaseEvent.type)
        .where(CaseEvent.complaint_id.in_(wanted), CaseEvent.type.in_(list(WORDS)))
        .order_by(CaseEvent.complaint_id, CaseEvent.at, CaseEvent.id)
    )
    return {row.complaint_id: WORDS[row.type] for row in session().execute(query)}


def _row(incident: Incident, lead: Complaint, voices: Sequence[Any], said: dict[UUID, str]) -> IncidentRow:
    return IncidentRow(
        id=incident.id,
        number=lead.number,
        title=lead.title,
        status=cast(Any, lead.status),
        category=category_name(lead.category_code),
        area=area_name(lead.area_code),
        agency=agency_ref(lead.agency_id),
        voices=len(voices),
        unsolved=sum(said.get(each.id) == "unsolved" for each in voices),
        opened_at=incident.opened_at,
        changed_at=incident.changed_at,
    )


def _voice(case: Complaint, lead: Complaint, said: dict[UUID, str]) -> VoiceRow:
    away = metres(_point(case), _point(lead))
    return VoiceRow(
        id=case.id,
        number=case.number,
        title=case.title,
        body=case.body,
        status=cast(Any, case.status),
        leads=case.id == lead.id,
        metres=None if away is None else round(away),
        received_at=case.received_at,
        anonymous=case.anonymous,
        area=area_name(case.area_code),
        agency=agency_ref(case.agency_id),
        word=said.get(case.id, ""),
        version=case.version,
    )


def _point(case: Complaint) -> Marks:
    return Marks("", "", "", case.received_at, lat=case.lat, lng=case.lng)


def _deeds(incident_id: UUID) -> tuple[DeedView, ...]:
    query = select(IncidentDeed).where(IncidentDeed.incident_id == incident_id)
    rows = session().scalars(query.order_by(IncidentDeed.at.desc(), IncidentDeed.id.desc()).limit(100))
    return tuple(
        DeedView(
            id=row.id,
            kind=row.kind,
            by="Pelapor" if row.actor_kind == "reporter" else row.actor_name or "Sistem",
            at=row.at,
            numbers=tuple(row.numbers),
            reason=row.reason,
            undone_at=row.undone_at,
            undone_by=row.undone_name,
        )
        for row in rows
    )


def incident_of(complaint_id: UUID) -> UUID | None:
    """The incident that a case is in."""
    return session().scalars(select(Complaint.incident_id).where(Complaint.id == complaint_id)).one_or_none()


def incident_of_deed(deed_id: UUID) -> UUID:
    """The incident that a deed belongs to. Raises NotFound."""
    query = select(IncidentDeed.incident_id).where(IncidentDeed.id == deed_id)
    found = session().scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("Tindakan ini tidak ada."))
    return found


def as_done(complaint_id: UUID) -> Done:
    """Where a case stands now, for whoever has just gathered it."""
    return done(session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one())
