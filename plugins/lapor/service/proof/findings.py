"""Suspicions as rows: written once by the worker, seen by the desk, resolved by the coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Done
from plugins.lapor.contracts.proof import FindingRow, FindingView
from plugins.lapor.models import CaseEvent, Complaint, ProofFinding
from plugins.lapor.service import seen
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import UNKNOWN, active_assignments, changing, done, locked
from plugins.lapor.service.kept import steps
from plugins.lapor.service.proof import audits, back
from plugins.lapor.service.proof.judge import Suspicion
from plugins.lapor.service.validate import require
from superapp.sdk import (
    Actor,
    Conflict,
    Forbidden,
    NotFound,
    audit,
    current_actor,
    current_tenant,
    new_id,
    now,
    session,
    work,
)

RESOLVES = "lapor.proof"
SHOWN = 100
HEAVY = ProofFinding.weight != "note"
IS_OPEN = ProofFinding.state == "open"
WEIGHTS = ("serious", "doubt", "note")


def write(
    complaint_id: UUID,
    suspicions: Iterable[Suspicion],
    *,
    photo_id: UUID | None = None,
    document_id: UUID | None = None,
) -> int:
    """Keep what was not kept yet; belongs inside of work(). Returns how many were new."""
    subject = cast(UUID, photo_id or document_id)
    rows: list[dict[str, Any]] = [
        {
            "tenant_id": current_tenant().id,
            "id": new_id(),
            "complaint_id": complaint_id,
            "photo_id": photo_id,
            "document_id": document_id,
            "other_id": each.other_id,
            "key": each.key(subject),
            "code": each.code,
            "weight": each.weight,
            "evidence": each.evidence,
            "state": "open",
            "created_at": now(),
        }
        for each in suspicions
    ]
    if not rows:
        return 0
    query = (
        insert(ProofFinding)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["tenant_id", "complaint_id", "key"])
    )
    return len(session().execute(query.returning(ProofFinding.id)).all())


def of_case(case: Complaint, actor: Actor) -> tuple[FindingView, ...]:
    """All findings of a case that the actor may see, the heaviest open ones first."""
    query = select(ProofFinding).where(ProofFinding.complaint_id == case.id)
    rows = session().scalars(query.order_by(ProofFinding.created_at, ProofFinding.id)).all()
    views = _views(rows, actor)
    return tuple(sorted(views, key=lambda each: (each.state != "open", WEIGHTS.index(each.weight))))


def waiting(limit: int = SHOWN) -> tuple[FindingRow, ...]:
    """Open findings that somebody has to judge, in the cases that the actor may see, the oldest first."""
    actor = current_actor()
    query = (
        select(ProofFinding, Complaint)
        .join(Complaint, Complaint.id == ProofFinding.complaint_id)
        .where(IS_OPEN, HEAVY, seen.seen_by(actor))
        .order_by(ProofFinding.created_at, ProofFinding.id)
    )
    rows = session().execute(query.limit(limit)).all()
    cases = {finding.id: case for finding, case in rows}
    return tuple(
        FindingRow(
            each,
            cases[each.id].number,
            cases[each.id].title,
            agency_ref(cases[each.id].agency_id),
        )
        for each in _views([finding for finding, _ in rows], actor)
    )


def blocks(complaint_id: UUID) -> bool:
    """True while a serious finding of the case is open: it does not close by itself then."""
    return bool(session().scalar(select(open_serious(complaint_id))))


def open_serious(complaint_id: Any) -> ColumnElement[bool]:
    """The same as a condition, for a case's id or the column that holds it."""
    return exists().where(
        ProofFinding.tenant_id == current_tenant().id,
        ProofFinding.complaint_id == complaint_id,
        ProofFinding.state == "open",
        ProofFinding.weight == "serious",
    )


def ever(complaint_id: UUID) -> bool:
    """True when anything but notes was ever found in the case."""
    query = select(ProofFinding.id).where(ProofFinding.complaint_id == complaint_id, HEAVY)
    return session().scalars(query.limit(1)).first() is not None


def resolve(
    complaint_id: UUID, finding_id: UUID, *, verdict: Literal["accepted", "rejected"], reason: str
) -> Done:
    """Decide on a finding: it is fine, or the proof is refused and an answered case goes back to its unit.

    Raises NotFound for a case or finding that the actor may not see, Conflict for one that is resolved,
    Forbidden without the right, Invalid without a reason.
    """
    why = require("reason", reason, most=2000)
    actor = current_actor()
    with steps.one_batch(), work():
        case = locked(complaint_id)
        if not seen.may_see(actor, case, [each.agency_id for each in active_assignments(complaint_id)]):
            raise NotFound(UNKNOWN)
        if not seen.may_step(actor, case, RESOLVES):
            raise Forbidden()
        row = _open_row(complaint_id, finding_id, actor)
        _settle(row, verdict, why, actor)
        if verdict == "rejected":
            _refuse(case, row, why, actor)
        line = _line(case, row, why, actor)
        session().add(line)
        steps.cannot(case, "finding", line.id, _("Keputusan atas bukti tetap; tulis keputusan baru."))
        audit.record(
            "lapor.finding", "complaint", case.id, number=case.number, finding=row.code, verdict=verdict
        )
        session().flush()
        return done(case)


def reject_proof(complaint_id: UUID, *, version: int | None = None, reason: str) -> Done:
    """Refuse the proof of an answer, found suspicious by a person or by the worker; the unit has it again.

    See `case.changing` for errors.
    """
    why = require("reason", reason, most=2000)
    with changing(complaint_id, "reject_proof", version=version) as change:
        change.data = {"reason": why}
        back.to_unit(change)
        back.count(change, "rejected")
    return change.done


def _refuse(case: Complaint, row: ProofFinding, why: str, actor: Actor) -> None:
    """One refusal decides on the whole picture; the unit gets an answered case again, at once."""
    others = select(ProofFinding).where(
        ProofFinding.complaint_id == case.id,
        IS_OPEN,
        ProofFinding.photo_id == row.photo_id
        if row.photo_id
        else ProofFinding.document_id == row.document_id,
    )
    for each in session().scalars(others):
        _settle(each, "rejected", why, actor)
    if case.status == "answered":
        reject_proof(case.id, reason=why)
    elif case.status == "closed":
        audits.add(case, "finding")


def _settle(row: ProofFinding, verdict: str, why: str, actor: Actor) -> None:
    row.state, row.reason = verdict, why
    row.actor_id, row.actor_name, row.resolved_at = actor.id, actor.name, now()


def _open_row(complaint_id: UUID, finding_id: UUID, actor: Actor) -> ProofFinding:
    query = select(ProofFinding).where(
        and_(ProofFinding.id == finding_id, ProofFinding.complaint_id == complaint_id)
    )
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None or not _views([row], actor):
        raise NotFound(_("Temuan ini tidak ada."))
    if row.state != "open":
        told = _("Oleh %(who)s: %(why)s", who=row.actor_name, why=row.reason)
        raise Conflict(_("Temuan ini sudah diputuskan."), told)
    return row


def _line(case: Complaint, row: ProofFinding, why: str, actor: Actor) -> CaseEvent:
    return CaseEvent(
        id=new_id(),
        complaint_id=case.id,
        type="finding",
        from_status=case.status,
        to_status=case.status,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        agency_id=actor.agency_id,
        public=False,
        text=why,
        data={"code": row.code, "verdict": row.state, "finding": str(row.id)},
    )


def _views(rows: Sequence[ProofFinding], actor: Actor) -> list[FindingView]:
    """What the actor may see of them.

    One that points to a secret case is for those alone who may open that case: that such a report
    holds this picture would tell its content. Of another unit's case only the number is left out.
    """
    others = _others({row.other_id for row in rows if row.other_id})
    found = []
    for row in rows:
        other = others.get(row.other_id) if row.other_id else None
        open_to = other is not None and seen.may_see(actor, *other)
        if other is not None and other[0].secret and not open_to:
            continue
        found.append(_view(row, other[0].number if other is not None and open_to else ""))
    return found


def _others(ids: set[UUID]) -> dict[UUID, tuple[Complaint, list[UUID]]]:
    if not ids:
        return {}
    cases = session().scalars(select(Complaint).where(Complaint.id.in_(ids))).all()
    return {case.id: (case, [each.agency_id for each in active_assignments(case.id)]) for case in cases}


def _view(row: ProofFinding, number: str) -> FindingView:
    return FindingView(
        id=row.id,
        code=row.code,
        weight=cast(Any, row.weight),
        state=cast(Any, row.state),
        photo_id=row.photo_id,
        document_id=row.document_id,
        evidence={**row.evidence, "elsewhere": row.other_id is not None},
        other=number,
        reason=row.reason,
        by=row.actor_name,
        at=row.created_at,
        resolved_at=row.resolved_at,
    )
