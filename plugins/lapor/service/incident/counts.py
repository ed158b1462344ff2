"""Incidents and reports counted apart: how many incidents run, and which reports another one leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from plugins.lapor.models import Complaint, Incident
from plugins.lapor.service import counters
from plugins.lapor.service.case import active_assignments
from plugins.lapor.service.seen import ALL, SECRET
from superapp.sdk import Actor, session

GATHERED: Final = "gathered"
BOX: Final = "incidents"


def counted(actor: Actor) -> list[str]:
    """The counters that say how many incidents run; none for one who sees the cases of a unit only."""
    if not actor.may(ALL):
        return []
    return [BOX, BOX + counters.HIDDEN] if actor.may(SECRET) else [BOX]


def open_among(incidents: set[UUID]) -> Counter[str]:
    """What these incidents add to the counters of open ones; secret ones apart."""
    query = select(Incident.secret).where(
        Incident.id.in_(incidents), Incident.ended_at.is_(None), Incident.dissolved_at.is_(None)
    )
    session().flush()
    return Counter(BOX + (counters.HIDDEN if secret else "") for secret in session().scalars(query))


def running() -> Counter[str]:
    """What the counters of open incidents should hold, from the rows themselves."""
    query = select(Incident.secret, func.count()).where(
        Incident.ended_at.is_(None), Incident.dissolved_at.is_(None)
    )
    rows = session().execute(query.group_by(Incident.secret))
    return Counter({BOX + (counters.HIDDEN if secret else ""): count for secret, count in rows})


def change_open(incidents: set[UUID], before: Counter[str]) -> None:
    """Count what changed since `before`."""
    after = open_among(incidents)
    counters.add({key: after[key] - before[key] for key in {*after, *before}})


def of(ids: Sequence[UUID], incidents: set[UUID], *, boxes: bool = False) -> Counter[str]:
    """What these cases and incidents add to the counters as they stand now: open incidents, and reports
    that another one leads, by the month they came in; with `boxes` those of the desk too."""
    found = open_among(incidents)
    query = (
        select(Complaint, Incident.lead_id)
        .outerjoin(Incident, Incident.id == Complaint.incident_id)
        .where(Complaint.id.in_(ids))
    )
    for case, lead_id in session().execute(query, execution_options={"populate_existing": True}):
        if boxes:
            found.update(counters.boxes(case, active_assignments(case.id)))
        if lead_id is not None and lead_id != case.id:
            found[counters.month(case.received_at, GATHERED)] += 1
    return found


def change(ids: Sequence[UUID], incidents: set[UUID], before: Counter[str], *, boxes: bool = False) -> None:
    session().flush()
    after = of(ids, incidents, boxes=boxes)
    counters.add({key: after[key] - before[key] for key in {*after, *before}})
