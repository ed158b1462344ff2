"""A case as values for pages: what everybody, the reporter and the desk may see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from plugins.lapor import clock, clock_words
from plugins.lapor import photos as pictures
from plugins.lapor.contracts import ClockChip, Deadline, PublicView, Status, TimelineItem
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow, OutsideRef, Photo
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.owners.views import as_json, from_json, rows_of, units_of
from plugins.lapor.service.redact import redact
from plugins.lapor.service.reference import reference
from plugins.lapor.service.time import calendars, ladder
from plugins.lapor.service.time.clocks import explained
from plugins.lapor.states import OPEN
from superapp.sdk import current_tenant, directory, now, session

# Texts that the reporter wrote or was asked; what others read of them is only that they exist.
PRIVATE_TEXT = frozenset({"hold", "reply", "solved", "unsolved", "reopen", "withdraw"})
PUBLIC_FACTS = frozenset(
    {
        *("agency", "agency_back", "others", "referrals", "owner", "by", "from", "to", "document"),
        *("answered", "units", "heard", "source", "heard_on", "external_id"),
        *("waiting_for", "until", "moved", "channel", "reason_code", "rule", "rating"),
        *("actions", "party", "why", "answers", "reason_title", "remedy", "step", "link", "no_work"),
        "destination",
    }
)


def public_part(
    case: Complaint,
    *,
    masked: bool = True,
    reporter: bool = False,
    deadlines: tuple[Deadline, ...] | None = None,
    parts: Sequence[Any] | None = None,
) -> PublicView:
    """The public view of a case; `masked` takes personal numbers out, `reporter` leaves their texts in.

    `deadlines` and `parts` save a round trip each when they came with the case.
    """
    events, photos = history_of(case.id)
    taken = taken_back(events)
    given = numbers_of(case.id, events)
    shown = [each for each in events if each.public or (reporter and each.actor_kind == "reporter")]
    hide = redact if masked else str
    audience: pictures.Audience = "reporter" if reporter else "public" if masked else "desk"
    return PublicView(
        number=case.number,
        kind=cast(Any, case.kind),
        title=hide(case.title),
        body=hide(case.body),
        status=cast(Status, case.status),
        category_code=case.category_code or "",
        category=category_name(case.category_code),
        area_code=case.area_code,
        area=area_name(case.area_code),
        address=hide(case.address),
        lat=case.lat,
        lng=case.lng,
        anonymous=case.anonymous,
        channel=case.channel,
        agency=agency_ref(case.agency_id or case.suggested_id),
        routing_reason=str(case.routing.get("reason", "")),
        received_at=case.received_at,
        updated_at=case.updated_at,
        clock=chip_of(case),
        deadlines=deadlines_of(case.id) if deadlines is None else deadlines,
        timeline=tuple(
            without_text(numbered(item(each, photos, reporter=reporter, masked=masked), given), masked)
            if each.id in taken
            else numbered(item(each, photos, reporter=reporter, masked=masked), given)
            for each in reversed(shown)
        ),
        photos=tuple(
            pictures.view(each, audience)
            for each in photos
            if each.event_id is None and (each.public or reporter or not masked)
        ),
        rating=case.rating,
        version=case.version,
        published=case.published,
        incident_id=case.incident_id,
        units=units_of(
            rows_of(case.id) if parts is None else parts, {each.id: hide(each.text) for each in events}
        ),
    )


def chip_of(case: Any) -> ClockChip:
    """The clock chip of a case or of a list row with the same columns, in the reader's language."""
    zone = ZoneInfo(current_tenant().timezone)
    state = "paused" if case.status == "on_hold" else "running" if case.status in OPEN else "done"
    ended = case.closed_at if state == "done" and case.closed_at else now()
    work = calendars.current().work(case.agency_id, unit=case.due_unit)
    running = state == "running"
    reading = clock.read(
        cast(Any, state),
        case.due_from,
        case.due_at,
        ended,
        work if case.due_unit == "h" else clock.WorkingTime(work.days),
        zone,
        unit=case.due_unit,
        near_from=ladder.near_from(case.due_step, case.due_at, work, zone) if running else None,
    )
    how = case.closed_how or ("archived" if case.status == "archived" else "")
    return clock_words.chip(reading, case.due_at, zone, case.due_unit, case.waiting_for, how)


def item(
    event: CaseEvent, photos: Sequence[Photo], *, reporter: bool = False, masked: bool = True
) -> TimelineItem:
    """One line. Outsiders do not read what the reporter wrote or was asked."""
    desk = not masked and not reporter
    audience: pictures.Audience = "reporter" if reporter else "public" if masked else "desk"
    text = event.text if desk or reporter or event.type not in PRIVATE_TEXT else ""
    facts = {
        key: value
        for key, value in event.data.items()
        if key in PUBLIC_FACTS or (desk and key != "instruction")
    }
    unit = agency_ref(event.agency_id)
    return TimelineItem(
        type=event.type,
        at=event.at,
        by=unit.name if unit else event.actor_name or ("Pelapor" if event.actor_kind == "reporter" else ""),
        text=redact(text) if masked and not reporter else text,
        from_status=cast("Status | None", event.from_status),
        to_status=cast("Status | None", event.to_status),
        public=event.public,
        data=facts,
        photos=tuple(pictures.view(each, audience) for each in photos if each.event_id == event.id),
    )


def numbers_of(complaint_id: UUID, events: Sequence[CaseEvent]) -> dict[str, str]:
    """By destination, their numbers of the case where it was sent before they had told one."""
    if not any(each.type == "sent_outside" and not each.data.get("external_id") for each in events):
        return {}
    query = select(OutsideRef).where(OutsideRef.complaint_id == complaint_id)
    return {str(each.destination_id): each.foreign_id for each in session().scalars(query)}


def numbered(line: TimelineItem, numbers: Mapping[str, str]) -> TimelineItem:
    """The line that a case lives elsewhere, too, with the number that came later."""
    if line.type != "sent_outside":
        return line
    facts = dict(line.data)
    later = numbers.get(facts.pop("destination", ""), "")
    return replace(line, data={**facts, "external_id": facts.get("external_id") or later})


def taken_back(events: Sequence[CaseEvent]) -> frozenset[UUID]:
    """The lines of the timeline that an officer undid."""
    return frozenset(
        UUID(each) for event in events if event.type == "undo" for each in event.data.get("undone", ())
    )


def without_text(line: TimelineItem, masked: bool = False) -> TimelineItem:
    """A line that was undone: what was written is gone, and its pictures from all but the desk."""
    kept = () if masked else line.photos
    return replace(line, text="", data={**line.data, "taken_back": True}, photos=kept)


Found = tuple[Complaint, tuple[Deadline, ...], Sequence[Any]]


def with_deadlines(condition: ColumnElement[bool]) -> Found | None:
    """The one case of a condition, its clocks (the earliest due first) and its parts, in one round trip."""
    ours = and_(DeadlineRow.tenant_id == Complaint.tenant_id, DeadlineRow.complaint_id == Complaint.id)
    query = select(Complaint, DeadlineRow, as_json()).outerjoin(DeadlineRow, ours).where(condition)
    rows = session().execute(query.order_by(DeadlineRow.due_at, DeadlineRow.step, DeadlineRow.id)).all()
    if not rows:
        return None
    clocks = tuple(explained(row[1]) for row in rows if row[1] is not None)
    return rows[0][0], clocks, from_json(rows[0][2] or [])


def history_of(complaint_id: UUID) -> tuple[list[CaseEvent], list[Photo]]:
    """Timeline and photos, the oldest first, in one round trip; photos of no line come with the first."""
    of_line = or_(
        Photo.event_id == CaseEvent.id, and_(Photo.event_id.is_(None), CaseEvent.type == "received")
    )
    ours = and_(Photo.tenant_id == CaseEvent.tenant_id, Photo.complaint_id == CaseEvent.complaint_id, of_line)
    query = select(CaseEvent, Photo).outerjoin(Photo, ours).where(CaseEvent.complaint_id == complaint_id)
    rows = session().execute(query.order_by(CaseEvent.at, CaseEvent.id)).all()
    photos = [row[1] for row in rows if row[1] is not None]
    return list(dict.fromkeys(row[0] for row in rows)), sorted(photos, key=lambda p: (p.created_at, p.id))


def events_of(complaint_id: UUID) -> list[CaseEvent]:
    """All lines of the timeline, the oldest first."""
    query = select(CaseEvent).where(CaseEvent.complaint_id == complaint_id)
    return list(session().scalars(query.order_by(CaseEvent.at, CaseEvent.id)))


def photos_of(complaint_id: UUID) -> list[Photo]:
    """All photos, in the order they came."""
    query = select(Photo).where(Photo.complaint_id == complaint_id)
    return list(session().scalars(query.order_by(Photo.created_at, Photo.id)))


def deadlines_of(complaint_id: UUID) -> tuple[Deadline, ...]:
    """All clocks that were ever started, the earliest due first."""
    query = select(DeadlineRow).where(DeadlineRow.complaint_id == complaint_id)
    rows = session().scalars(query.order_by(DeadlineRow.due_at, DeadlineRow.step, DeadlineRow.id))
    return tuple(explained(row) for row in rows)


def category_name(code: str | None) -> str:
    """The name of a category, also one that is retired; "" for none."""
    found = reference().categories.get(code or "")
    return found.name if found else ""


def area_name(code: str | None) -> str:
    """`Dauh Puri Kaja, Denpasar Utara` for a village, its own name for a kecamatan."""
    known = directory.areas()
    found = known.get(code or "")
    if found is None:
        return ""
    above = known.get(found.parent_code or "")
    return f"{found.name}, {above.name}" if above else found.name
