"""Asking the reporter by one tap, reminding, and what happens when no answer comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import format_date
from flask_babel import gettext as _

from plugins.lapor.contracts import Done, Hint, Question
from plugins.lapor.events import Reminded
from plugins.lapor.models import AskedRow
from plugins.lapor.service import counters
from plugins.lapor.service.case import locked
from plugins.lapor.service.coach import asking, reasons
from plugins.lapor.service.coach.answers import of_case
from plugins.lapor.service.coach.hints import hints
from plugins.lapor.service.coach.rows import built_in_reasons, questions_of, reasons_of, today
from plugins.lapor.service.desk import visible
from plugins.lapor.service.handle import hold, resume
from plugins.lapor.service.line import write_line
from plugins.lapor.service.reference import reference
from plugins.lapor.service.triage import archive
from plugins.lapor.settings import setting
from superapp.sdk import Conflict, current_actor, emit, new_id, now, session, work

HINTS_MOST = 5


def ask(
    complaint_id: UUID,
    *,
    version: int | None = None,
    codes: Iterable[str] = (),
    ready: Iterable[str] = (),
    text: str = "",
) -> Done:
    """Ask the category's questions, ready sentences and own words at once; the clocks stop.

    Raises Invalid when there is nothing to ask, and what `handle.hold` raises.
    """
    category = visible(complaint_id, current_actor()).category_code
    worded, wanted = asking.wording(category, codes, ready, text)
    return hold(
        complaint_id,
        version=version,
        reason=str(_("Menunggu jawaban pelapor")),
        waiting_for="reporter",
        question=worded,
        codes=wanted,
    )


def ready_questions(complaint_id: UUID) -> tuple[tuple[Question, ...], tuple[Hint, ...]]:
    """What an officer may ask with one tap: questions without an answer, sentences for what is lacking."""
    case = visible(complaint_id, current_actor())
    answered = {each.code for each in of_case(case.id)}
    missing = tuple(each for each in questions_of(case.category_code) if each.code not in answered)
    placed = bool(case.address or case.area_code or case.lat is not None)
    found = [
        each
        for each in hints(f"{case.title}\n{case.body}", case.category_code, placed=placed, most=HINTS_MOST)
        if each.question
    ]
    known = reference().categories.get(case.category_code or "")
    if known is not None and known.question:
        found.insert(0, Hint("owner", known.question, known.question))
    return missing, tuple(found)


def remind(complaint_id: UUID) -> None:
    """Ask the reporter once more, with a line in the timeline. Nothing once the answer came."""
    with work():
        case = locked(complaint_id)
        row = asking.running(complaint_id)
        if row is None or row.reminded_at is not None or not is_due_for_reminder(row):
            return
        row.reminded_at = now()
        event_id = new_id()
        told = {"until": row.due_on.isoformat()}
        write_line(case, "remind", data=told, public=True, event_id=event_id, at=row.reminded_at)
        session().flush()
        emit(Reminded(str(case.id), case.number, case.status, str(event_id)))


def is_due_for_reminder(row: AskedRow) -> bool:
    """True when the reporter was silent for as long as the government lets pass before it reminds."""
    return row.asked_at + timedelta(days=int(str(setting("ask_remind_days")))) <= now()


def give_up(complaint_id: UUID) -> Done:
    """The time for an answer is over: run on without it, or archive with the reason; both are told.

    Raises Conflict before its time, or when nobody waits for the reporter.
    """
    with work():
        locked(complaint_id)
        row = asking.running(complaint_id)
        if row is None or row.due_on > today():
            raise Conflict(_("Pelapor masih punya waktu untuk menjawab."))
        if setting("ask_then") == "archive":
            return _archive(complaint_id)
        day = format_date(row.due_on, "EEEE, d MMMM")
        told = _("Pelapor belum menjawab sampai %(day)s. Kami lanjutkan tanpa jawaban.", day=day)
        return resume(complaint_id, text=str(told))


def _archive(complaint_id: UUID) -> Done:
    """With the government's own reason for it, or the one that comes with LAPOR."""
    own = any(each.code == reasons.INCOMPLETE for each in reasons_of("archive"))
    listed = next(each for each in built_in_reasons() if each.code == reasons.INCOMPLETE)
    if own:
        return archive(complaint_id, reason_code=reasons.INCOMPLETE)
    first = reasons_of("archive")[0].code
    return archive(complaint_id, reason_code=first, rule=listed.rule, remedy=listed.remedy)


def figures(month_of: datetime) -> dict[str, int]:
    """Of one month: how often reporters were asked, answered, and were archived as incomplete."""
    keys = {name: counters.month(month_of, name) for name in ("asked", "replied", "incomplete")}
    values = counters.read(keys.values())
    return {name: values[key] for name, key in keys.items()}
