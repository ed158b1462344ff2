"""What other registers have to hear, written in the transaction in which it happened.

One row for a destination and a line of the timeline. Which destinations are meant is found by the same
statement that writes the rows: nothing is remembered between processes, so nothing can be missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import text

from plugins.lapor.contracts.outside import Step
from plugins.lapor.models import Complaint
from plugins.lapor.service.kept.steps import WINDOW
from superapp.sdk import Actor, Conflict, current_tenant, session

# A line of the timeline, and what it is for a register. What is missing here concerns nobody outside.
STEPS: Final[dict[str, Step]] = {
    "received": "new",
    "verify": "verified",
    "dispose": "disposed",
    "forward": "disposed",
    "give_back": "returned",
    "hold": "held",
    "resume": "progress",
    "progress": "progress",
    "part_answer": "progress",
    "hear": "progress",
    "answer": "answer",
    "heard_answer": "answer",
    "solved": "closed",
    "autoclose": "closed",
    "unsolved": "reopened",
    "reopen": "reopened",
    "reject_proof": "reopened",
    "false_closing": "reopened",
    "archive": "archived",
    "withdraw": "withdrawn",
    "reply": "reply",
    "correct": "corrected",
}
# Who is meant: every register that knows the case and tells this step, and for those of `:owners`
# that it is handed over to. Who gets copies and does not know the case yet (its kind was corrected, it is
# secret no more, the connection was cut for a time) hears of it with its next public step. What is not
# public (a reply) goes only to who has the case. Secret content goes nowhere but back to where it came from.
# Those of `:lost`, from whom the case was taken, have it no more.
PUT = text(
    """
WITH meant AS (
    SELECT d.id, r.complaint_id IS NULL AS fresh,
        (d.agency_code <> '' AND d.agency_code = ANY(:owners)) AS handed
    FROM lapor.destination d
    LEFT JOIN lapor.outside_ref r ON r.tenant_id = d.tenant_id AND r.destination_id = d.id
        AND r.complaint_id = :complaint
    WHERE d.tenant_id = :tenant AND d.ended_at IS NULL AND d.id IS DISTINCT FROM CAST(:from AS uuid)
      AND ((d.agency_code <> '' AND d.agency_code = ANY(:owners))
        OR (r.complaint_id IS NOT NULL AND CAST(:step AS text) = ANY(d.steps)
            AND (:public OR r.owner OR r.came_from_there))
        OR (r.complaint_id IS NULL AND :public AND d.created_at <= :received
            AND (d.takes = 'all' OR (d.takes = 'categories' AND :category = ANY(d.categories)))))
      AND (NOT :secret OR coalesce(r.came_from_there, false))
), refs AS (
    INSERT INTO lapor.outside_ref AS o (tenant_id, destination_id, complaint_id, owner, made_at)
    SELECT :tenant, m.id, :complaint, m.handed, :now FROM meant m WHERE m.handed OR m.fresh ORDER BY m.id
    ON CONFLICT (tenant_id, destination_id, complaint_id) DO UPDATE SET owner = o.owner OR excluded.owner
), gone AS (
    UPDATE lapor.outside_ref r SET owner = false FROM lapor.destination d
    WHERE r.tenant_id = :tenant AND r.complaint_id = :complaint AND r.owner
      AND d.tenant_id = r.tenant_id AND d.id = r.destination_id
      AND d.agency_code = ANY(:lost) AND NOT d.agency_code = ANY(:owners)
)
INSERT INTO lapor.parcel
    (tenant_id, destination_id, event_id, complaint_id, step, owner, state, made_at, due_at)
SELECT :tenant, m.id, :event, :complaint,
    CASE WHEN m.handed OR m.fresh THEN 'new' ELSE :step END, m.handed, 'waiting', :now, :due
FROM meant m ORDER BY m.id
ON CONFLICT DO NOTHING
"""
)
UNDO = text(
    """
UPDATE lapor.parcel SET state = 'dropped', cause_kind = 'undone'
WHERE tenant_id = :tenant AND complaint_id = :complaint AND event_id = ANY(CAST(:events AS uuid[]))
  AND state IN ('waiting', 'dead')
"""
)
# Who has the case follows from its parts, which stand again as they were.
OWNED = text(
    """
UPDATE lapor.outside_ref r SET owner = d.agency_code = ANY(:holders)
FROM lapor.destination d
WHERE r.tenant_id = :tenant AND r.complaint_id = :complaint
  AND d.tenant_id = r.tenant_id AND d.id = r.destination_id AND d.ended_at IS NULL
"""
)
GONE = text(
    """
SELECT 1 FROM lapor.parcel
WHERE tenant_id = :tenant AND complaint_id = :complaint AND event_id = ANY(CAST(:events AS uuid[]))
  AND state IN ('sending', 'sent', 'unsure') LIMIT 1
"""
)
# A case whose first parcel never left is not known there.
FORGET = text(
    """
DELETE FROM lapor.outside_ref r
WHERE r.tenant_id = :tenant AND r.sent_at IS NULL AND r.foreign_id = ''
  AND (r.complaint_id = CAST(:complaint AS uuid) OR r.destination_id = CAST(:destination AS uuid))
  AND NOT EXISTS (SELECT 1 FROM lapor.parcel p WHERE p.tenant_id = r.tenant_id
      AND p.destination_id = r.destination_id AND p.complaint_id = r.complaint_id AND p.state <> 'dropped')
"""
)
# What an officer did waits until it cannot be undone any more, and a little, because clocks are read twice.
HELD_BACK: Final = WINDOW + timedelta(seconds=5)
_from: ContextVar[UUID | None] = ContextVar("lapor_outside_from", default=None)


@contextmanager
def heard_from(destination_id: UUID) -> Iterator[None]:
    """What happens inside was told by this register, which need not hear of it again."""
    mark = _from.set(destination_id)
    try:
        yield
    finally:
        _from.reset(mark)


def teller() -> UUID | None:
    """The register whose news are being taken in; None when none is."""
    return _from.get()


def put(
    case: Complaint,
    kind: str,
    event_id: UUID,
    moment: datetime,
    actor: Actor,
    *,
    public: bool,
    owners: Sequence[str] = (),
    lost: Sequence[str] = (),
) -> None:
    """Write what registers have to hear of a line of `kind`. Belongs inside of the work that made it.

    `owners` are codes of the outside owners that the case is handed over to with this line, `lost` those
    from whom it was taken. Whistle-blowing leaves the house never.
    """
    step = STEPS.get(kind)
    told = step is not None and (public or step == "reply")
    if case.whistle or not (told or owners or lost):
        return
    session().execute(
        PUT,
        {
            "tenant": current_tenant().id,
            "complaint": case.id,
            "event": event_id,
            "step": step if told else None,
            "owners": list(owners),
            "lost": list(lost),
            "public": public and told,
            "secret": case.secret,
            "category": case.category_code or "",
            "received": case.received_at,
            "from": teller(),
            "now": moment,
            "due": moment + HELD_BACK if actor.kind == "officer" else moment,
        },
    )


def undo(complaint_id: UUID, event_ids: Sequence[UUID], *, holders: Sequence[str]) -> None:
    """Drop what these lines would have told; belongs inside of the work that takes them back.

    `holders` are codes of the outside owners that have the case after that. Raises Conflict when an
    officer has keyed one of the lines in over there already.
    """
    given: dict[str, Any] = {
        "tenant": current_tenant().id,
        "complaint": complaint_id,
        "events": [str(each) for each in event_ids],
        "holders": list(holders),
    }
    if session().execute(GONE, given).first() is not None:
        raise Conflict(
            _("Langkah ini tidak bisa diurungkan."), _("Sistem lain sudah menerimanya. Pakai langkah baru.")
        )
    session().execute(UNDO, given)
    session().execute(FORGET, {"tenant": given["tenant"], "complaint": complaint_id, "destination": None})


def forget_unheard(destination_id: UUID) -> None:
    """Forget the cases of which a register never heard; belongs inside of the work that ends it."""
    session().execute(
        FORGET, {"tenant": current_tenant().id, "complaint": None, "destination": destination_id}
    )
