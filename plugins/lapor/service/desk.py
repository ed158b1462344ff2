"""A case as an officer sees it, and opening the reporter's identity for a stated purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import Assignment, Contact, DeskView, Status, Suggestion
from plugins.lapor.hookspecs import lapor_status_map
from plugins.lapor.models import Assignment as AssignmentRow
from plugins.lapor.models import CaseEvent, Complaint, Reporter
from plugins.lapor.service import seen, views
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import UNKNOWN, active_assignments, draft_of, locked
from plugins.lapor.service.kept import steps
from plugins.lapor.service.reference import reference
from plugins.lapor.service.routing.route import Routed, suggestions
from plugins.lapor.service.validate import require
from plugins.lapor.states import TABLE, UNVERIFIED, allowed
from superapp.sdk import Actor, Forbidden, NotFound, ask, audit, current_actor, current_tenant, session, work


def desk_view(complaint_id: UUID) -> DeskView:
    """All that the actor may see. Raises NotFound, also for a case that is not theirs to see."""
    actor = current_actor()
    case = visible(complaint_id, actor)
    reporter = session().scalars(select(Reporter).where(Reporter.complaint_id == case.id)).one_or_none()
    contact = Contact(reporter.name, reporter.phone, reporter.email) if reporter else Contact()
    events = views.events_of(case.id)
    photos = views.photos_of(case.id)
    taken = views.taken_back(events)
    notes = [each for each in events if not each.public and each.id not in taken]
    category = reference().categories.get(case.category_code or "")
    return DeskView(
        id=case.id,
        case=views.public_part(case, masked=False),
        secret=case.secret,
        version=case.version,
        bounces=case.bounces,
        source_url=case.source_url,
        contact=contact if seen.may_know(actor, case) else None,
        has_contact=contact != Contact(),
        actions=actions_for(actor, cast(Status, case.status)),
        suggestions=_suggestions(case),
        assignments=_assignments(case.id),
        notes=tuple(views.item(each, photos, masked=False) for each in reversed(notes)),
        routing=case.routing,
        ownership_question=category.question if category else "",
        occurred_on=case.occurred_on,
        hold=_hold(case),
        outside=_outside(case),
    )


def visible(complaint_id: UUID, actor: Actor) -> Complaint:
    """The row when the actor may see it. Raises NotFound."""
    case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one_or_none()
    if case is None or not seen.may_see(
        actor, case, [each.agency_id for each in active_assignments(complaint_id)]
    ):
        raise NotFound(UNKNOWN)
    return case


def actions_for(actor: Actor, status: Status) -> tuple[str, ...]:
    """What this officer may do now, in the order of the state table."""
    return tuple(each for each in allowed(status, "officer") if actor.may(TABLE[status, each].permission))


def reveal(complaint_id: UUID, *, purpose: str) -> Contact:
    """Open who reported, for a purpose that is written down. Raises Forbidden without the right."""
    why = require("purpose", purpose, most=500)
    actor = current_actor()
    with work():
        case = locked(complaint_id)
        if not seen.may_see(actor, case, [each.agency_id for each in active_assignments(complaint_id)]):
            raise NotFound(UNKNOWN)
        if not actor.may(seen.IDENTITY):
            raise Forbidden()
        session().add(
            CaseEvent(
                complaint_id=case.id,
                type="reveal",
                from_status=case.status,
                to_status=case.status,
                actor_kind=actor.kind,
                actor_id=actor.id,
                actor_name=actor.name,
                agency_id=actor.agency_id,
                public=False,
                text=why,
            )
        )
        steps.cannot(case, "reveal", None, "Identitas yang sudah terlihat tidak bisa dilupakan.")
        audit.record("lapor.reveal", "complaint", case.id, number=case.number)
        reporter = session().scalars(select(Reporter).where(Reporter.complaint_id == case.id)).one()
    return Contact(reporter.name, reporter.phone, reporter.email)


def _suggestions(case: Complaint) -> tuple[Suggestion, ...]:
    if case.status not in UNVERIFIED | {"verified"}:
        return ()
    draft = draft_of(case)
    chosen = None
    if case.suggested_id is not None and case.status != "returned":
        chosen = Routed(_routing_of(case), case.suggested_id, str(case.routing.get("by", "lapor")))
    found = suggestions(draft, chosen, f"{case.title}\n{case.body}")
    returned: Mapping[str, Any] | None = case.routing.get("returned")
    if not returned:
        return found
    # The unit that said no is not offered again; the one it named stands first.
    named = agency_ref(case.suggested_id)
    rest = tuple(each for each in found if str(each.agency.id) != returned["by"] and each.agency != named)
    if named is None:
        return rest
    return (Suggestion(named, 2, (), f"Disebut oleh unit yang mengembalikan: {returned['reason']}"), *rest)[
        :3
    ]


def _routing_of(case: Complaint) -> Any:
    from plugins.lapor.contracts import Routing

    facts = case.routing
    return Routing(
        agency_code=str(facts.get("agency_code", "")),
        reason=str(facts.get("reason", "")),
        confidence=float(facts.get("confidence", 0)),
        words=tuple(facts.get("words", ())),
    )


def _assignments(complaint_id: UUID) -> tuple[Assignment, ...]:
    query = select(AssignmentRow).where(AssignmentRow.complaint_id == complaint_id)
    rows = session().scalars(query.order_by(AssignmentRow.assigned_at, AssignmentRow.id))
    return tuple(
        Assignment(row.id, ref, row.instruction, row.active, row.answered_at, row.assigned_at)
        for row in rows
        if (ref := agency_ref(row.agency_id)) is not None
    )


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
