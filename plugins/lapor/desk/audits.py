"""The auditor's queue: closings that were drawn, each looked at side by side and judged once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import service
from plugins.lapor.contracts.proof import AuditRow
from plugins.lapor.desk import evidence, story
from plugins.lapor.service.proof import audits
from superapp.sdk import AppError, Conflict, Invalid, current_actor, permit, render


@permit("lapor.audit")
def queue() -> str:
    """What waits for a verdict, and what was judged last."""
    return render(
        "lapor/desk/audits.html",
        waiting=[line(each) for each in audits.queue()],
        judged=[line(each) for each in audits.queue(judged=True)],
        most=audits.SHOWN,
    )


@permit("lapor.audit")
def one(audit_id: UUID) -> str:
    """One closing: what was reported, what was answered, the photos side by side."""
    return _page(audit_id)


@permit("lapor.audit")
def judge(audit_id: UUID) -> Response:
    """Genuine, doubtful or false, with a reason."""
    typed = {name: request.form.get(name, "") for name in ("verdict", "reason")}
    try:
        done = audits.judge(audit_id, verdict=typed["verdict"], reason=typed["reason"])
    except (Invalid, Conflict) as error:
        return make_response(_page(audit_id, error, typed), error.status)
    flash(f"{done.number}: {verdicts()[typed['verdict']][1]}")
    return redirect(url_for(".audits"), 303)


def verdicts() -> dict[str, tuple[str, str]]:
    """Each verdict: as a choice, and as what was decided."""
    return {
        "genuine": (_("Asli, pekerjaannya nyata"), _("dinilai asli")),
        "doubtful": (_("Meragukan, perlu dicek di lapangan"), _("dinilai meragukan")),
        "false": (_("Palsu, belum dikerjakan"), _("dinilai palsu, unit mengerjakan lagi")),
    }


def line(row: AuditRow) -> dict[str, Any]:
    """A row of either list."""
    causes = {"sample": _("terundi, %(rate)s%% penutupan", rate=row.rate), "finding": _("punya temuan")}
    how = {"confirmed": _("dipastikan pelapor"), "automatic": _("ditutup otomatis")}
    return {
        "url": url_for(".audit", audit_id=row.id),
        "number": row.number,
        "title": row.title,
        "agency": row.agency.name if row.agency else _("tanpa unit"),
        "cause": causes[row.cause],
        "how": how.get(row.closed_how, row.closed_how),
        "when": story.hour(row.drawn_at),
        "verdict": verdicts()[row.verdict][1] if row.verdict else "",
        "reason": row.reason,
        "by": row.by,
        "judged": story.hour(row.judged_at) if row.judged_at else "",
    }


def _page(audit_id: UUID, error: AppError | None = None, typed: dict[str, str] | None = None) -> str:
    actor, row = current_actor(), audits.one(audit_id)
    view = service.desk_view(row.complaint_id)
    errors = error.errors if error else ()
    return render(
        "lapor/desk/audit.html",
        row=line(row),
        view=view,
        case=view.case,
        p=evidence.proof_facts(view, actor),
        facts=[*story.facts(view), *evidence.facts(view)],
        timeline=story.steps(view),
        choices=[(code, words[0]) for code, words in verdicts().items()],
        form_url=url_for(".judge", audit_id=audit_id),
        error=error,
        wrong={each.field: each.message for each in errors},
        summary=[{"field": each.field, "message": each.message} for each in errors],
        typed=typed or {},
    )
