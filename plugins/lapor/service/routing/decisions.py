"""Officers' choices with what was suggested to them: the labels from which is learnt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from plugins.lapor.contracts import Suggestion
from plugins.lapor.models import Complaint, RoutingDecision, RoutingModel
from plugins.lapor.service.routing.version import active
from superapp.sdk import Actor, now, session


def record(
    case: Complaint,
    suggested: Sequence[Suggestion],
    actor: Actor,
    *,
    sure: float | None = None,
    reason: str = "",
) -> None:
    """Keep who leads the case now and which three were suggested; belongs inside of the work that hands over.

    A whistle-blower's case leaves no trace here.
    """
    chosen_id = case.agency_id
    if case.whistle or chosen_id is None:
        return
    ids = [each.agency.id for each in suggested[:3]]
    first = suggested[0] if suggested else None
    session().add(
        RoutingDecision(
            complaint_id=case.id,
            at=now(),
            how={"officer": "officer", "system": "system"}.get(actor.kind, "api"),
            source=first.source if first else "none",
            model_id=_model(),
            first_id=ids[0] if ids else None,
            second_id=ids[1] if len(ids) > 1 else None,
            third_id=ids[2] if len(ids) > 2 else None,
            strength=first.strength if first else 0,
            sure=sure if sure is not None else first.sure if first else 0.0,
            chosen_id=chosen_id,
            place=ids.index(chosen_id) + 1 if chosen_id in ids else 0,
            reason=reason,
        )
    )


def _model() -> UUID | None:
    """The version in use. Read by key, because this process's copy may name one that is gone."""
    version = active()
    if version is None:
        return None
    return session().scalar(select(RoutingModel.id).where(RoutingModel.id == version.id))


def latest(complaint_id: UUID) -> RoutingDecision | None:
    """The last decision on a case."""
    query = select(RoutingDecision).where(RoutingDecision.complaint_id == complaint_id)
    last = query.order_by(RoutingDecision.at.desc(), RoutingDecision.id.desc()).limit(1)
    return session().scalars(last).one_or_none()


def made_since(moment: datetime) -> int:
    """How many decisions people took after `moment`."""
    query = select(func.count()).select_from(RoutingDecision)
    return session().scalar(query.where(RoutingDecision.at > moment, RoutingDecision.how != "system")) or 0
