"""Outside owners (province, ministry, state company): what is heard of them is recorded and told here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from plugins.lapor import photos as pictures
from plugins.lapor.clock import local_day
from plugins.lapor.contracts import AgencyRef, Done, Upload
from plugins.lapor.models import Assignment, CaseEvent, Complaint, Incident
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import Change, changing, locked
from plugins.lapor.service.line import write_line
from plugins.lapor.service.owners import parts
from plugins.lapor.service.seen import seen_by
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import optional, require
from plugins.lapor.settings import setting
from plugins.lapor.states import OPEN
from superapp.sdk import (
    FieldError,
    Invalid,
    Message,
    address,
    current_actor,
    current_tenant,
    directory,
    notify,
    now,
    session,
    work,
)

SHOWN = 100
HEARD: Final = ("progress", "answer", "closing", "return")


def hear(
    complaint_id: UUID,
    *,
    version: int | None = None,
    heard: str,
    text: str,
    source: str,
    agency_code: str | None = None,
    heard_on: date | None = None,
    external_id: str = "",
    photos: Sequence[Upload] = (),
) -> Done:
    """Write down news from an outside owner: progress, answer, closing there, or its return.

    `source` says how it was heard (letter, telephone, their site). With several outside owners
    `agency_code` names the one. Raises Invalid naming each wrong field.
    """
    if heard not in HEARD:
        remedy = _("Pilih kemajuan, jawaban, penutupan, atau pengembalian.")
        raise Invalid(errors=[FieldError("heard", remedy, "choice")])
    told, where = require("text", text), require("source", source, most=200)
    number = optional("external_id", external_id, most=100)
    day = _day(heard_on)
    pictures.inspect(photos)
    with changing(complaint_id, "hear", version=version) as change:
        part = _outside_part(change, agency_code)
        unit = agency_ref(part.agency_id)
        part.external_id = number or part.external_id
        part.heard_at, part.reminded_at = _moment(change, day), None
        part.version += 1
        change.text, change.parts = told, [part]
        change.data = {
            "agency": unit.name if unit else "",
            "heard": heard,
            "source": where,
            "heard_on": day.isoformat(),
            "external_id": part.external_id,
        }
        STEPS[heard](change, part)
        pictures.keep(
            complaint_id,
            photos,
            stage="answer" if heard in {"answer", "closing"} else "progress",
            public=not change.case.secret,
            event_id=change.event_id,
        )
    return change.done


def _progress(change: Change, part: Assignment) -> None:
    parts.begin(change, part)
    parts.settle(change)


def _answer(change: Change, part: Assignment) -> None:
    part.state, part.answered_at, part.answer_id = "answered", change.moment, change.event_id
    parts.settle(change)
    if change.to == "answered":
        change.kind = "heard_answer"


def _return(change: Change, part: Assignment) -> None:
    give_back(change, part, change.text)
    parts.settle(change)


STEPS = {"progress": _progress, "answer": _answer, "closing": _answer, "return": _return}


def give_back(change: Change, part: Assignment, why: str) -> None:
    """An owning part comes back: it is counted, and the coordinator has to decide about it."""
    parts.end(change, part, "returned", why)
    change.case.bounces += 1
    change.case.open_returns += 1
    parts.set_lead(change)
    if not change.running("verify"):
        clocks.start(change, "verify")


def _outside_part(change: Change, agency_code: str | None) -> Assignment:
    if agency_code:
        part = parts.part_of(change, agency_code)
        if part.outside:
            return part
        remedy = _("Unit ini bukan instansi luar.")
        raise Invalid(errors=[FieldError("agency", remedy, "choice")])
    found = [each for each in parts.owning(change.assignments) if each.outside]
    if len(found) != 1:
        remedy = _("Sebut dari instansi luar mana kabar ini.") if found else _("Tidak ada instansi luar.")
        raise Invalid(errors=[FieldError("agency", remedy, "required")])
    return found[0]


def _day(heard_on: date | None) -> date:
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    if heard_on is not None and heard_on > today:
        raise Invalid(
            errors=[FieldError("heard_on", _("Tanggal kabar tidak boleh setelah hari ini."), "range")]
        )
    return heard_on or today


def _moment(change: Change, day: date) -> datetime:
    zone = ZoneInfo(current_tenant().timezone)
    if day == local_day(change.moment, zone):
        return change.moment
    return datetime.combine(day, time(12), zone).astimezone(UTC)


def silent(limit: int) -> list[UUID]:
    """The parts of outside owners of whom nothing was heard, nor anybody reminded, for the tenant's days.

    Of an incident only the lead's: one letter asks for all.
    """
    long_ago = now() - timedelta(days=int(str(setting("outside_silence_days"))))
    query = (
        select(Assignment.id)
        .join(
            Complaint,
            and_(Complaint.tenant_id == Assignment.tenant_id, Complaint.id == Assignment.complaint_id),
        )
        .outerjoin(
            Incident, and_(Incident.tenant_id == Complaint.tenant_id, Incident.id == Complaint.incident_id)
        )
        .where(
            *(Assignment.active, Assignment.outside, Assignment.state != "answered"),
            Assignment.heard_at < long_ago,
            or_(Assignment.reminded_at.is_(None), Assignment.reminded_at < long_ago),
            Complaint.status.in_(sorted(OPEN - {"answered"})),
            or_(Complaint.incident_id.is_(None), Incident.lead_id == Complaint.id),
        )
    )
    return list(session().scalars(query.order_by(Assignment.heard_at, Assignment.id).limit(limit)))


def remind(assignment_id: UUID) -> CaseEvent | None:
    """Note in the case that an outside owner keeps silent; None when somebody heard of it meanwhile."""
    long_ago = now() - timedelta(days=int(str(setting("outside_silence_days"))))
    with work() as unit:
        part = unit.scalars(select(Assignment).where(Assignment.id == assignment_id)).one()
        case = locked(part.complaint_id)
        unit.refresh(part)
        last = max(filter(None, (part.heard_at, part.reminded_at)))
        if not part.active or part.state == "answered" or last >= long_ago:
            return None
        part.reminded_at = now()
        who = agency_ref(part.agency_id)
        days = (now() - (part.heard_at or part.assigned_at)).days
        name = who.name if who else ""
        words = _("Belum ada kabar dari %(agency)s selama %(days)s hari.", agency=name, days=days)
        line = write_line(case, "outside_silent", text=words, data={"agency": name, "days": days})
        unit.flush()
        _write_to_desk(case, line)
    return line


def _write_to_desk(case: Complaint, line: CaseEvent) -> None:
    """The unit of the officer who passed it on hears that it is time to ask."""
    passed = select(CaseEvent.agency_id).where(
        CaseEvent.complaint_id == case.id,
        CaseEvent.type.in_(("forward", "dispose", "hear")),
        CaseEvent.agency_id.is_not(None),
    )
    agency_id = session().scalars(passed.order_by(CaseEvent.at.desc()).limit(1)).first()
    desk = directory.agencies().get(agency_id) if agency_id else None
    if desk is None or not desk.email:
        return
    link = address(f"/meja/lapor/{case.number}")
    text = f"{line.text}\n\n{case.number}\n{link}\n"
    notify(Message("email", desk.email, f"{case.number}: belum ada kabar", text, key=f"{line.id}:silent"))


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """A part with an outside owner, as the desk follows it."""

    number: str
    title: str
    agency: AgencyRef | None
    since: datetime
    heard_at: datetime
    external_id: str
    why: str
    silent: bool
    state: str


def followed(limit: int = SHOWN) -> tuple[OutsideRow, ...]:
    """Open parts with outside owners in cases that the actor may see, the longest silent first."""
    long_ago = now() - timedelta(days=int(str(setting("outside_silence_days"))))
    ours = and_(Complaint.tenant_id == Assignment.tenant_id, Complaint.id == Assignment.complaint_id)
    query = select(Assignment, Complaint).join(Complaint, ours)
    query = query.where(
        Assignment.active,
        Assignment.outside,
        Complaint.status.in_(sorted(OPEN)),
        seen_by(current_actor()),
    )
    rows = session().execute(query.order_by(Assignment.heard_at, Assignment.id).limit(limit)).all()
    return tuple(
        OutsideRow(
            case.number,
            case.title,
            agency_ref(part.agency_id),
            part.assigned_at,
            part.heard_at or part.assigned_at,
            part.external_id,
            part.why,
            part.state != "answered" and (part.heard_at or part.assigned_at) < long_ago,
            part.state,
        )
        for part, case in rows
    )
