"""What the desk sees of questions and answers on a case, and asks the reporter with one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from plugins.lapor import service
from plugins.lapor.contracts import AnswerView, DeskView, Done
from plugins.lapor.desk import story
from plugins.lapor.service.coach.answers import of_case
from plugins.lapor.service.coaching.correct import revisions_of
from plugins.lapor.service.coaching.wait import ready_questions

READY_MOST = 20
NAMED = 2  # questions without an answer that are named; the others are counted


def answer_facts(view: DeskView) -> Mapping[str, Any] | None:
    """Answers, the labels of what is not answered, earlier texts; None when there is nothing of it."""
    asked = {each.code: each for each in service.questions_of(view.case.category_code or None)}
    answers, revisions = of_case(view.id), revisions_of(view.id)
    known = {each.code for each in answers}
    missing = [each for each in asked.values() if each.code not in known]
    missing.sort(key=lambda each: not each.required)
    if not (answers or revisions or missing):
        return None
    return {
        "answers": [_shown(each, asked.get(each.code)) for each in answers],
        "missing": [each.label for each in missing[:NAMED]],
        "more": len(missing[NAMED:]),
        "revisions": [
            {
                "number": each.number,
                "when": story.hour(each.at),
                "title": each.title,
                "body": each.body,
                "category": each.category,
                "place": each.place,
                "answers": list(each.answers),
            }
            for each in revisions
        ],
    }


def _shown(answer: AnswerView, now_asked: Any) -> dict[str, Any]:
    """An answer, marked when its question is asked differently today, or not at all."""
    old = now_asked is None or (now_asked.label, now_asked.options) != (answer.label, answer.options)
    return {
        "label": answer.label,
        "text": answer.text,
        "photos": answer.photos,
        "public": answer.public,
        "old": old,
    }


def ready(view: DeskView) -> dict[str, Any]:
    """What can be asked with one tap: questions of the category, then sentences for what the text lacks."""
    missing, sentences = ready_questions(view.id)
    return {
        "ask_questions": [(each.code, each.label) for each in missing],
        "ask_sentences": [each.question for each in sentences],
    }


def ask(complaint_id: UUID, version: int) -> Done:
    """Ask what was chosen and typed in the form of the case."""
    form = request.form
    return service.ask(
        complaint_id,
        version=version,
        codes=form.getlist("ask-code")[:READY_MOST],
        ready=form.getlist("ask-ready")[:READY_MOST],
        text=form.get("ask-question", ""),
    )
