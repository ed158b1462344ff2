"""Gathering reports into an incident, parting them again, changing the lead, undoing each of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from plugins.lapor.contracts import Done
from plugins.lapor.models import CaseEvent, Complaint, Incident, IncidentDeed
from plugins.lapor.service.case import REPORTER, UNKNOWN, active_assignments, done
from plugins.lapor.service.incident import counts, deeds
from plugins.lapor.service.incident.carry import align
from plugins.lapor.service.incident.deeds import deed, lock, tell
from plugins.lapor.service.seen import may_see
from plugins.lapor.service.validate import optional
from plugins.lapor.states import OPEN
from superapp.sdk import (
    SYSTEM,
    Actor,
    Conflict,
    Forbidden,
    NotFound,
    current_actor,
    new_id,
    now,
    session,
    work,
)

GATHER: Final = "lapor.gather"
MOST: Final = 500


def gather(into: UUID, ids: Sequence[UUID], *, reason: str = "", actor: Actor | None = None) -> UUID:
    """Put reports into the incident of `into`, which leads a new one when it is in none. Returns its id.

    One that leads an incident itself brings all of it along. Each is brought to where the lead stands.
    Raises NotFound for one that the actor may not see, Forbidden without the right, Conflict for one
    that is over, in another incident, or of another secrecy.
    """
    actor, why = actor or current_actor(), optional("reason", reason, most=500)
    with work():
        lead, voices, merged = _chosen(into, ids, actor)
        incident = _locked_incident(lead.incident_id) if lead.incident_id is not None else None
        _may_be_one(lead, voices)
        opened = incident is None
        if incident is None:
            incident = Incident(id=new_id(), lead_id=lead.id, secret=lead.secret)
        if opened is False and len(voices) + count(incident.id) > MOST:
            raise Conflict(_("Satu kejadian memuat paling banyak %(count)s laporan.", count=MOST))
        kind = "merge" if merged else "join" if actor is REPORTER else "gather"
        with deed(kind, incident.id, [lead, *voices], actor=actor, reason=why) as made:
            _open(incident, lead, made.id if opened else incident.led_id)
            for other in merged:
                other.dissolved_at = other.changed_at = now()
            _join(incident, lead.id, [each.id for each in voices], made.id, actor, opened=opened)
        return incident.id


def split(case_id: UUID, *, reason: str = "", actor: Actor | None = None) -> Done:
    """Take a report out of its incident; it goes on alone from where it stands.

    When it led, the oldest open of the others leads on; where one is left alone, the incident dissolves.
    Raises Conflict for a report of no incident; otherwise as `gather`.
    """
    actor, why = actor or current_actor(), optional("reason", reason, most=500)
    with work():
        case = _seen(case_id, actor)
        if case.incident_id is None:
            raise Conflict(_("Laporan ini tidak tergabung dalam kejadian."))
        voices = _locked_voices(case.incident_id)
        incident = _locked_incident(case.incident_id)
        rest = [each for each in voices if each.id != case.id]
        kind = "leave" if actor is REPORTER else "split"
        touched = voices if len(rest) == 1 or incident.lead_id == case.id else [case]
        with deed(kind, incident.id, touched, actor=actor, reason=why) as made:
            _part(case, actor)
            incident.changed_at = now()
            if len(rest) < 2:
                incident.dissolved_at = now()
                for each in rest:
                    _part(each, actor)
            elif incident.lead_id == case.id:
                heir = heir_of(rest)
                incident.lead_id, incident.led_id, incident.secret = heir.id, made.id, heir.secret
        return done(session().scalars(select(Complaint).where(Complaint.id == case_id)).one())


def lead(case_id: UUID, *, reason: str = "", actor: Actor | None = None) -> Done:
    """Let another report of the incident lead. Raises Conflict for one that leads already or is over."""
    actor, why = actor or current_actor(), optional("reason", reason, most=500)
    with work():
        case = _seen(case_id, actor)
        if case.incident_id is None:
            raise Conflict(_("Laporan ini tidak tergabung dalam kejadian."))
        _locked_voices(case.incident_id)
        incident = _locked_incident(case.incident_id)
        if incident.lead_id == case.id:
            raise Conflict(_("Laporan ini sudah menjadi laporan utama."))
        if case.status not in OPEN:
            raise Conflict(_("Laporan yang sudah selesai tidak bisa menjadi laporan utama."))
        before = lock([incident.lead_id])
        with deed("lead", incident.id, [*before, case], actor=actor, reason=why) as made:
            incident.lead_id, incident.led_id, incident.changed_at = case.id, made.id, now()
            tell(case, "leads", actor, {})
        return done(session().scalars(select(Complaint).where(Complaint.id == case_id)).one())


def undo(deed_id: UUID, *, actor: Actor | None = None) -> UUID:
    """Put back exactly what stood there before a deed. Returns its incident.

    Raises NotFound when the actor may not see all of it, Forbidden without the right, Conflict with the
    reason when something happened since that cannot be taken back.
    """
    actor = actor or current_actor()
    with work():
        made = session().scalars(select(IncidentDeed).where(IncidentDeed.id == deed_id)).one_or_none()
        if made is None:
            raise NotFound(_("Tindakan ini tidak ada."))
        for row in made.before["cases"]:
            _seen(UUID(row["id"]), actor)
        return deeds.undo(deed_id, actor=actor).incident_id


def settle(incident_id: UUID) -> None:
    """Let another lead when the lead was archived for itself or withdrawn; note whether all is over."""
    with work():
        voices = _locked_voices(incident_id)
        incident = _locked_incident(incident_id)
        if incident.dissolved_at is not None:
            return
        first = next(each for each in voices if each.id == incident.lead_id)
        running = [each for each in voices if each.status in OPEN]
        if first.closed_how in {"archived", "withdrawn"} and running:
            lead(heir_of(running).id, actor=SYSTEM)
        if (running and incident.ended_at is None) or (not running and incident.ended_at is not None):
            return
        before = counts.open_among({incident_id})
        incident.changed_at = now()
        incident.ended_at = None if running else now()
        counts.change_open({incident_id}, before)


def count(incident_id: UUID) -> int:
    """How many reports an incident holds."""
    query = select(func.count()).select_from(Complaint).where(Complaint.incident_id == incident_id)
    return int(session().execute(query).scalar_one())


def heir_of(voices: Iterable[Complaint]) -> Complaint:
    """Who leads next: the oldest that is still open, else the oldest."""
    return min(voices, key=lambda each: (each.status not in OPEN, each.received_at, each.id))


def _chosen(
    into: UUID, ids: Sequence[UUID], actor: Actor
) -> tuple[Complaint, list[Complaint], list[Incident]]:
    """The lead of `into`'s incident (or `into` itself), the reports that come to it, and the incidents
    that these bring along; all locked, cases before incidents and each kind in its order."""
    target = _seen(into, actor, locking=False)
    lead_id = _lead_id(target) or target.id
    wanted = [each for each in dict.fromkeys(ids) if each != into]
    if lead_id in wanted or not wanted:
        raise Conflict(_("Pilih laporan lain untuk digabung."))
    for each in (lead_id, *wanted):
        _seen(each, actor, locking=False)
    theirs = _voices_of(_incidents_of(wanted))
    rows = {each.id: each for each in lock([lead_id, *wanted, *(each.id for each in theirs)])}
    for each in wanted:
        if rows[each].incident_id is not None and rows[each].incident_id == rows[lead_id].incident_id:
            raise Conflict(_("%(number)s sudah tergabung dalam kejadian ini.", number=rows[each].number))
    merged = _brought([rows[each] for each in wanted])
    voices = {each: rows[each] for each in wanted}
    for voice in _voices_of(merged):
        if voice.id not in rows:
            raise Conflict(_("Kejadian ini baru saja berubah."), _("Muat ulang lalu coba lagi."))
        voices[voice.id] = rows[voice.id]
    return rows[lead_id], list(voices.values()), merged


def _seen(case_id: UUID, actor: Actor, *, locking: bool = True) -> Complaint:
    query = select(Complaint).where(Complaint.id == case_id)
    query = query.with_for_update() if locking else query
    case = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if case is None:
        raise NotFound(UNKNOWN)
    if actor is REPORTER or actor.kind == "system":
        return case
    if not may_see(actor, case, [each.agency_id for each in active_assignments(case_id)]):
        raise NotFound(UNKNOWN)
    if not actor.may(GATHER):
        raise Forbidden()
    return case


def _lead_id(case: Complaint) -> UUID | None:
    if case.incident_id is None:
        return None
    return session().scalars(select(Incident.lead_id).where(Incident.id == case.incident_id)).one()


def _locked_incident(incident_id: UUID) -> Incident:
    query = select(Incident).where(Incident.id == incident_id).with_for_update()
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def _locked_voices(incident_id: UUID) -> list[Complaint]:
    return lock([each.id for each in _voices_of([incident_id])])


def _incidents_of(ids: Sequence[UUID]) -> list[UUID]:
    query = select(Complaint.incident_id).where(Complaint.id.in_(ids), Complaint.incident_id.is_not(None))
    return [each for each in session().scalars(query) if each is not None]


def _brought(cases: Sequence[Complaint]) -> list[Incident]:
    """The incidents that these cases lead. Raises Conflict for one that another report leads."""
    found = []
    for case in sorted(cases, key=lambda each: str(each.incident_id)):
        if case.incident_id is None:
            continue
        incident = _locked_incident(case.incident_id)
        if incident.lead_id != case.id:
            remedy = _("Gabungkan laporan utamanya, atau pisahkan laporan ini dahulu.")
            raise Conflict(_("%(number)s sudah tergabung dalam kejadian lain.", number=case.number), remedy)
        found.append(incident)
    return found


def _voices_of(incidents: Sequence[UUID] | Sequence[Incident]) -> list[Complaint]:
    ids = [each.id if isinstance(each, Incident) else each for each in incidents]
    query = select(Complaint).where(Complaint.incident_id.in_(ids)).order_by(Complaint.id)
    return list(session().scalars(query)) if ids else []


def _may_be_one(lead: Complaint, voices: Sequence[Complaint]) -> None:
    if lead.status not in OPEN:
        raise Conflict(
            _("%(number)s sudah selesai.", number=lead.number),
            _("Gabungkan ke laporan yang masih ditangani."),
        )
    for case in voices:
        if case.status not in OPEN and case.incident_id is None:
            raise Conflict(
                f"{case.number} sudah selesai.", "Hanya laporan yang masih ditangani bisa digabung."
            )
        if case.whistle or lead.whistle:
            raise Conflict(_("Pengaduan tentang pegawai tidak digabung: jawabannya hanya untuk pelapornya."))
        if case.secret != lead.secret:
            raise Conflict(_("Laporan rahasia tidak digabung dengan yang terbuka: jawabannya terbaca."))


def _open(incident: Incident, lead: Complaint, led_id: UUID) -> None:
    incident.led_id, incident.changed_at, incident.ended_at = led_id, now(), None
    session().add(incident)
    session().flush()
    if lead.incident_id is None:
        lead.incident_id, lead.joined_id = incident.id, led_id


def _join(
    incident: Incident, lead_id: UUID, ids: Sequence[UUID], deed_id: UUID, actor: Actor, *, opened: bool
) -> None:
    lead = session().scalars(select(Complaint).where(Complaint.id == lead_id)).one()
    lines = (
        session()
        .scalars(
            select(CaseEvent).where(CaseEvent.complaint_id == lead_id).order_by(CaseEvent.id.desc()).limit(50)
        )
        .all()
    )
    for case_id in ids:
        for_all = next((each for each in lines if each.to_status == (lead.held_from or lead.status)), None)
        align(case_id, lead, for_all, actor if actor.kind == "officer" else SYSTEM)
        case = session().scalars(select(Complaint).where(Complaint.id == case_id)).one()
        case.incident_id, case.joined_id = incident.id, deed_id
        case.version += 1
        tell(case, "gathered", actor, {"lead": lead.number})
        tell(lead, "voice", actor, {}, public=not lead.secret)
    lead.version += 1


def _part(case: Complaint, actor: Actor) -> None:
    case.incident_id, case.joined_id = None, None
    case.version += 1
    tell(case, "parted", actor, {})
