"""Findings and documents at the desk: the list, decisions, downloads, and how the units' answers held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts import Done
from plugins.lapor.desk import evidence
from plugins.lapor.desk.case import draw, wanted_version
from plugins.lapor.desk.rows import short_number
from plugins.lapor.downloads import pdf
from plugins.lapor.service.proof import audits, figures, findings, papers
from superapp.sdk import Conflict, FieldError, Forbidden, Invalid, permit, render

MONTHS = 12


@permit("lapor.inbox")
def waiting() -> str:
    """Findings that nobody has decided on yet, in the cases that the actor may see."""
    rows = evidence.as_rows(findings.waiting())
    return render("lapor/desk/findings.html", rows=rows, most=findings.SHOWN)


@permit("lapor.proof")
def resolve(number: str, finding_id: UUID) -> Response:
    """Decide on a finding: fine, or the proof is refused."""
    action = f"finding-{finding_id.hex[-8:]}"
    verdict = request.form.get(f"{action}-verdict", "")

    def run(complaint_id: UUID) -> Done:
        if verdict not in {"accepted", "rejected"}:
            raise Invalid(errors=[FieldError("verdict", _("Pilih wajar atau tolak."), "choice")])
        return findings.resolve(
            complaint_id,
            finding_id,
            verdict=cast(Literal["accepted", "rejected"], verdict),
            reason=request.form.get(f"{action}-reason", ""),
        )

    said = {"accepted": _("temuan diterima sebagai wajar"), "rejected": _("bukti ditolak")}
    return _decide(number, action, run, said.get(verdict, ""))


@permit("lapor.proof")
def reject(number: str) -> Response:
    """Refuse the proof of an answer by one's own judgement."""

    def run(complaint_id: UUID) -> Done:
        reason = request.form.get("reject_proof-reason", "")
        return findings.reject_proof(complaint_id, version=wanted_version(), reason=reason)

    return _decide(number, "reject_proof", run, _("bukti ditolak, unit mengerjakan lagi"))


@permit("lapor.audit")
def doubt(number: str) -> Response:
    """Say of a closed case that it is not solved."""

    def run(complaint_id: UUID) -> Done:
        reason = request.form.get("false_closing-reason", "")
        return audits.false_closing(complaint_id, version=wanted_version(), reason=reason)

    return _decide(number, "false_closing", run, _("dibuka lagi, unit mengerjakan lagi"))


def _decide(number: str, action: str, run: Callable[[UUID], Done], said: str) -> Response:
    """Do it and go back to the proof; a refusal shows the page again with what was typed."""
    complaint_id = queries.id_of(number)
    try:
        run(complaint_id)
    except (Invalid, Conflict, Forbidden) as error:
        typed = {name: request.form[name] for name in request.form if name.startswith(f"{action}-")}
        return make_response(draw(complaint_id, error=error, action=action, typed=typed), error.status)
    flash(f"{short_number(number)}: {said}")
    return redirect(url_for(".case", number=number, _anchor="bukti"), 303)


@permit("lapor.inbox")
def document(document_id: UUID) -> Response:
    """A document of a case that the actor may see, as a download."""
    return pdf(*papers.open_document(document_id))


@permit("lapor.figures")
def units() -> str:
    """How the answers of each unit held over the last months."""
    return render("lapor/desk/units.html", rows=figures.by_unit(MONTHS), months=MONTHS)
