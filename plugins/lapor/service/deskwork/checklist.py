"""Ticking the items of a case's checklist."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.contracts.desk import CheckView
from plugins.lapor.models import CheckTick
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.service.kept import checks, images, steps
from superapp.sdk import NotFound, current_actor, now, session, work


def checklist(complaint_id: UUID) -> list[CheckView]:
    """The items that hold for a case today. Raises NotFound."""
    return checks.checklist(opened(complaint_id, "lapor.inbox", lock=False))


def tick(complaint_id: UUID, item_id: UUID, *, done: bool) -> None:
    """Tick an item, or take its tick away; either may be undone. Saying the same twice changes nothing.

    Raises NotFound for an item that is not on this case's list, Forbidden without the right to handle.
    """
    actor = current_actor()
    with work():
        case = opened(complaint_id, "lapor.handle")
        if item_id not in {each.id for each in checks.items_of(case)}:
            raise NotFound("Butir ini tidak ada pada daftar periksa laporan ini.")
        key = {"complaint_id": str(case.id), "item_id": str(item_id)}
        before = images.row_of("check_tick", key)
        if (before is not None) == done:
            return
        if before is not None:
            session().delete(session().get_one(CheckTick, (case.tenant_id, case.id, item_id)))
            change = images.removed("check_tick", before)
        else:
            row = CheckTick(complaint_id=case.id, item_id=item_id, officer_id=actor.id, at=now())
            row.actor_name, row.agency_id = actor.name, actor.agency_id
            session().add(row)
            change = images.added("check_tick", key)
        session().flush()
        steps.remember("rows", case, "tick" if done else "untick", None, [change])
