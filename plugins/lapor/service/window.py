"""Published cases and the public lines of their stories in a stretch of time, for other systems.

Each list walks one index and reads a bounded number of rows; personal numbers are masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from plugins.lapor.contracts.door import CaseUpdate, PublicCase, Window
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow, Photo
from plugins.lapor.service import views
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.boxes import IS_OPEN
from plugins.lapor.service.redact import redact
from plugins.lapor.service.views import PRIVATE_TEXT
from superapp.sdk import session

MOST = 1000


def public_cases(window: Window) -> list[PublicCase]:
    """The cases of a window, the newest first unless asked otherwise; at most 1,000."""
    moment = Complaint.received_at if window.by == "received" else Complaint.updated_at
    query = select(Complaint).where(Complaint.published, ~Complaint.secret)
    if window.numbers:
        query = query.where(Complaint.number.in_(window.numbers[:MOST]))
    else:
        query = query.where(moment.between(window.since, window.until), *_narrow(window))
    order = (moment, Complaint.id) if window.oldest_first else (moment.desc(), Complaint.id.desc())
    query = query.order_by(*order).offset(window.skip).limit(min(window.limit, MOST))
    rows = session().scalars(query).all()
    ids = [row.id for row in rows]
    photos, expected = _photos(Photo.complaint_id, ids, first=Photo.event_id.is_(None)), _expected(ids)
    return [_case(row, photos.get(row.id, ()), expected.get(row.id)) for row in rows]


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
    photos = _photos(Photo.event_id, [row[0].id for row in rows])
    return [_update(event, number, photos.get(event.id, ())) for event, number in rows]


def _narrow(window: Window) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if window.categories:
        found.append(Complaint.category_code.in_(window.categories))
    if window.is_open is not None:
        found.append(IS_OPEN if window.is_open else ~IS_OPEN)
    return found


def _photos(
    key: Any, ids: Sequence[UUID], first: ColumnElement[bool] | None = None
) -> dict[UUID, tuple[UUID, ...]]:
    """The pictures that everybody may see, by case or by line."""
    if not ids:
        return {}
    query = select(key, Photo.id).where(key.in_(ids), Photo.public, Photo.state == "ready")
    if first is not None:
        query = query.where(first)
    return _grouped(session().execute(query.order_by(Photo.created_at, Photo.id)).all())


def _grouped(pairs: Iterable[Any]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


def _expected(ids: Sequence[UUID]) -> dict[UUID, Any]:
    """When each case is promised to be solved: the earliest such clock that runs."""
    if not ids:
        return {}
    query = (
        select(DeadlineRow.complaint_id, func.min(DeadlineRow.due_at))
        .where(
            DeadlineRow.complaint_id.in_(ids), DeadlineRow.step == "resolve", DeadlineRow.done_at.is_(None)
        )
        .group_by(DeadlineRow.complaint_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def _case(row: Complaint, photos: tuple[UUID, ...], expected: Any) -> PublicCase:
    return PublicCase(
        id=row.id,
        number=row.number,
        kind=cast(Any, row.kind),
        title=redact(row.title),
        body=redact(row.body),
        status=cast(Any, row.status),
        category_code=row.category_code or "",
        category=views.category_name(row.category_code),
        address=redact(row.address),
        lat=row.lat,
        lng=row.lng,
        agency=agency_ref(row.agency_id or row.suggested_id),
        reason=str(row.routing.get("reason", "")),
        received_at=row.received_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        expected_at=expected,
        photos=photos,
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
