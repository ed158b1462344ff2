"""A case as an officer sees it: never who reported, only whether there is something to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import DeskView, Status
from plugins.lapor.hookspecs import lapor_status_map
from plugins.lapor.models import Assignment as AssignmentRow
from plugins.lapor.models import Complaint
from plugins.lapor.service import seen, views
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import LEAVING, UNKNOWN, active_assignments
from plugins.lapor.service.owners.parts import of_agency, whole_desk
from plugins.lapor.service.owners.views import assignments
from plugins.lapor.service.reference import reference
from plugins.lapor.service.shown import evidence, shown
from plugins.lapor.service.vault import people
from plugins.lapor.states import TABLE, allowed
from superapp.sdk import Actor, NotFound, ask, current_actor, current_tenant, session

OF_A_PART = frozenset({"progress", "answer", "give_back", "pass_on"})


def desk_view(complaint_id: UUID) -> DeskView:
    """All that the actor may see. Raises NotFound, also for a case that is not theirs to see."""
    actor = current_actor()
    case = visible(complaint_id, actor)
    acts = seen.may_see(actor, case, [each.agency_id for each in active_assignments(complaint_id)])
    events = views.events_of(case.id)
    photos = views.photos_of(case.id)
    taken = views.taken_back(events)
    notes = [each for each in events if not each.public and each.id not in taken]
    category = reference().categories.get(case.category_code or "")
    suggestions = shown(case)
    return DeskView(
        id=case.id,
        case=views.public_part(case, masked=False),
        secret=case.secret,
        version=case.version,
        bounces=case.bounces,
        priority=case.priority,
        climbed=case.climbed,
        unsolved=case.unsolved,
        source_url=case.source_url,
        contact=None,
        has_contact=people.has_contact(case.id),
        actions=actions_for(actor, case, active_assignments(case.id)) if acts else (),
        suggestions=suggestions,
        evidence=evidence(suggestions[0]) if suggestions else None,
        assignments=assignments(case, actor, events),
        open_returns=case.open_returns,
        notes=tuple(views.item(each, photos, masked=False) for each in reversed(notes)),
        routing=case.routing,
        ownership_question=category.question if category else "",
        occurred_on=case.occurred_on,
        hold=_hold(case),
        whistle=case.whistle,
        accused=agency_ref(case.accused_id),
        outside={} if case.whistle else _outside(case),
    )


def visible(complaint_id: UUID, actor: Actor) -> Complaint:
    """The row when the actor may see it. Raises NotFound."""
    case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one_or_none()
    if case is None or not seen.may_read(
        actor, case, [each.agency_id for each in active_assignments(complaint_id)]
    ):
        raise NotFound(UNKNOWN)
    return case


def actions_for(actor: Actor, case: Complaint, held: Sequence[AssignmentRow]) -> tuple[str, ...]:
    """What this officer may do now, in the order of the state table: with a part of the own unit, for the
    whole desk with any, with a copy nothing."""
    status, mine = cast(Status, case.status), of_agency(held, actor.agency_id)
    found = [
        each
        for each in allowed(status, "officer")
        if seen.may_step(actor, case, TABLE[status, each].permission)
        and not (case.whistle and each in LEAVING)
        and not (each == "answer" and case.climbed and not seen.may_step(actor, case, "lapor.dispose"))
    ]
    if not whole_desk(actor, case):
        if mine is not None and mine.role == "referral":
            return ()
        found = [each for each in found if mine is not None or each not in OF_A_PART]
    if mine is None or mine.role == "referral" or mine.outside:
        found = [each for each in found if each != "pass_on"]
    if not any(each.outside for each in held):
        found = [each for each in found if each != "hear"]
    return tuple(found)


def _hold(case: Complaint) -> Mapping[str, Any] | None:
    if case.status != "on_hold":
        return None
    until: date | None = case.hold_until
    return {
        "waiting_for": case.waiting_for,
        "question": case.question,
        "until": until,
        "from": case.held_from,
    }


def _outside(case: Complaint) -> dict[str, str]:
    """The state in the words of outside registers, by plugin."""
    answers = ask(lapor_status_map, tenant=current_tenant(), status=cast(Status, case.status))
    return {answer.plugin: answer.value for answer in answers}
