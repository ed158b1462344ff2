"""Opening a case for something that is no step of its life: a tick, a link, a draft, a look."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.models import Complaint
from plugins.lapor.service.case import UNKNOWN, active_assignments, locked
from plugins.lapor.service.desk import visible
from plugins.lapor.service.seen import may_see, may_step
from superapp.sdk import Forbidden, NotFound, current_actor


def opened(complaint_id: UUID, permission: str, *, lock: bool = True) -> Complaint:
    """The case, locked unless told otherwise. Raises NotFound when the actor may not see it, Forbidden.

    Locking is for those who handle it; without a lock also whoever may only read it comes in.
    """
    actor = current_actor()
    case = locked(complaint_id) if lock else visible(complaint_id, actor)
    if lock and not may_see(actor, case, [each.agency_id for each in active_assignments(complaint_id)]):
        raise NotFound(UNKNOWN)
    if not may_step(actor, case, permission):
        raise Forbidden()
    return case
