"""Lists, counts and choices: what pages ask often, by key and never by counting rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, tuple_, union_all

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Box, CategoryView, Figures, Filters, InboxRow, Page, PublicRow
from plugins.lapor.hookspecs import lapor_categories
from plugins.lapor.models import Complaint
from plugins.lapor.service import boxes, counters, views
from plugins.lapor.service.agencies import agency_choices, agency_ref, short
from plugins.lapor.service.boxes import columns, counted, narrowed, parts
from plugins.lapor.service.case import UNKNOWN
from plugins.lapor.service.channels import channels
from plugins.lapor.service.cursor import decode, encode
from plugins.lapor.service.incident.counts import GATHERED
from plugins.lapor.service.redact import redact
from plugins.lapor.service.reference import reference, valid_on
from plugins.lapor.service.routing.guess import guess, view
from plugins.lapor.service.seen import read_by
from plugins.lapor.service.track import tidy_number
from plugins.lapor.states import UNVERIFIED
from superapp.sdk import (
    NotFound,
    ask,
    current_actor,
    current_tenant,
    now,
    session,
)

__all__ = [
    "agency_choices",
    "categories",
    "channels",
    "counts",
    "figures",
    "guess",
    "id_of",
    "inbox",
    "neighbours",
    "public_list",
]

MOST = 100
# The column that a list is ordered by, and whether it runs backwards.
ORDERS = {"": ("due_at", False), "new": ("received_at", True), "old": ("received_at", False)}
URGENT = "~"  # leads a cursor among the cases that come first


def id_of(number: str) -> UUID:
    """The id of a case that the actor may see. Raises NotFound otherwise."""
    query = select(Complaint.id).where(Complaint.number == tidy_number(number), read_by(current_actor()))
    found = session().scalars(query).one_or_none()
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def inbox(
    box: Box, filters: Filters = Filters(), cursor: str | None = None, limit: int = 25
) -> Page[InboxRow]:
    """A part of a box in the order of the filters, else the nearest due first.

    Open cases, or those of the state that was asked for.

    Raises BadRequest for a cursor that is none.
    """
    size = max(1, min(limit, MOST))
    name, backwards = ORDERS.get(filters.order, ORDERS[""])
    first, after = _place(cursor) if cursor else (True, None)
    if name == "due_at":
        asked = [_after(each, name, after if first else None) for each in _urgent(box, filters) if first]
        asked += [_after(each, name, None if first else after) for each in _others(box, filters)]
    else:
        asked = [
            _after(each, name, after, back=backwards)
            for each in (*_urgent(box, filters), *_others(box, filters))
        ]
    rows = _first(asked, name, size + 1, back=backwards)
    last = rows[size - 1] if len(rows) > size else None
    following = None
    if last is not None:
        following = _encode(getattr(last, name), last.id, urgent=name == "due_at" and last.priority)
    return Page(tuple(_inbox_row(row) for row in rows[:size]), following)


def _urgent(box: Box, filters: Filters) -> tuple[Select[Any], ...]:
    return (boxes.urgent(box, current_actor(), filters),)


def _others(box: Box, filters: Filters) -> tuple[Select[Any], ...]:
    return parts(box, current_actor(), filters)


def _after(
    query: Select[Any], name: str, place: tuple[datetime, UUID] | None, *, back: bool = False
) -> Select[Any]:
    keys = tuple_(getattr(Complaint, name), Complaint.id)
    return query.where(keys < place if back else keys > place) if place else query


def _first(asked: Sequence[Select[Any]], name: str, limit: int, *, back: bool = False) -> list[Any]:
    """The first rows of several queries together, in one round trip: each walks its own index.

    Ordered by due day, those that come first lead.
    """
    column = getattr(Complaint, name)
    order = (column.desc(), Complaint.id.desc()) if back else (column, Complaint.id)
    pieces = [each.order_by(*order).limit(limit).subquery() for each in asked]
    if not pieces:
        return []
    rows = session().execute(union_all(*(select(piece) for piece in pieces))).all()
    if name == "due_at":
        return sorted(rows, key=lambda row: (not row.priority, row.due_at, row.id))[:limit]
    return sorted(rows, key=lambda row: (getattr(row, name), row.id), reverse=back)[:limit]


def neighbours(complaint_id: UUID, box: Box) -> tuple[str | None, str | None]:
    """The numbers of the case before and the one after, in the order of a box."""
    here = select(Complaint.priority, Complaint.due_at).where(Complaint.id == complaint_id)
    found = session().execute(here).one_or_none()
    if found is None:
        return None, None
    urgent, place = bool(found.priority), (found.due_at, complaint_id)
    before = _beside(box, urgent=urgent, place=place, back=True)
    if before is None and not urgent:
        before = _beside(box, urgent=True, place=None, back=True)
    after = _beside(box, urgent=urgent, place=place, back=False)
    if after is None and urgent:
        after = _beside(box, urgent=False, place=None, back=False)
    return before, after


def _beside(box: Box, *, urgent: bool, place: tuple[datetime, UUID] | None, back: bool) -> str | None:
    """The number of the case next to `place`; without one that at the end (`back`) or the beginning."""
    keys = tuple_(Complaint.due_at, Complaint.id)
    rows: list[Any] = []
    order = (Complaint.due_at.desc(), Complaint.id.desc()) if back else (Complaint.due_at, Complaint.id)
    for part in _urgent(box, Filters()) if urgent else _others(box, Filters()):
        query = part.where(keys < place if back else keys > place) if place else part
        rows += session().execute(query.order_by(*order).limit(1))
    nearest = max(rows, key=_order, default=None) if back else min(rows, key=_order, default=None)
    return nearest.number if nearest is not None else None


def _order(row: Any) -> tuple[datetime, UUID]:
    return row.due_at, row.id


def counts() -> dict[Box, int]:
    """How many cases lie in each box of this actor, from the counters."""
    actor = current_actor()
    keys = {box: counted(box, actor) for box in get_args(Box)}
    values = counters.read({key for each in keys.values() for key in each})
    return {cast(Box, box): sum(values[key] for key in each) for box, each in keys.items()}


def public_list(filters: Filters = Filters(), cursor: str | None = None, limit: int = 20) -> Page[PublicRow]:
    """Published cases, the newest first; personal numbers are masked."""
    size = max(1, min(limit, MOST))
    query = narrowed(select(*columns()).where(Complaint.published), filters)
    if cursor:
        at, last = decode(cursor)
        query = query.where(tuple_(Complaint.received_at, Complaint.id) < (at, last))
    order = (Complaint.received_at.desc(), Complaint.id.desc())
    rows = session().execute(query.order_by(*order).limit(size + 1)).all()
    following = encode(rows[size - 1].received_at, rows[size - 1].id) if len(rows) > size else None
    return Page(tuple(_public_row(row) for row in rows[:size]), following)


def figures(months: int = 3) -> Figures:
    """What came in, what is open, and the share closed in time, over this month and those before it."""
    moment = now()
    keys: dict[str, list[str]] = {"received": [], "closed": [], "on_time": [], GATHERED: []}
    for back in range(months):
        year, month = divmod(moment.year * 12 + moment.month - 1 - back, 12)
        first = datetime(year, month + 1, 1, tzinfo=UTC)
        for what, found in keys.items():
            found.append(counters.month(first, what))
    opened = ["open", "open" + counters.HIDDEN]
    values = counters.read([*opened, *(key for found in keys.values() for key in found)])
    total = {what: sum(values[key] for key in found) for what, found in keys.items()}
    return Figures(
        received=total["received"],
        open=sum(values[key] for key in opened),
        closed=total["closed"],
        on_time=total["on_time"],
        months=months,
        incidents=max(0, total["received"] - total[GATHERED]),
    )


def categories() -> tuple[CategoryView, ...]:
    """What can be reported today, in the tenant's order; then what other plugins add."""
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    own = [view(each) for each in reference().categories.values() if valid_on(each, today)]
    known = {each.code for each in own}
    for answer in ask(lapor_categories, tenant=current_tenant()):
        own += [each for each in answer.value if each.code not in known]
    return tuple(own)


def _inbox_row(row: Any) -> InboxRow:
    decided = row.status not in UNVERIFIED | {"verified"}
    suggested = agency_ref(row.suggested_id)
    confidence = float(row.routing.get("confidence", 0)) if not row.routing.get("returned") else 0.6
    strength = 3 if confidence >= 0.85 else 2 if confidence >= 0.5 else 1
    return InboxRow(
        id=row.id,
        number=row.number,
        title=row.title,
        status=row.status,
        kind=row.kind,
        category=views.category_name(row.category_code),
        area=views.area_name(row.area_code),
        address=row.address,
        channel=row.channel,
        agency=agency_ref(row.agency_id),
        suggestion="" if decided or row.bounces >= 2 else short(suggested),
        strength=0 if decided or suggested is None or row.bounces >= 2 else strength,
        received_at=row.received_at,
        due_at=row.due_at,
        clock=views.chip_of(row),
        bounces=row.bounces,
        anonymous=row.anonymous,
        secret=row.secret,
        version=row.version,
        rung=row.rung,
        rung_who=row.rung_who,
        priority=row.priority,
        unsolved=row.unsolved,
        note=f"dikembalikan {row.bounces} kali"
        if row.bounces
        else f"ditanya: {row.question}"
        if row.question
        else "",
    )


def _public_row(row: Any) -> PublicRow:
    return PublicRow(
        number=row.number,
        title=redact(row.title),
        status=row.status,
        kind=row.kind,
        category=views.category_name(row.category_code),
        area=views.area_name(row.area_code),
        agency=agency_ref(row.agency_id or row.suggested_id),
        received_at=row.received_at,
        updated_at=row.updated_at,
        clock=views.chip_of(row),
    )


def _place(cursor: str) -> tuple[bool, tuple[datetime, UUID]]:
    """A cursor of the inbox: whether it stands among those that come first, and where."""
    urgent = cursor.startswith(URGENT)
    return urgent, decode(cursor.removeprefix(URGENT))


def _encode(moment: datetime, last: UUID, *, urgent: bool = False) -> str:
    return (URGENT if urgent else "") + encode(moment, last)
