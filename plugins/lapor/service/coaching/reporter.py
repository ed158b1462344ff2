"""What the reporter's own page needs of questions, answers and corrections, in few round trips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from plugins.lapor.contracts import AnswerView, Question, Waiting
from plugins.lapor.models import Complaint
from plugins.lapor.service.coach import answers, asking
from plugins.lapor.service.coach.rows import questions_of
from plugins.lapor.service.coaching.correct import window_of
from superapp.sdk import session


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The answers given, what is asked today, what an officer waits for, and until when one may correct."""

    answers: tuple[AnswerView, ...]
    questions: tuple[Question, ...]
    waiting: Waiting | None
    correct_until: datetime | None


def own_page(number: str) -> OwnPage:
    """For the case of this number, whose ticket the caller has checked."""
    case = session().scalars(select(Complaint).where(Complaint.number == number)).one()
    return OwnPage(
        answers.of_case(case.id),
        questions_of(case.category_code),
        asking.waiting(case.id) if case.status == "on_hold" else None,
        window_of(case),
    )
