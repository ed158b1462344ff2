"""A line of a case's timeline that is no step of handling: the state stays, the version does not grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from plugins.lapor.models import CaseEvent, Complaint
from superapp.sdk import Actor, new_id, now, session


def write_line(
    case: Complaint,
    kind: str,
    *,
    actor: Actor | None = None,
    by: str = "system",
    text: str = "",
    data: Mapping[str, Any] | None = None,
    public: bool = False,
    event_id: UUID | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """Add a line of `kind`, by an `actor` or else by what `by` names. Belongs inside of work()."""
    line = CaseEvent(
        id=event_id or new_id(),
        complaint_id=case.id,
        type=kind,
        from_status=case.status,
        to_status=case.status,
        actor_kind=actor.kind if actor else by,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        agency_id=actor.agency_id if actor else None,
        public=public,
        text=text,
        data=dict(data or {}),
        at=at or now(),
    )
    session().add(line)
    return line
