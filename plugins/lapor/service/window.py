"""Published cases and the public lines of their stories in a stretch of time, for other systems.

Each list walks one index and reads a bounded number of rows; personal numbers are masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugins.lapor.contracts.door import CaseUpdate, PublicCase, Window
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow, Photo
from plugins.lapor.service import views
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.boxes import IS_OPEN
from plugins.lapor.service.redact import redact
from plugins.lapor.service.views import PRIVATE_TEXT
from superapp.sdk import session

MOST = 1000
SHOWN: Final = (Photo.public, Photo.state == "ready")
# In the order of `_case`; whole entities cost three times as much as these values.
COLUMNS: Final = (
    Complaint.id,
    Complaint.number,
    Complaint.kind,
    Complaint.title,
    Complaint.body,
    Complaint.status,
    Complaint.category_code,
    Complaint.address,
    Complaint.lat,
    Complaint.lng,
    func.coalesce(Complaint.agency_id, Complaint.suggested_id),
    Complaint.routing["reason"].astext,
    Complaint.received_at,
    Complaint.updated_at,
    Complaint.closed_at,
)


def public_cases(window: Window) -> list[PublicCase]:
    """The cases of a window, the newest first unless asked otherwise; at most 1,000. One round trip."""
    moment = Complaint.received_at if window.by == "received" else Complaint.updated_at
    query = _published()
    if window.numbers:
        query = query.where(Complaint.number.in_(window.numbers[:MOST]))
    else:
        query = query.where(moment.between(window.since, window.until), *_narrow(window))
    order = (moment, Complaint.id) if window.oldest_first else (moment.desc(), Complaint.id.desc())
    query = query.order_by(*order).offset(window.skip).limit(min(window.limit, MOST))
    return [_case(*row) for row in session().execute(query)]


def public_updates(window: Window) -> list[CaseUpdate]:
    """The public lines written in a window, in the order in which they were; at most 1,000."""
    query = (
        select(CaseEvent, Complaint.number)
        .join(
            Complaint,
            and_(Complaint.tenant_id == CaseEvent.tenant_id, Complaint.id == CaseEvent.complaint_id),
        )
        .where(CaseEvent.public, Complaint.published, ~Complaint.secret)
    )
    if window.numbers:
        query = query.where(Complaint.number.in_(window.numbers[:MOST]))
    else:
        query = query.where(CaseEvent.at.between(window.since, window.until))
    query = query.order_by(CaseEvent.at, CaseEvent.id).offset(window.skip).limit(min(window.limit, MOST))
    rows = session().execute(query).all()
    photos = _photos([row[0].complaint_id for row in rows], [row[0].id for row in rows])
    return [_update(event, number, photos.get(event.id, ())) for event, number in rows]


def _narrow(window: Window) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if window.categories:
        found.append(Complaint.category_code.in_(window.categories))
    if window.is_open is not None:
        found.append(IS_OPEN if window.is_open else ~IS_OPEN)
    return found


def _photos(cases: Sequence[UUID], events: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The pictures that everybody may see, by the line with which they came."""
    if not events:
        return {}
    query = (
        select(Photo.event_id, Photo.id)
        .where(Photo.complaint_id.in_(set(cases)), Photo.event_id.in_(events), *SHOWN)
        .order_by(Photo.created_at, Photo.id)
    )
    found: dict[UUID, tuple[UUID, ...]] = {}
    for event_id, photo_id in session().execute(query):
        if event_id is not None:
            found[event_id] = (*found.get(event_id, ()), photo_id)
    return found


@cache
def _published() -> Select[Any]:
    """What every list begins with, put together once."""
    return select(*COLUMNS, _expected(), _pictures()).where(Complaint.published, ~Complaint.secret)


def _pictures() -> ColumnElement[Any]:
    """The pictures of a case that came with the report and that everybody may see."""
    mine = (Photo.tenant_id == Complaint.tenant_id, Photo.complaint_id == Complaint.id)
    listed = func.array_agg(aggregate_order_by(Photo.id, Photo.created_at, Photo.id))
    return select(listed).where(*mine, Photo.event_id.is_(None), *SHOWN).scalar_subquery()


def _expected() -> ColumnElement[Any]:
    """When a case is promised to be solved: the earliest such clock that runs."""
    mine = (DeadlineRow.tenant_id == Complaint.tenant_id, DeadlineRow.complaint_id == Complaint.id)
    running = (DeadlineRow.step == "resolve", DeadlineRow.done_at.is_(None))
    return select(func.min(DeadlineRow.due_at)).where(*mine, *running).scalar_subquery()


def _case(
    case_id: UUID,
    number: str,
    kind: Any,
    title: str,
    body: str,
    status: Any,
    category: str | None,
    address: str,
    lat: float | None,
    lng: float | None,
    agency_id: UUID | None,
    reason: str | None,
    received_at: datetime,
    updated_at: datetime,
    closed_at: datetime | None,
    expected_at: datetime | None,
    photos: Sequence[UUID] | None,
) -> PublicCase:
    return PublicCase(
        id=case_id,
        number=number,
        kind=kind,
        title=redact(title),
        body=redact(body),
        status=status,
        category_code=category or "",
        category=views.category_name(category),
        address=redact(address),
        lat=lat,
        lng=lng,
        agency=agency_ref(agency_id),
        reason=reason or "",
        received_at=received_at,
        updated_at=updated_at,
        closed_at=closed_at,
        expected_at=expected_at,
        photos=tuple(photos or ()),
    )


def _update(event: CaseEvent, number: str, photos: tuple[UUID, ...]) -> CaseUpdate:
    text = "" if event.type in PRIVATE_TEXT else redact(event.text)
    return CaseUpdate(
        id=event.id,
        number=number,
        type=event.type,
        at=event.at,
        status=cast(Any, event.to_status or "received"),
        text=text,
        reason_code=str(event.data.get("reason_code", "")),
        photos=photos,
        answers=tuple((str(each["label"]), str(each["text"])) for each in event.data.get("answers", ())),
    )
