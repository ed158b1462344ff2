"""The suggestions that an officer sees on a case, and how often such a first one was right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from plugins.lapor.contracts import Evidence, Routing, Suggestion
from plugins.lapor.models import Complaint, RoutingDecision
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import draft_of
from plugins.lapor.service.routing.route import Routed, suggestions
from plugins.lapor.service.routing.version import active
from plugins.lapor.states import UNVERIFIED
from superapp.sdk import session

ENOUGH: Final = 20
LATEST: Final = 300


def shown(case: Complaint) -> tuple[Suggestion, ...]:
    """At most three, the best first; none once a unit has the case."""
    if case.status not in UNVERIFIED | {"verified"}:
        return ()
    chosen = None
    if case.suggested_id is not None and case.status != "returned":
        chosen = Routed(_routing_of(case), case.suggested_id, str(case.routing.get("by", "lapor")))
    found = suggestions(draft_of(case), chosen, f"{case.title}\n{case.body}")
    returned: Mapping[str, Any] | None = case.routing.get("returned")
    if not returned:
        return found
    # The unit that said no is not offered again; the one it named stands first.
    named = agency_ref(case.suggested_id)
    rest = tuple(each for each in found if str(each.agency.id) != returned["by"] and each.agency != named)
    if named is None:
        return rest
    why = f"Disebut oleh unit yang mengembalikan: {returned['reason']}"
    return (Suggestion(named, 2, (), why, "returned", 0.6), *rest)[:3]


def evidence(first: Suggestion) -> Evidence | None:
    """How often such a first suggestion was right; None while fewer than 20 cases tell.

    Such means: the same unit, by the same source, as strongly, among the latest 300 decisions. A new
    model has none yet; then its measure on later decisions that it had not learnt from is told.
    """
    alike = (
        select(RoutingDecision.first_id, Complaint.agency_id)
        .join(Complaint, Complaint.id == RoutingDecision.complaint_id)
        .where(
            RoutingDecision.first_id == first.agency.id,
            RoutingDecision.source == first.source,
            RoutingDecision.strength == first.strength,
            Complaint.agency_id.is_not(None),
        )
        .order_by(RoutingDecision.at.desc())
        .limit(LATEST)
    )
    rows = session().execute(alike).all()
    if len(rows) >= ENOUGH:
        return Evidence(len(rows), sum(row.first_id == row.agency_id for row in rows))
    if first.source != "model" or active() is None:
        return None
    from plugins.lapor.service.routing import learned

    found = learned.like_this(first.agency.code, first.sure)
    return Evidence(found.cases, found.right) if found.cases >= ENOUGH else None


def _routing_of(case: Complaint) -> Routing:
    facts = case.routing
    return Routing(
        agency_code=str(facts.get("agency_code", "")),
        reason=str(facts.get("reason", "")),
        confidence=float(facts.get("confidence", 0)),
        words=tuple(facts.get("words", ())),
        source=str(facts.get("source", "rule")),
    )
