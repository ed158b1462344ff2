"""Documents of an answer: taken as they are, checked by the worker, handed out as downloads only.

Nothing in a PDF can be covered, so the public gets none: they are for the reporter and the desk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import exists, select

from plugins.lapor.contracts import Upload
from plugins.lapor.contracts.proof import DocumentView
from plugins.lapor.models import Complaint, Document, ProofFinding
from plugins.lapor.pictures import pdf
from plugins.lapor.service import codes, seen
from plugins.lapor.service.case import active_assignments
from plugins.lapor.service.track import opened_by
from superapp.sdk import (
    FieldError,
    Invalid,
    NotFound,
    current_actor,
    current_tenant,
    defer,
    new_id,
    now,
    session,
    storage,
)

MAX_DOCUMENTS = 3
MAX_CASE_DOCUMENTS = 20


def inspect(documents: Sequence[Upload]) -> None:
    """Raise Invalid naming each document that cannot be taken, by its place and file name."""
    words: dict[str, str] = {
        "empty": _("berkasnya kosong. Pilih dokumen lain."),
        "large": _("lebih dari 10 MB. Perkecil dahulu."),
        "other": _("bukan dokumen PDF."),
    }
    errors = []
    if len(documents) > MAX_DOCUMENTS:
        told = _("Paling banyak %(most)s dokumen sekali kirim.", most=MAX_DOCUMENTS)
        errors.append(FieldError("documents", told, "count"))
    for place, each in enumerate(documents[:MAX_DOCUMENTS], start=1):
        if wrong := pdf.fault(each.data):
            name = "".join(c for c in each.filename[:60] if c.isprintable())
            told = _("Dokumen %(place)s (%(name)s): %(wrong)s", place=place, name=name, wrong=words[wrong])
            errors.append(FieldError("documents", told, "document"))
    if errors:
        raise Invalid(errors=errors)


def keep(complaint_id: UUID, documents: Sequence[Upload], *, event_id: UUID) -> None:
    """Store inspected documents under names of our own and ask the worker to check them.

    Belongs inside of work(). Raises Invalid when the case has too many already.
    """
    if not documents:
        return
    before = session().scalars(select(Document.id).where(Document.complaint_id == complaint_id)).all()
    if len(before) + len(documents) > MAX_CASE_DOCUMENTS:
        told = _("Satu laporan memuat paling banyak %(most)s dokumen.", most=MAX_CASE_DOCUMENTS)
        raise Invalid(errors=[FieldError("documents", told, "count")])
    for each in documents:
        row = Document(
            id=new_id(),
            complaint_id=complaint_id,
            event_id=event_id,
            state="waiting",
            size=len(each.data),
            sha256=hashlib.sha256(each.data).digest(),
            file=storage.put("lapor_document", each.data, ".pdf"),
            created_at=now(),
        )
        session().add(row)
        defer("lapor.document", document_id=str(row.id))


def of_case(complaint_id: UUID) -> tuple[DocumentView, ...]:
    """All documents of a case, in the order they came."""
    query = select(Document, acts()).where(Document.complaint_id == complaint_id)
    rows = session().execute(query.order_by(Document.created_at, Document.id)).all()
    return tuple(_view(row, acting=bool(acting)) for row, acting in rows)


def of_ticket(ticket: str) -> tuple[DocumentView, ...]:
    """The documents of the case that a reporter's ticket opens. Raises NotFound for one that is not good."""
    return of_case(opened_by(ticket).id)


def acts() -> Any:
    """A condition on Document: something in it acts by itself, and nobody has said yet that it is fine."""
    return exists().where(
        ProofFinding.tenant_id == current_tenant().id,
        ProofFinding.complaint_id == Document.complaint_id,
        ProofFinding.document_id == Document.id,
        ProofFinding.weight == "serious",
        ProofFinding.state != "accepted",
    )


def open_document(document_id: UUID, *, ticket: str = "") -> tuple[bytes, str]:
    """A checked document and the name that it is saved under.

    For an officer who may see the case, and for the reporter unless something in it acts by itself.
    Raises NotFound otherwise.
    """
    query = select(Document, Complaint, acts()).join(Complaint, Complaint.id == Document.complaint_id)
    row = session().execute(query.where(Document.id == document_id)).one_or_none()
    if row is None or row[0].state != "ready" or not _may_open(row[1], ticket, acting=bool(row[2])):
        raise NotFound(_("Dokumen ini tidak ada."))
    return storage.read(row[0].file), f"bukti-{row[1].number}.pdf"


def _may_open(case: Complaint, ticket: str, *, acting: bool) -> bool:
    if ticket and codes.id_in(ticket) == case.id:
        return not acting and opened_by(ticket).id == case.id
    actor = current_actor()
    if actor.kind not in {"officer", "api", "system"} or not actor.may("lapor.inbox"):
        return False
    return seen.may_read(actor, case, [each.agency_id for each in active_assignments(case.id)])


def _view(row: Document, *, acting: bool) -> DocumentView:
    return DocumentView(
        id=row.id,
        state=cast(Any, row.state),
        reason=row.reason,
        size=row.size,
        pages=row.pages,
        at=row.created_at,
        open=row.state == "ready" and not acting,
    )
