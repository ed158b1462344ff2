"""A part of all closings goes to an auditor, drawn by a keyed hash: nobody can steer or repeat the draw.

The draw hangs on the case and the host's key alone. A case that was passed over once is passed over
when it closes again, and one that was drawn is drawn each time: closing it anew changes nothing.
Secret cases and those of whistle-blowers are not drawn, because auditors read none of them.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Done
from plugins.lapor.contracts.proof import AuditRow
from plugins.lapor.models import Audit, CaseEvent, Complaint
from plugins.lapor.service import seen
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import Change, changing, done, locked
from plugins.lapor.service.kept import steps
from plugins.lapor.service.proof import back
from plugins.lapor.service.validate import require
from plugins.lapor.settings import setting
from superapp.sdk import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    audit,
    current_actor,
    current_tenant,
    keyed,
    new_id,
    now,
    session,
    work,
)

AUDITS = "lapor.audit"
VERDICTS = ("genuine", "doubtful", "false")
SHOWN = 50
WHOLE = 16**12


def draw(change: Change, how: str, *, doubted: bool) -> None:
    """Put a closing into the auditor's queue when it was drawn, or closed by itself although doubted."""
    case = change.case
    if case.secret or case.whistle:
        return
    if doubted:
        _add(case, "finding", how, change.event_id)
    elif drawn(case.id):
        _add(case, "sample", how, change.event_id)


def drawn(complaint_id: UUID, rate: int | None = None) -> bool:
    """Whether a case belongs to the sample at a rate of `rate` percent, the tenant's own if not given."""
    share = int(keyed("lapor.audit", f"{current_tenant().id}:{complaint_id}")[:12], 16) / WHOLE
    return share < (_rate() if rate is None else rate) / 100


def add(case: Complaint, cause: str) -> None:
    """Put a closed case into the queue for a reason that came up later. Belongs inside of work()."""
    query = select(CaseEvent.id).where(CaseEvent.complaint_id == case.id, CaseEvent.to_status == "closed")
    closing = session().scalars(query.order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(1)).first()
    if closing is not None and not (case.secret or case.whistle):
        _add(case, cause, case.closed_how, closing)


def queue(*, judged: bool = False) -> tuple[AuditRow, ...]:
    """Closings that wait for a verdict, the oldest first; or those that have one, the newest first."""
    query = _listed().where(Audit.verdict != "" if judged else Audit.verdict == "")
    order = (Audit.judged_at.desc(), Audit.id.desc()) if judged else (Audit.drawn_at.asc(), Audit.id.asc())
    return tuple(_row(*row) for row in session().execute(query.order_by(*order).limit(SHOWN)))


def one(audit_id: UUID) -> AuditRow:
    """One drawn closing. Raises NotFound."""
    row = session().execute(_listed().where(Audit.id == audit_id)).one_or_none()
    if row is None:
        raise NotFound(_("Pemeriksaan ini tidak ada."))
    return _row(*row)


def waiting() -> int:
    """How many wait, at most SHOWN: the queue is short or somebody is to be told that it is not."""
    query = select(Audit.id).where(Audit.verdict == "").limit(SHOWN)
    return len(session().scalars(query).all())


def judge(audit_id: UUID, *, verdict: str, reason: str) -> Done:
    """Say whether a closing was genuine, doubtful or false, once. A false one goes back to its unit.

    Raises NotFound, Forbidden, Invalid naming the field, Conflict when there is a verdict already.
    """
    if verdict not in VERDICTS:
        raise Invalid(errors=[FieldError("verdict", _("Pilih asli, meragukan, atau palsu."), "choice")])
    why = require("reason", reason, most=2000)
    actor = current_actor()
    if not actor.may(AUDITS):
        raise Forbidden()
    with steps.one_batch(), work():
        found = one(audit_id)
        case = locked(found.complaint_id)
        row = session().scalars(select(Audit).where(Audit.id == audit_id).with_for_update()).one()
        if row.verdict:
            told = _("Oleh %(who)s: %(why)s", who=row.actor_name, why=row.reason)
            raise Conflict(_("Penutupan ini sudah diperiksa."), told)
        row.verdict, row.reason = verdict, why
        row.actor_id, row.actor_name, row.judged_at = actor.id, actor.name, now()
        audit.record("lapor.audit", "complaint", case.id, number=case.number, verdict=verdict)
        if verdict == "false" and case.status == "closed":
            false_closing(case.id, reason=why)
            steps.cannot(case, "false_closing", None, _("Putusan pemeriksaan tetap."))
        session().flush()
        return done(case)


def false_closing(complaint_id: UUID, *, version: int | None = None, reason: str) -> Done:
    """Say of any closed case that it is not solved, drawn or not. See `case.changing` for errors."""
    why = require("reason", reason, most=2000)
    with changing(complaint_id, "false_closing", version=version) as change:
        change.data = {"reason": why}
        back.give_again(change)
        back.count(change, "false")
    return change.done


def _add(case: Complaint, cause: str, how: str, event_id: UUID) -> None:
    values = {
        "tenant_id": current_tenant().id,
        "id": new_id(),
        "complaint_id": case.id,
        "event_id": event_id,
        "agency_id": case.agency_id,
        "cause": cause,
        "closed_how": how,
        "rate": _rate(),
        "drawn_at": now(),
    }
    query = insert(Audit).values(values)
    session().execute(query.on_conflict_do_nothing(index_elements=["tenant_id", "event_id"]))


def _listed() -> Select[Audit, Complaint]:
    query = select(Audit, Complaint).join(Complaint, Complaint.id == Audit.complaint_id)
    return query.where(seen.seen_by(current_actor()))


def _row(row: Audit, case: Complaint) -> AuditRow:
    return AuditRow(
        id=row.id,
        number=case.number,
        title=case.title,
        agency=agency_ref(row.agency_id),
        cause=cast(Any, row.cause),
        closed_how=row.closed_how,
        rate=row.rate,
        verdict=cast(Any, row.verdict),
        reason=row.reason,
        by=row.actor_name,
        drawn_at=row.drawn_at,
        judged_at=row.judged_at,
        complaint_id=case.id,
    )


def _rate() -> int:
    return int(str(setting("audit_rate")))
