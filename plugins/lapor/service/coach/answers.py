"""Answers to a category's questions: judged together, kept with the question as asked, shown later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from plugins.lapor import photos as pictures
from plugins.lapor.contracts import AnswerView, Question, TimelineItem, Upload
from plugins.lapor.models import AnswerRow
from plugins.lapor.service.coach.judge import FILES_MOST, Wrong, in_words, judge
from plugins.lapor.service.coach.rows import questions_of, today
from plugins.lapor.service.redact import redact
from superapp.sdk import FieldError, Invalid, current_actor, new_id, now, session

Files = Mapping[str, Sequence[Upload]]
NO_FILES: Files = {}
TEXT_MOST = 10_000  # of a line of the timeline


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers that may be kept: texts by question, pictures by question, questions without an answer."""

    texts: Mapping[Question, tuple[str, ...]]
    files: Mapping[Question, Sequence[Upload]]
    missing: tuple[Question, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.files)


def judged(
    category: str | None,
    given: Mapping[str, object],
    files: Files = NO_FILES,
    *,
    strict: bool = False,
    answered: frozenset[str] = frozenset(),
) -> Judged:
    """Read the answers to what `category` asks today; `answered` are codes that need no answer again.

    An answer to a question that is not asked is left out, or refused when `strict`. Raises Invalid
    naming each wrong one as `answers.<code>`. What is missing is told, not refused.
    """
    asked = {each.code: each for each in questions_of(category)}
    errors = [
        FieldError(
            f"answers.{_short(code)}", _("Pertanyaan ini tidak ada pada jenis laporan ini."), "unknown"
        )
        for code in {**given, **files}
        if strict and code not in asked
    ]
    texts: dict[Question, tuple[str, ...]] = {}
    kept: dict[Question, Sequence[Upload]] = {}
    missing = []
    for code, question in asked.items():
        found, wrong = _one(question, given.get(code), files.get(code, ()))
        errors += wrong
        if found:
            texts[question] = found
        elif question.kind == "file" and files.get(code) and not wrong:
            kept[question] = list(files[code])
        elif not wrong and code not in answered:
            missing.append(question)
    if errors:
        raise Invalid(errors=errors)
    return Judged(texts, kept, tuple(missing))


def demand(found: Judged, *, by_file: bool = True) -> None:
    """Raise Invalid naming each required question without an answer; `by_file` False leaves out files."""
    errors = [
        FieldError(f"answers.{each.code}", _("Jawab pertanyaan ini: %(label)s", label=each.label), "required")
        for each in found.missing
        if each.required and (by_file or each.kind != "file")
    ]
    if errors:
        raise Invalid(errors=errors)


def _one(
    question: Question, given: object, files: Sequence[Upload]
) -> tuple[tuple[str, ...], list[FieldError]]:
    """The texts of an answer and what is wrong with it; of a file only what is wrong."""
    field = f"answers.{question.code}"
    if question.kind == "file":
        most = min(FILES_MOST, int(question.high or FILES_MOST))
        least = int(question.low or 0)
        if files and not least <= len(files) <= most:
            return (), [
                FieldError(field, _("Kirim %(low)s sampai %(high)s foto.", low=max(1, least), high=most))
            ]
        try:
            pictures.inspect(files)
        except Invalid as error:
            return (), [FieldError(field, each.message, each.code) for each in error.errors]
        return (), [] if given in (None, "", [], [""]) else [_not_a_file(field)]
    try:
        return judge(question, given, today()), []
    except Wrong as wrong:
        return (), [FieldError(field, wrong.message, wrong.code)]


def _not_a_file(field: str) -> FieldError:
    return FieldError(field, _("Kirim jawaban ini sebagai foto."), "type")


def _short(code: object) -> str:
    """A code as it may be repeated in an error."""
    return "".join(sign for sign in str(code)[:40] if sign.isprintable()) or "?"


def keep(
    complaint_id: UUID, found: Judged, *, secret: bool, by: str = "", event_id: UUID | None = None
) -> list[str]:
    """Store answers with their questions as asked; earlier ones to the same stay, but are current no more.

    Belongs inside of work(). Gives the codes that were answered.
    """
    values = dict(found.texts)
    for question, files in found.files.items():
        public = question.public and not secret
        kept = pictures.keep(complaint_id, files, stage="report", public=public, event_id=event_id)
        values[question] = tuple(str(row.id) for row in kept)
    if not values:
        return []
    codes = [question.code for question in values]
    take_back(complaint_id, codes)
    session().add_all(
        AnswerRow(
            id=new_id(),
            complaint_id=complaint_id,
            question_id=question.id,
            code=question.code,
            version=question.version,
            asked=as_asked(question),
            value=list(value),
            public=question.public,
            current=True,
            answered_by=by or answerer(),
            answered_at=now(),
            event_id=event_id,
        )
        for question, value in values.items()
    )
    session().flush()
    return codes


def take_back(complaint_id: UUID, codes: Sequence[str]) -> None:
    """Let the answers to these questions be current no more; they stay on record."""
    mine = (AnswerRow.complaint_id == complaint_id, AnswerRow.code.in_(codes), AnswerRow.current)
    session().execute(update(AnswerRow).where(*mine).values(current=False))


def answerer() -> str:
    """Who answers, in a word: the reporter unless an officer or a program speaks."""
    kind = current_actor().kind
    return kind if kind in {"officer", "api"} else "reporter"


def as_asked(question: Question) -> dict[str, Any]:
    """The question as it stands now, to be shown with its answer for good."""
    return {
        "label": question.label,
        "help": question.help,
        "kind": question.kind,
        "options": list(question.options),
        "unit": question.unit,
        "required": question.required,
        "sort": question.sort,
    }


def of_case(complaint_id: UUID) -> tuple[AnswerView, ...]:
    """The current answers of a case, in the order in which they were asked."""
    query = select(AnswerRow).where(AnswerRow.complaint_id == complaint_id, AnswerRow.current)
    return tuple(sorted_views(session().scalars(query)))


def sorted_views(rows: Any) -> list[AnswerView]:
    """Rows as views, in the order of their questions."""
    ordered = sorted(rows, key=lambda row: (row.asked.get("sort", 0), row.code))
    return [view(row) for row in ordered]


def view(row: AnswerRow) -> AnswerView:
    """One answer as pages show it: with what was asked then, whatever is asked now."""
    asked = row.asked
    kind = str(asked.get("kind", "string"))
    value = tuple(row.value)
    return AnswerView(
        code=row.code,
        version=row.version,
        label=str(asked.get("label", row.code)),
        kind=cast(Any, kind),
        options=tuple(asked.get("options", ())),
        value=value,
        text=in_words(kind, value, str(asked.get("unit", ""))),
        public=row.public,
        by=row.answered_by,
        at=row.answered_at,
        photos=tuple(UUID(each) for each in value) if kind == "file" else (),
    )


def in_public(found: Judged) -> list[dict[str, str]]:
    """What everybody may read of these answers, with personal numbers masked: only of public questions."""
    return [
        {"label": question.label, "text": redact(in_words(question.kind, value, question.unit))}
        for question, value in sorted(found.texts.items(), key=lambda pair: (pair[0].sort, pair[0].code))
        if question.public
    ]


def public_of_case(complaint_id: UUID) -> list[dict[str, str]]:
    """The same of the answers that are kept."""
    return [
        {"label": each.label, "text": redact(each.text)}
        for each in of_case(complaint_id)
        if each.public and each.kind != "file"
    ]


def with_text(found: Judged, text: str) -> str:
    """Answers and words as one text of the timeline, each answer below its question."""
    lines = [
        f"{question.label} {in_words(question.kind, value, question.unit)}"
        for question, value in found.texts.items()
    ]
    lines += [
        f"{question.label} {in_words('file', [''] * len(files), '')}"
        for question, files in found.files.items()
    ]
    return "\n".join([*lines, *([text] if text else [])])[:TEXT_MOST]


def told_in(timeline: Iterable[TimelineItem]) -> list[Mapping[str, str]]:
    """The public answers as the newest line of a timeline tells them; [] when none does."""
    newest = next((item.data["answers"] for item in timeline if "answers" in item.data), ())
    return list(newest)
