"""Climbing the ladder: each rung of a clock that has come is told once, and stands on the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from plugins.lapor import clock
from plugins.lapor.events import Escalated, Warned
from plugins.lapor.models import Complaint, DeadlineRow, RungSent
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import locked
from plugins.lapor.service.line import write_line
from plugins.lapor.service.reference import RungRow
from plugins.lapor.service.time import calendars, ladder
from plugins.lapor.states import OPEN
from superapp.sdk import (
    Message,
    address,
    current_tenant,
    directory,
    emit,
    known_roles,
    new_id,
    notify,
    now,
    session,
    work,
)

SIZE = 200
RUNNING = sorted(OPEN - {"on_hold"})
# No run of days off is longer; only narrows what is looked at, the moment itself is reckoned exactly.
LONGEST_BREAK = timedelta(days=20)
INSPECTOR = "inspector"
STEPS = ("verify", "follow_up", "resolve", "confirm")
STEP_WORDS = {
    "verify": "verifikasi",
    "follow_up": "tindak lanjut",
    "resolve": "penyelesaian",
    "confirm": "jawaban pelapor",
}


def climb() -> int:
    """Tell every rung that has come; returns how many were told. A repeat finds nothing more to tell."""
    zone = ZoneInfo(current_tenant().timezone)
    version = calendars.current()
    told = 0
    for step in STEPS:
        for rung in ladder.rungs(step, zone):
            for row in _candidates(rung):
                work_ = version.work(row.agency_id, authority=row.authority, unit=rung.unit)
                at = clock.rung_at(row.due_at, ladder.pure(rung), work_, zone)
                if row.started_at < at <= now():
                    told += _send(rung, row.complaint_id, row.id)
    return told


def _candidates(rung: RungRow) -> Iterator[Any]:
    """Clocks that may have come to a rung and were not told of it: of each promise the strictest."""
    other = aliased(DeadlineRow)
    stricter = exists().where(
        other.tenant_id == DeadlineRow.tenant_id,
        other.complaint_id == DeadlineRow.complaint_id,
        other.step == DeadlineRow.step,
        other.agency_id.is_not_distinct_from(DeadlineRow.agency_id),
        other.done_at.is_(None),
        tuple_(other.due_at, other.id) < tuple_(DeadlineRow.due_at, DeadlineRow.id),
    )
    sent = exists().where(
        RungSent.tenant_id == DeadlineRow.tenant_id,
        RungSent.deadline_id == DeadlineRow.id,
        RungSent.due_on == DeadlineRow.due_on,
        RungSent.level == rung.level,
        RungSent.who == rung.who,
    )
    ours = and_(Complaint.tenant_id == DeadlineRow.tenant_id, Complaint.id == DeadlineRow.complaint_id)
    names = ("id", "complaint_id", "due_at", "started_at", "agency_id", "authority")
    query = (
        select(*(getattr(DeadlineRow, name) for name in names))
        .join(Complaint, ours)
        .where(
            DeadlineRow.step == rung.step,
            DeadlineRow.done_at.is_(None),
            DeadlineRow.due_at < _horizon(rung),
            Complaint.status.in_(RUNNING),
            ~sent,
            ~stricter,
        )
        .order_by(DeadlineRow.due_at, DeadlineRow.id)
    )
    after: tuple[datetime, UUID] | None = None
    while True:
        part = query.where(tuple_(DeadlineRow.due_at, DeadlineRow.id) > after) if after else query
        rows = session().execute(part.limit(SIZE)).all()
        yield from rows
        if len(rows) < SIZE:
            return
        after = (rows[-1].due_at, rows[-1].id)


def _horizon(rung: RungRow) -> datetime:
    """No clock that is due later can have come to this rung."""
    days = timedelta(days=rung.amount if rung.unit != "h" else rung.amount // 8)
    if rung.relation == "before":
        return now() + days * 2 + LONGEST_BREAK
    return now() if rung.unit == "h" else now() - max(timedelta(), days - timedelta(days=1))


def _send(rung: RungRow, complaint_id: UUID, deadline_id: UUID) -> int:
    """Mark, write and tell in one unit of work: what dies in between has told nobody."""
    with work() as unit:
        case = locked(complaint_id)
        row = unit.get(DeadlineRow, (current_tenant().id, deadline_id), populate_existing=True)
        if row is None or row.done_at is not None or case.status not in RUNNING:
            return 0
        if case.whistle and not _inside(rung, row.agency_id or case.agency_id):
            return 0
        event_id = new_id()
        mark = {"deadline_id": row.id, "due_on": row.due_on, "level": rung.level, "who": rung.who}
        fresh = unit.execute(
            insert(RungSent)
            .values(tenant_id=case.tenant_id, event_id=event_id, sent_at=now(), **mark)
            .on_conflict_do_nothing()
            .returning(RungSent.level)
        ).first()
        if fresh is None:
            return 0
        late = rung.relation == "after"
        title, to = receiver(rung, row.agency_id or case.agency_id)
        _write(case, row, rung, event_id, title)
        if (case.due_step, case.due_at) == (row.step, row.due_at) and rung.level >= case.rung:
            case.rung, case.rung_who = rung.level, title
        told = Escalated if late else Warned
        emit(told(str(case.id), case.number, case.status, str(event_id)))
        if rung.channel != ladder.DESK and to:
            notify(_message(case, row, rung, to, event_id))
    return 1


def _inside(rung: RungRow, agency_id: UUID | None) -> bool:
    """True when a whistle-blower's case stays with who investigates it."""
    return rung.who == INSPECTOR or (rung.who == ladder.AGENCY and agency_id is not None)


def receiver(rung: RungRow, agency_id: UUID | None) -> tuple[str, str]:
    """Who is told, by a name for the timeline, and the address of the rung's channel.

    A case that no unit has yet belongs to the main door of the government.
    """
    contact = current_tenant().profile.get("contact", {})
    by_code = directory.agencies_by_code()
    if rung.who in known_roles():
        address_ = rung.address or (str(contact.get("email", "")) if rung.who == "coordinator" else "")
        return known_roles()[rung.who], address_
    code = str(contact.get("agency", "")) if rung.who == ladder.AGENCY else rung.who
    agency = by_code.get(code)
    if rung.who == ladder.AGENCY and agency_id is not None:
        agency = directory.agencies().get(agency_id, agency)
    if agency is None:
        return rung.who, rung.address
    phone = "" if rung.channel == "email" else agency.phone
    found = agency.email if rung.channel == "email" else phone
    return agency.short_name or agency.name, rung.address or found


def _write(case: Complaint, row: DeadlineRow, rung: RungRow, event_id: UUID, title: str) -> None:
    kind = "escalate" if rung.relation == "after" else "warn"
    facts = {
        "step": row.step,
        "level": rung.level,
        "who": title,
        "channel": rung.channel,
        "due_on": row.due_on.isoformat(),
        "document": rung.document,
    }
    write_line(case, kind, data=facts, event_id=event_id)


def _message(case: Complaint, row: DeadlineRow, rung: RungRow, to: str, event_id: UUID) -> Message:
    # The title of a secret case stays inside.
    title = "laporan rahasia" if case.secret or case.whistle else case.title
    unit = agency_ref(row.agency_id or case.agency_id)
    day = f"{row.due_on.day:02d}-{row.due_on.month:02d}-{row.due_on.year}"
    when = "lewat batas sejak" if rung.relation == "after" else "batasnya"
    lines = [
        f"{STEP_WORDS[row.step].capitalize()} {case.number} {when} {day}.",
        f"Unit: {unit.name if unit else 'belum ditentukan'}. Tingkat {rung.level}.",
        "",
        f"{case.number}: {title}",
        address(f"/meja/lapor/{case.number}"),
        "",
    ]
    word = "lewat batas" if rung.relation == "after" else "mendekati batas"
    return Message(rung.channel, to, f"{case.number}: {word}", "\n".join(lines), key=f"{event_id}:ladder")
