"""What changed on a case since somebody opened a form: told to the one who comes second."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts.desk import Since
from plugins.lapor.models import CaseEvent, UndoEntry
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.reference import reference
from plugins.lapor.service.views import area_name, taken_back
from superapp.sdk import session

MOST = 20
SHOWN = ("status", "agency_id", "category_code", "area_code", "kind", "hold_until", "question")


def since(complaint_id: UUID, version: int) -> Since:
    """The steps after `version`, the newest first, and the columns that people read, before and now.

    The steps are known exactly when the first of them was an officer's; the timeline tells the others.
    """
    query = select(UndoEntry).where(
        UndoEntry.complaint_id == complaint_id, UndoEntry.kind == "case", UndoEntry.version > version
    )
    entries = list(session().scalars(query.order_by(UndoEntry.id)))
    first = entries[0].event_id if entries else None
    told = select(CaseEvent).where(CaseEvent.complaint_id == complaint_id)
    told = told.where(CaseEvent.id >= first) if first else told
    newest = told.order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(MOST if first else 1)
    events = list(session().scalars(newest))
    gone = taken_back(events)
    steps = tuple(
        (each.type, _by(each), each.at, "" if each.id in gone else each.text)
        for each in events
        if each.type != "reveal"
    )
    return Since(steps, _columns(entries))


def _columns(entries: list[UndoEntry]) -> dict[str, tuple[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for entry in entries:
        for change in entry.changes:
            if change["table"] != "complaint" or not change["before"] or not change["after"]:
                continue
            for name in SHOWN:
                if name in change["after"]:
                    before.setdefault(name, _say(name, change["before"].get(name)))
                    after[name] = _say(name, change["after"][name])
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _say(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name == "agency_id":
        unit = agency_ref(UUID(str(value)))
        return unit.name if unit else ""
    if name == "category_code":
        found = reference().categories.get(str(value))
        return found.name if found else str(value)
    return area_name(str(value)) if name == "area_code" else str(value)


def _by(event: CaseEvent) -> str:
    unit = agency_ref(event.agency_id)
    return unit.name if unit else event.actor_name or ("Pelapor" if event.actor_kind == "reporter" else "")
