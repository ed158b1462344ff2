"""Answered cases with drawn photos, for the tests of proof."""

from __future__ import annotations

from datetime import UTC, datetime

from lapor_reports import draft
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Receipt, Upload
from plugins.lapor.models import Complaint, Photo
from plugins.lapor.service.proof.sheet import sheet
from plugins.lapor.tests import proof_scenes as scenes
from superapp.sdk import session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10.00 WITA
HERE = (-8.7343, 115.2351)  # where the report of lapor_reports lies


def photo(picture: object, **told: object) -> Upload:
    return Upload("foto.jpg", scenes.saved(picture, **told))  # type: ignore[arg-type]


def reported(acting, *photos: Upload, **changes: object) -> Receipt:
    """A report that lies with DLHK."""
    with acting():
        receipt = service.submit(draft(**changes), photos)
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    return receipt


def answered(acting, worker, *photos: Upload, before: tuple[Upload, ...] = (), **changes: object) -> Receipt:
    """A report that DLHK answered with these photos, looked at by the worker."""
    receipt = reported(acting, *before, **changes)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sudah diangkut.", photos=photos)
    worker()
    return receipt


def found(receipt: Receipt) -> dict[str, str]:
    """Code -> weight of what the actor sees of a case's findings, notes left out."""
    return {each.code: each.weight for each in sheet(receipt.id).findings if each.weight != "note"}


def row(receipt: Receipt) -> Complaint:
    return session().scalars(select(Complaint).where(Complaint.id == receipt.id)).one()


def photo_row(receipt: Receipt, stage: str = "answer") -> Photo:
    query = select(Photo).where(Photo.complaint_id == receipt.id, Photo.stage == stage)
    return session().scalars(query.order_by(Photo.created_at)).first()
