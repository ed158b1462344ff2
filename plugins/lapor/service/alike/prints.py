"""Keeping the marks of each report, so that the next one like it finds it within a second or two."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.models import Complaint, Likeness
from plugins.lapor.service.alike.marks import Marks, marks_of
from plugins.lapor.states import OPEN
from superapp.sdk import current_tenant, now, session, work

BATCH: Final = 500
ROUNDS: Final = 40
LOOK_BACK: Final = timedelta(days=120)


def keep(complaint_id: UUID) -> None:
    """Write the marks of a case as it stands now. A repeat changes nothing.

    A whistle-blower's case has none: nothing is ever found to be like it.
    """
    with work():
        case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one_or_none()
        if case is not None and case.whistle:
            session().execute(delete(Likeness).where(Likeness.complaint_id == case.id))
        elif case is not None:
            _write([case])


def mend() -> int:
    """Mark recent reports that have no marks; how many there were."""
    total = 0
    for _ in range(ROUNDS):
        with work():
            missing = (
                select(Complaint)
                .outerjoin(Likeness, Likeness.complaint_id == Complaint.id)
                .where(
                    Complaint.received_at > now() - LOOK_BACK,
                    Likeness.complaint_id.is_(None),
                    Complaint.whistle == "",
                )
            )
            found = session().scalars(missing.order_by(Complaint.received_at.desc()).limit(BATCH)).all()
            _write(found)
        total += len(found)
        if len(found) < BATCH:
            break
    return total


def row(case: Complaint) -> dict[str, Any]:
    """The columns of lapor.likeness for a case."""
    found: Marks = marks_of(case)
    facts = asdict(found)
    facts |= {"category_code": case.category_code, "received_at": facts.pop("at")}
    facts.pop("category")
    return {
        "tenant_id": current_tenant().id,
        "complaint_id": case.id,
        "live": case.status in OPEN,
        **facts,
    }


def _write(cases: Any) -> None:
    rows = [row(case) for case in cases]
    if not rows:
        return
    query = insert(Likeness).values(rows)
    fresh = {name: query.excluded[name] for name in rows[0] if name not in ("tenant_id", "complaint_id")}
    session().execute(query.on_conflict_do_update(index_elements=["tenant_id", "complaint_id"], set_=fresh))
