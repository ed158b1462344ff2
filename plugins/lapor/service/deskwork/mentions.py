"""Notes that name the reader's unit or role ("Sebutan")."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from plugins.lapor.contracts.desk import MentionView
from plugins.lapor.models import CaseEvent, Complaint, Mention
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.seen import read_by, seen_by
from superapp.sdk import Actor, current_actor, now, session, work

PAGE = 30


def mentions(before: datetime | None = None) -> list[MentionView]:
    """The newest first, those before a moment when one is given.

    A case that the reader may not open shows its number alone, and only to a unit that was named: a
    coordinator can open it. A role sees what it may open.
    """
    actor, same = current_actor(), Mention.tenant_id == Complaint.tenant_id
    query = (
        select(Mention, Complaint.number, Complaint.title, CaseEvent, read_by(actor).label("opened"))
        .join(Complaint, and_(same, Complaint.id == Mention.complaint_id))
        .join(CaseEvent, and_(CaseEvent.tenant_id == Mention.tenant_id, CaseEvent.id == Mention.event_id))
        .where(Mention.id.in_(_newest(actor, before)), or_(Mention.agency_id.is_not(None), seen_by(actor)))
    )
    rows = session().execute(query.order_by(Mention.at.desc(), Mention.id.desc()).limit(PAGE))
    return [_view(*row) for row in rows]


def _newest(actor: Actor, before: datetime | None) -> list[UUID]:
    """The ids of a page, each way of being named along its own index."""
    found: list[tuple[datetime, UUID]] = []
    for way in _ways(actor):
        query = select(Mention.at, Mention.id).where(way)
        query = query.where(Mention.at < before) if before is not None else query
        order = (Mention.at.desc(), Mention.id.desc())
        found += [(row.at, row.id) for row in session().execute(query.order_by(*order).limit(PAGE))]
    return [mention_id for _at, mention_id in sorted(found, reverse=True)[:PAGE]]


def _ways(actor: Actor) -> list[ColumnElement[bool]]:
    ways = [and_(Mention.role != "", Mention.role == role) for role in dict.fromkeys(actor.roles) if role]
    return [*ways, Mention.agency_id == actor.agency_id] if actor.agency_id else ways


def read(complaint_id: UUID | None = None) -> None:
    """Mark what names the actor as read: on one case, or all."""
    with work() as unit:
        fresh = update(Mention).where(_to(current_actor()), Mention.read_at.is_(None))
        if complaint_id is not None:
            fresh = fresh.where(Mention.complaint_id == complaint_id)
        unit.execute(fresh.values(read_at=now()))


def _to(actor: Actor) -> ColumnElement[bool]:
    of_role = and_(Mention.role != "", Mention.role.in_(actor.roles))
    return or_(Mention.agency_id == actor.agency_id, of_role) if actor.agency_id else of_role


def _view(row: Mention, number: str, title: str, event: CaseEvent, opened: Any) -> MentionView:
    unit = agency_ref(event.agency_id)
    by = unit.name if unit else event.actor_name
    is_open = bool(opened)
    return MentionView(
        row.id,
        number,
        title if is_open else "",
        event.text if is_open else "",
        by,
        row.at,
        row.read_at is not None,
        is_open,
    )
