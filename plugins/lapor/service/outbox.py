"""What other registers have to hear, written in the transaction in which it happened.

One row for a destination and a line of the timeline. Which destinations are meant is found by the same
statement that writes the rows: nothing is remembered between processes, so nothing can be missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from plugins.lapor.contracts.outside import Step
from plugins.lapor.models import Complaint
from plugins.lapor.service.kept.steps import WINDOW
from superapp.sdk import Actor, current_tenant, session

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
# that it is handed over to. What is not public (a reply) goes only to who has the case. Secret content goes
# nowhere but back to where it came from.
PUT = text(
    """
WITH meant AS (
    SELECT d.id, r.complaint_id IS NULL AS fresh,
        (d.agency_code <> '' AND d.agency_code = ANY(:owners)) AS handed, r.came_from_there
    FROM lapor.destination d
    LEFT JOIN lapor.outside_ref r ON r.tenant_id = d.tenant_id AND r.destination_id = d.id
        AND r.complaint_id = :complaint
    WHERE d.tenant_id = :tenant AND d.ended_at IS NULL AND d.id IS DISTINCT FROM CAST(:from AS uuid)
      AND ((d.agency_code <> '' AND d.agency_code = ANY(:owners))
        OR (r.complaint_id IS NOT NULL AND :step = ANY(d.steps)
            AND (:public OR r.owner OR r.came_from_there)))
      AND (NOT :secret OR coalesce(r.came_from_there, false))
), refs AS (
    INSERT INTO lapor.outside_ref AS o (tenant_id, destination_id, complaint_id, owner, made_at)
    SELECT :tenant, m.id, :complaint, true, :now FROM meant m WHERE m.handed ORDER BY m.id
    ON CONFLICT (tenant_id, destination_id, complaint_id) DO UPDATE SET owner = true
)
INSERT INTO lapor.parcel
    (tenant_id, destination_id, event_id, complaint_id, step, owner, state, made_at, due_at)
SELECT :tenant, m.id, :event, :complaint, CASE WHEN m.handed THEN 'new' ELSE :step END, m.handed,
    'waiting', :now, :due
FROM meant m ORDER BY m.id
ON CONFLICT DO NOTHING
"""
)
UNDO = text(
    """
WITH undone AS (
    UPDATE lapor.parcel SET state = 'dropped', cause_kind = 'undone'
    WHERE tenant_id = :tenant AND complaint_id = :complaint AND event_id = ANY(CAST(:events AS uuid[]))
      AND state = 'waiting'
    RETURNING destination_id, owner
)
UPDATE lapor.outside_ref r SET owner = false FROM undone u
WHERE r.tenant_id = :tenant AND r.complaint_id = :complaint AND r.destination_id = u.destination_id
  AND u.owner
"""
)
# A case whose first parcel never left is not known there.
FORGET = text(
    """
DELETE FROM lapor.outside_ref r
WHERE r.tenant_id = :tenant AND r.complaint_id = :complaint AND r.sent_at IS NULL AND r.foreign_id = ''
  AND NOT EXISTS (SELECT 1 FROM lapor.parcel p WHERE p.tenant_id = r.tenant_id
      AND p.destination_id = r.destination_id AND p.complaint_id = r.complaint_id AND p.state <> 'dropped')
"""
)
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
) -> None:
    """Write what registers have to hear of a line of `kind`. Belongs inside of the work that made it.

    `owners` are codes of the outside owners that the case is handed over to with this line. What an
    officer did waits the minute in which it may be taken back. Whistle-blowing leaves the house never.
    """
    step = STEPS.get(kind)
    if step is None or case.whistle or not (public or step == "reply"):
        return
    session().execute(
        PUT,
        {
            "tenant": current_tenant().id,
            "complaint": case.id,
            "event": event_id,
            "step": step,
            "owners": list(owners),
            "public": public,
            "secret": case.secret,
            "from": teller(),
            "now": moment,
            "due": moment + WINDOW if actor.kind == "officer" else moment,
        },
    )


def undo(complaint_id: UUID, event_ids: Sequence[UUID]) -> None:
    """Drop what these lines would have told; belongs inside of the work that takes them back."""
    given: dict[str, Any] = {
        "tenant": current_tenant().id,
        "complaint": complaint_id,
        "events": [str(each) for each in event_ids],
    }
    session().execute(UNDO, given)
    session().execute(FORGET, {"tenant": given["tenant"], "complaint": complaint_id})
