"""What stands behind `plugins.lapor.contracts.talk.TALK`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor import notices
from plugins.lapor import photos as pictures
from plugins.lapor.citizen.story import promise
from plugins.lapor.contracts import Draft, PublicView, ReporterView, Upload
from plugins.lapor.contracts.talk import Asks, Notice
from plugins.lapor.events import CaseChanged, Undone
from plugins.lapor.models import CaseEvent, Complaint
from plugins.lapor.queries import guess
from plugins.lapor.service import questions_of, reopen, validate
from plugins.lapor.service.coach import answers
from plugins.lapor.service.deskwork import corrections
from plugins.lapor.service.vault.letters import CLOSED
from plugins.lapor.settings import setting
from plugins.lapor.words import event_title, status_title
from superapp.sdk import Event, FieldError, Invalid, address, current_tenant, session

__all__ = ["guess", "notice", "questions_of", "reopen", "told", "wrong"]
TEXT_MOST = 300
ASKS: dict[str, Asks] = {"lapor.held": "answer", "lapor.reminded": "answer", "lapor.answered": "confirm"}


def wrong(draft: Draft, photos: Sequence[Upload] = ()) -> tuple[FieldError, ...]:
    """Everything that would make `submit` refuse this report as it stands; writes nothing."""
    found: list[FieldError] = []
    try:
        tidy = validate.tidy(draft)
        validate.check(tidy)
        answers.judged(tidy.category, tidy.answers)
    except Invalid as error:
        found += error.errors
    try:
        pictures.inspect(photos)
    except Invalid as error:
        found += error.errors
    return tuple(found)


def told(case: PublicView | ReporterView) -> str:
    """State, who has it and why, by when, and the newest word, as the tracking page says them."""
    own = isinstance(case, ReporterView)
    view = case.case if isinstance(case, ReporterView) else case
    lines = [f"{view.number}: {status_title(view.status)}.", _holder(view)]
    limit = promise(view)
    if limit is not None:
        told_days = f"{_('Batas waktu')}: {limit.day}, {limit.chip.text}. {limit.sentence}"
        lines.append(told_days)
    newest = next((each for each in view.timeline if each.text and (own or each.public)), None)
    if newest is not None:
        lines.append(f"{event_title(newest.type)}: {newest.text[:TEXT_MOST]}")
    return "\n".join(filter(None, lines))


def _holder(view: PublicView) -> str:
    if view.agency is None:
        return str(_("Sedang dicarikan unit yang berwenang")) + "."
    words = [f"{view.agency.name}."]
    if view.status == "received":
        words.append(str(_("Perkiraan, dipastikan setelah diperiksa.")))
    return " ".join([*words, view.routing_reason]).strip()


def notice(event: Event) -> Notice | None:
    """What a reporter is told of this event elsewhere than by mail; None when there is nothing to tell.

    Nothing for what the reporter did, and nothing for a step that an officer took back. Belongs inside
    of work().
    """
    if not isinstance(event, CaseChanged) or not setting("notify_reporter"):
        return None
    tenant = current_tenant()
    case = session().get(Complaint, (tenant.id, UUID(event.complaint_id)))
    words = _line(case, event) if case is not None else ""
    if case is None or not words:
        return None
    values = {} if case.secret else notices.words_of(tenant, case, event)
    line = CLOSED if case.secret else words.format(**values)
    values |= {"number": case.number, "link": address(f"/lapor/lacak/{case.number}"), "tenant": tenant.name}
    asks = ASKS.get(event.type, "")
    if (asks == "answer" and case.waiting_for != "reporter") or (
        asks == "confirm" and case.status != "answered"
    ):
        asks = ""
    return Notice(case.number, event.type, f"{case.number}: {line}", values, asks)


def _line(case: Complaint, event: CaseChanged) -> str:
    """The words with places for values; "" when this event is none of the reporter's news."""
    tenant = current_tenant()
    if isinstance(event, Undone):
        return corrections.correction(case) if corrections.heard(tenant, event) else ""
    words = notices.TO_REPORTER.get(event.type, "")
    step = session().get(CaseEvent, (tenant.id, UUID(event.event_id))) if event.event_id else None
    own = step is not None and step.actor_kind == "reporter"
    return "" if not words or own or corrections.withheld(event) else words
