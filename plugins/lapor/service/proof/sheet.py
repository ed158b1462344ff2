"""What the page of a case shows of its proof."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from plugins.lapor import photos as pictures
from plugins.lapor.contracts.proof import ProofSheet
from plugins.lapor.models import CaseEvent, Complaint, Fingerprint, Photo, ProofFinding
from plugins.lapor.service import seen
from plugins.lapor.service.case import UNKNOWN, active_assignments
from plugins.lapor.service.proof import findings, papers
from superapp.sdk import NotFound, current_actor, session

USED = frozenset({"same_file", "same_picture", "before_is_after", "answered_again"})


def sheet(complaint_id: UUID) -> ProofSheet:
    """Photos before and after the answers, documents and findings, for the desk. Raises NotFound."""
    actor = current_actor()
    case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one_or_none()
    if case is None or not seen.may_read(
        actor, case, [each.agency_id for each in active_assignments(complaint_id)]
    ):
        raise NotFound(UNKNOWN)
    query = select(Photo).where(Photo.complaint_id == complaint_id)
    photos = session().scalars(query.order_by(Photo.created_at, Photo.id)).all()
    return ProofSheet(
        before=tuple(pictures.view(each) for each in photos if each.stage == "report"),
        after=tuple(pictures.view(each) for each in reversed(photos) if each.stage == "answer"),
        documents=papers.of_case(complaint_id),
        findings=findings.of_case(case, actor),
        unused=_unused(complaint_id, photos),
        no_work=_no_work(complaint_id),
    )


def _unused(complaint_id: UUID, photos: Sequence[Photo]) -> frozenset[UUID]:
    """Compared photos like which nothing was found, whoever asks: "never used" is not said of others."""
    compared = select(Fingerprint.photo_id).where(
        Fingerprint.complaint_id == complaint_id, Fingerprint.phash.is_not(None)
    )
    used = select(ProofFinding.photo_id).where(
        ProofFinding.complaint_id == complaint_id, ProofFinding.code.in_(USED)
    )
    return frozenset(session().scalars(compared)) - frozenset(session().scalars(used))


def _no_work(complaint_id: UUID) -> str:
    """The reason of the latest answer, when it claims no work."""
    query = select(CaseEvent.data).where(CaseEvent.complaint_id == complaint_id, CaseEvent.type == "answer")
    latest = session().scalars(query.order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(1)).first()
    return str((latest or {}).get("no_work", ""))
