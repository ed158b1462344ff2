"""Who may see a case: the whole desk, its units, the one who entered it. Others get 404, not 403.

A whistle-blower's case is outside of all this: only who investigates it sees it (`ways`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from plugins.lapor.models import Assignment, Complaint
from plugins.lapor.service import mention
from plugins.lapor.service.ways import ways_of
from superapp.sdk import Actor

ALL, SECRET, IDENTITY = "lapor.all", "lapor.secret", "lapor.identity"


def may_see(actor: Actor, case: Complaint, assigned: Iterable[UUID]) -> bool:
    """True when the actor may open this case. `assigned` are the units that have it now."""
    if actor.kind == "system":
        return True
    if case.whistle:
        return case.whistle in ways_of(actor)
    mine = actor.agency_id is not None and (
        actor.agency_id == case.agency_id or actor.agency_id in set(assigned)
    )
    if case.secret:
        return mine or (actor.may(ALL) and actor.may(SECRET))
    entered = actor.id is not None and actor.id == case.entered_by
    return mine or entered or actor.may(ALL) or _in_area(actor, case.area_code)


def may_read(actor: Actor, case: Complaint, assigned: Iterable[UUID]) -> bool:
    """True when the actor may open this case, be it only to read it because a note names the unit."""
    return may_see(actor, case, assigned) or mention.is_opened_to(actor, case)


def read_by(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Complaint; lists hold what the actor has to do, so not these."""
    return or_(seen_by(actor), mention.opened_to(actor)) if actor.agency_id else seen_by(actor)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Complaint."""
    if actor.kind == "system":
        return true()
    ways = ways_of(actor)
    return or_(seen_plainly(actor), Complaint.whistle.in_(ways)) if ways else seen_plainly(actor)


def seen_plainly(actor: Actor) -> ColumnElement[bool]:
    """The same without whistle-blowers' cases, whoever asks; the system still sees all."""
    return true() if actor.kind == "system" else and_(Complaint.whistle == "", _seen_plain(actor))


def may_step(actor: Actor, case: Complaint, permission: str) -> bool:
    """True when the actor may take a step that needs `permission`; who investigates a case may take all."""
    return actor.may(permission) or (bool(case.whistle) and case.whistle in ways_of(actor))


def _seen_plain(actor: Actor) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = false()
    if actor.agency_id is not None:
        assigned = select(Assignment.complaint_id).where(
            Assignment.active, Assignment.agency_id == actor.agency_id
        )
        mine = or_(Complaint.agency_id == actor.agency_id, Complaint.id.in_(assigned))
    if actor.may(ALL):
        return true() if actor.may(SECRET) else or_(~Complaint.secret, mine)
    open_ways: list[Any] = [Complaint.area_code == code for code in actor.area_codes]
    open_ways += [Complaint.area_code.startswith(f"{code}.", autoescape=True) for code in actor.area_codes]
    if actor.id is not None:
        open_ways.append(Complaint.entered_by == actor.id)
    return or_(mine, and_(~Complaint.secret, or_(false(), *open_ways)))


def _in_area(actor: Actor, area: str | None) -> bool:
    return area is not None and any(area == code or area.startswith(f"{code}.") for code in actor.area_codes)
