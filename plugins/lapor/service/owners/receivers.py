"""Which units hear of what happened: each one that it concerns, once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from plugins.lapor.events import CaseChanged
from plugins.lapor.models import Assignment, CaseEvent, Complaint
from superapp.sdk import directory, session

Unit = directory.AgencyInfo


def of(case: Complaint, event: CaseChanged) -> list[tuple[Unit, bool]]:
    """The units of an event, each with True when it only gets a copy (tembusan).

    Of a disposition those that are new or have a new instruction; of a move the one that took over;
    of all else each unit that owns a part or works on it.
    """
    told = _line(event)
    held = select(Assignment).where(Assignment.complaint_id == case.id, Assignment.active)
    found = list(session().scalars(held.order_by(Assignment.assigned_at, Assignment.id)))
    if event.type in ("lapor.disposed", "lapor.moved") and told is not None:
        named = told.data.get("told") or [told.data.get("agency_code")]
        found = [each for each in found if _code(each.agency_id) in named]
    else:
        found = [each for each in found if each.role != "referral"]
    return [
        (unit, each.role == "referral")
        for each in found
        if (unit := directory.agencies().get(each.agency_id)) is not None
    ]


def onward(case: Complaint, event: CaseChanged) -> list[tuple[Unit, str]]:
    """Who hears of a part that went down or came up again, and what it was."""
    told = _line(event)
    if told is None:
        return []
    names = {
        "pass_on": told.data.get("agency"),
        "report_up": told.data.get("to"),
        "hand_up": told.data.get("to"),
    }
    known = {each.name: each for each in directory.agencies().values()}
    unit = known.get(str(names.get(told.type, "")))
    return [(unit, told.type)] if unit is not None and told.type in names else []


def _line(event: CaseChanged) -> CaseEvent | None:
    query = select(CaseEvent).where(CaseEvent.id == UUID(event.event_id)) if event.event_id else None
    return session().scalars(query).one_or_none() if query is not None else None


def _code(agency_id: UUID) -> str:
    found = directory.agencies().get(agency_id)
    return found.code if found else ""
