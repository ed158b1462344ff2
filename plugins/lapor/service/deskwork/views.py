"""Saved views: box, filters and order under a name; one's own, the unit's, or the whole desk's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import and_, delete, func, literal, or_, select, union_all

from plugins.lapor.contracts import Box, Filters
from plugins.lapor.contracts.desk import ViewLink
from plugins.lapor.models import Complaint, FirstView, SavedView
from plugins.lapor.service.boxes import parts
from plugins.lapor.service.validate import require
from superapp.sdk import (
    Actor,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    current_actor,
    new_id,
    now,
    session,
    work,
)

SHARED: Final = ("own", "unit", "desk")
BOXES: Final = ("mine", "agency", "unverified", "overdue", "all")
KEPT: Final = ("category", "area", "channel", "status", "reporter", "order", "q")
MOST_OWN, SHOWN, PROBE = 30, 12, 25


def counted(found: Sequence[ViewLink]) -> dict[UUID, str]:
    """How many cases each view holds, exact up to 25, in one statement that never reads further."""
    if not found:
        return {}
    actor = current_actor()
    probes = []
    for each in found:
        box, filters = asked(each.query)
        for part in parts(box, actor, filters):
            named = part.with_only_columns(Complaint.id, literal(str(each.id)).label("view"))
            ordered = named.order_by(Complaint.due_at, Complaint.id)  # along the index of the list
            probe = ordered.limit(PROBE + 1).subquery()
            probes.append(select(probe.c.view, func.count().label("rows")).group_by(probe.c.view))
    total = dict.fromkeys((each.id for each in found), 0)
    for view, rows in session().execute(union_all(*probes)):
        total[UUID(view)] += rows
    return {key: f"{PROBE}+" if rows > PROBE else str(rows) for key, rows in total.items()}


def asked(query: Mapping[str, Any]) -> tuple[Box, Filters]:
    """A view's box and filters."""
    given = {name: str(query[name]) for name in KEPT if query.get(name)}
    search = given.pop("q", "")
    box = query.get("box", "all")
    return cast(Box, box if box in BOXES else "all"), Filters(**given, search=search)


def save(title: str, shared: str, query: Mapping[str, str], *, first: bool = False) -> UUID:
    """Keep what the list shows under a name. Raises Invalid, Conflict for the 31st own view."""
    name, actor = require("title", title, most=60), current_actor()
    if actor.id is None:
        raise Forbidden()
    if shared not in SHARED or (shared == "unit" and actor.agency_id is None):
        raise Invalid(errors=[FieldError("shared", "Pilih untuk siapa tampilan ini.", "choice")])
    if shared == "desk" and not actor.may("lapor.templates"):
        raise Forbidden("Tampilan untuk seluruh meja disimpan oleh koordinator.")
    kept = {key: value for key in ("box", *KEPT) if (value := str(query.get(key, ""))[:200])}
    with work() as unit:
        own = select(func.count()).select_from(SavedView).where(SavedView.officer_id == actor.id)
        if (unit.scalar(own) or 0) >= MOST_OWN:
            raise Conflict(f"Anda sudah punya {MOST_OWN} tampilan.", "Hapus satu yang tidak dipakai.")
        row = SavedView(id=new_id(), title=name, officer_id=actor.id, shared=shared, query=kept)
        row.agency_id, row.made_at = actor.agency_id, now()
        unit.add(row)
        unit.flush()
        if first:
            begin_with(row.id)
        return row.id


def remove(view_id: UUID) -> None:
    """Forget a view: one's own, or as coordinator any shared one. Raises NotFound."""
    actor = current_actor()
    with work() as unit:
        row = unit.scalars(select(SavedView).where(SavedView.id == view_id, _mine(actor))).one_or_none()
        if row is None:
            raise NotFound("Tampilan ini tidak ada.")
        if row.officer_id != actor.id and not actor.may("lapor.templates"):
            raise Forbidden("Tampilan ini milik rekan Anda.")
        unit.execute(delete(SavedView).where(SavedView.id == view_id))


def begin_with(view_id: UUID | None) -> None:
    """Let the actor's day begin with a view; None goes back to the usual box. Raises NotFound."""
    actor = current_actor()
    with work() as unit:
        unit.execute(delete(FirstView).where(FirstView.officer_id == actor.id))
        if view_id is None or actor.id is None:
            return
        known = unit.scalars(select(SavedView.id).where(SavedView.id == view_id, _mine(actor))).one_or_none()
        if known is None:
            raise NotFound("Tampilan ini tidak ada.")
        unit.add(FirstView(officer_id=actor.id, view_id=view_id))


def _mine(actor: Actor) -> Any:
    of_unit = and_(SavedView.shared == "unit", SavedView.agency_id == actor.agency_id)
    return or_(SavedView.officer_id == actor.id, SavedView.shared == "desk", of_unit)
