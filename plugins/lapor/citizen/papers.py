"""Documents of an answer, for the reporter: listed on their page, handed out as downloads."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.contracts import PublicView, ReporterView
from plugins.lapor.contracts.proof import DocumentView
from plugins.lapor.downloads import pdf
from plugins.lapor.service.proof import papers
from superapp.sdk import public


def lines(case: PublicView, own: ReporterView | None) -> list[dict[str, str]]:
    """The documents of the reporter's own case; none for everybody else."""
    ticket = citizen_session.ticket_for(case.number) if own is not None else None
    found = papers.of_ticket(ticket) if ticket else ()
    return [_line(each, case.number) for each in found if each.state != "rejected"]


@public
def document(number: str, document_id: UUID) -> Response:
    """A document for the browser that holds the report's ticket, as a download without any rights."""
    return pdf(*papers.open_document(document_id, ticket=citizen_session.ticket_for(number) or ""))


def _line(each: DocumentView, number: str) -> dict[str, str]:
    if not each.open:
        return {"url": "", "about": str(_("Satu dokumen sedang diperiksa."))}
    pages = str(ngettext("%(num)s halaman", "%(num)s halaman", each.pages)) if each.pages else ""
    size = str(_("%(size)s KB", size=max(1, each.size // 1024)))
    url = url_for("lapor_citizen.document", number=number, document_id=each.id)
    return {"url": url, "about": ", ".join(part for part in (pages, size) if part)}
