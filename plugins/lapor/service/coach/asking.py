"""Waiting for the reporter: what was asked and until when, a reminder, and an end that is never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Question, Waiting
from plugins.lapor.models import AskedRow
from plugins.lapor.service import counters
from plugins.lapor.service.coach.rows import questions_of, today
from plugins.lapor.settings import setting
from superapp.sdk import FieldError, Invalid, session

if TYPE_CHECKING:
    from plugins.lapor.service.case import Change

TEXT_MAX = 2000
OUTCOMES: Mapping[str, str] = {
    "reply": "answered",
    "resume": "resumed",
    "archive": "archived",
    "withdraw": "withdrawn",
}


def begin(change: Change, text: str, codes: Sequence[str] = ()) -> AskedRow:
    """Note that the reporter was asked. Belongs inside of the change that stops the clocks."""
    row = AskedRow(
        complaint_id=change.case.id,
        codes=list(dict.fromkeys(codes)),
        text=text[:TEXT_MAX],
        asked_at=change.moment,
        due_on=today() + timedelta(days=int(str(setting("ask_days")))),
    )
    session().add(row)
    change.figures[counters.month(change.moment, "asked")] = 1
    return row


def finish(change: Change, action: str) -> None:
    """Note how a wait ended; nothing when there was none. An answer counts in the month's figures."""
    row = running(change.case.id)
    if row is None:
        return
    row.ended_at = max(change.moment, row.asked_at)
    row.outcome = OUTCOMES.get(action, "resumed")
    if row.outcome == "answered":
        change.figures[counters.month(change.moment, "replied")] = 1


def running(complaint_id: UUID) -> AskedRow | None:
    """The wait that has not ended, None when nobody waits for the reporter."""
    query = select(AskedRow).where(AskedRow.complaint_id == complaint_id, AskedRow.ended_at.is_(None))
    return session().scalars(query).one_or_none()


def waiting(complaint_id: UUID) -> Waiting | None:
    """The same as a value."""
    row = running(complaint_id)
    if row is None:
        return None
    return Waiting(tuple(row.codes), row.text, row.asked_at, row.due_on, row.reminded_at)


def wording(
    category: str | None, codes: Iterable[str], ready: Iterable[str], text: str
) -> tuple[str, list[str]]:
    """One text of the chosen questions, the ready sentences and what was typed; and the codes that exist.

    Raises Invalid when nothing was chosen and nothing typed, or a question is not this category's.
    """
    known: Mapping[str, Question] = {each.code: each for each in questions_of(category)}
    wanted = list(dict.fromkeys(codes))
    if unknown := [code for code in wanted if code not in known]:
        told = ", ".join(code[:40] for code in unknown[:3])
        raise Invalid(
            errors=[
                FieldError(
                    "question", _("Pertanyaan ini tidak berlaku lagi: %(codes)s.", codes=told), "unknown"
                )
            ]
        )
    lines = [known[code].label for code in wanted]
    lines += [each.strip() for each in dict.fromkeys((*ready, text)) if each.strip()]
    if not lines:
        raise Invalid(
            errors=[FieldError("question", _("Pilih pertanyaan, atau tulis pertanyaan Anda."), "required")]
        )
    return "\n".join(lines), wanted
