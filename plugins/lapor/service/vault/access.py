"""Who looked at whom: one line for each look, search and wish, read by the reporter and by the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.models import Complaint, VaultAccess
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.ways import ways_of
from superapp.sdk import current_actor, session

What = Literal["open", "search", "ask", "grant", "refuse", "copy", "erase", "send"]


@dataclass(frozen=True, slots=True)
class Look:
    """One line: what was done, when, in which role of which unit, and why. Never who, never a value."""

    what: What
    at: datetime
    role: str
    unit: str
    purpose: str
    number: str = ""

    @property
    def by(self) -> str:
        """The role and its unit, once when they are called the same."""
        return ", ".join(dict.fromkeys(part for part in (self.role, self.unit) if part))


def note(what: What, complaint_id: UUID | None, purpose: str = "") -> None:
    """Add a line for the actor; belongs inside of work(), with the deed itself."""
    actor = current_actor()
    session().add(
        VaultAccess(
            complaint_id=complaint_id,
            what=what,
            actor_id=actor.id,
            role=actor.name,
            agency_id=actor.agency_id,
            purpose=purpose,
        )
    )


def looks_at(complaint_id: UUID) -> tuple[Look, ...]:
    """All lines about one case, the newest first, as its reporter reads them."""
    query = select(VaultAccess).where(VaultAccess.complaint_id == complaint_id)
    rows = session().scalars(query.order_by(VaultAccess.at.desc(), VaultAccess.id.desc()))
    return tuple(_look(row) for row in rows)


def latest(most: int = 100) -> Sequence[Look]:
    """The newest lines of the government, for an auditor; whistle-blowers' only for who investigates."""
    ways = ways_of(current_actor())
    query = (
        select(VaultAccess, Complaint.number)
        .outerjoin(Complaint, Complaint.id == VaultAccess.complaint_id)
        .where(VaultAccess.complaint_id.is_(None) | Complaint.whistle.in_(("", *ways)))
    )
    rows = session().execute(query.order_by(VaultAccess.at.desc(), VaultAccess.id.desc()).limit(most))
    return [_look(row, number or "") for row, number in rows]


def _look(row: VaultAccess, number: str = "") -> Look:
    unit = agency_ref(row.agency_id)
    return Look(row.what, row.at, row.role, unit.name if unit else "", row.purpose, number)  # type: ignore[arg-type]
