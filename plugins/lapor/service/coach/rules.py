"""Changing what a kind of matter asks: judged like a row of questions.csv; what was asked stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from plugins.lapor.contracts import Question
from plugins.lapor.models import AnswerRow, QuestionRow
from plugins.lapor.service import reference
from plugins.lapor.service.coach.judge import FILES_MOST, LINE_MAX, TEXT_MAX, decimal
from plugins.lapor.service.coach.judge import Wrong as NoNumber
from plugins.lapor.service.coach.rows import covers, rows, today
from plugins.lapor.service.validate import clean, fault
from superapp.sdk import Conflict, FieldError, Invalid, NotFound, audit, new_id, session, work

MANAGE = "lapor.rules"
KINDS = ("string", "text", "number", "date", "choice", "several", "file")
LABEL_MAX, HELP_MAX, UNIT_MAX, OPTION_MAX, OPTIONS_MOST = 200, 500, 30, 100, 50
CONTENT = (
    "kind",
    "label",
    "help",
    "options",
    "required",
    "public",
    "sort",
    "low",
    "high",
    "unit",
    "document",
)


def faults(values: Mapping[str, Any]) -> Iterator[FieldError]:
    """What is wrong with one question, by its field; nothing when it may be asked."""
    lengths = (("label", LABEL_MAX), ("help", HELP_MAX), ("unit", UNIT_MAX))
    for name, most in lengths:
        if len(values[name]) > most:
            yield FieldError(name, _("Paling panjang %(count)s huruf.", count=most), "length")
    options = list(values["options"])
    if values["kind"] in {"choice", "several"}:
        yield from _option_faults(options)
    elif options:
        yield FieldError(
            "options", _("Pilihan hanya untuk choice dan several. Kosongkan, atau ganti jenisnya."), "choice"
        )
    low, high = values["low"], values["high"]
    if low is not None and high is not None and low > high:
        yield FieldError("low", _("Batas bawah melebihi batas atas. Tukar keduanya."), "range")
    yield from _bound_faults(values["kind"], low, high, len(options))


def _option_faults(options: list[str]) -> Iterator[FieldError]:
    if len(options) < 2:
        yield FieldError("options", _("Tulis sedikitnya dua pilihan, dipisah dengan |."), "required")
    if len(options) > OPTIONS_MOST:
        yield FieldError("options", _("Paling banyak %(count)s pilihan.", count=OPTIONS_MOST), "count")
    doubled = sorted({each for each in options if options.count(each) > 1})
    if doubled:
        yield FieldError("options", _("Pilihan ini tertulis dua kali: %(names)s.", names=", ".join(doubled)))
    if any(len(each) > OPTION_MAX for each in options):
        yield FieldError("options", _("Paling panjang %(count)s huruf.", count=OPTION_MAX), "length")


def _bound_faults(kind: str, low: float | None, high: float | None, options: int) -> Iterator[FieldError]:
    """Bounds that no answer could meet, or that mean nothing for this kind."""
    longest = {"string": LINE_MAX, "text": TEXT_MAX, "several": options, "file": FILES_MOST}.get(kind)
    for name, value in (("low", low), ("high", high)):
        if value is None:
            continue
        if kind == "choice":
            yield FieldError(name, _("Satu pilihan tidak punya batas. Kosongkan."), "choice")
        elif kind != "number" and value != int(value):
            yield FieldError(name, _("Tulis bilangan bulat."), "format")
        elif longest is not None and not (0 if name == "low" else 1) <= value <= longest:
            yield FieldError(name, _("Isi antara %(low)s dan %(high)s.", low=0, high=longest), "range")


def read_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The typed values of a question that was written at the desk. Raises Invalid naming each wrong field."""
    errors: list[FieldError] = []
    values: dict[str, Any] = {name: clean(form.get(name, "")) for name in ("category", "code", "kind")}
    for name in ("label", "help", "unit", "document"):
        values[name] = clean(form.get(name, ""))
        if why := fault(form.get(name, "")):
            errors.append(FieldError(name, why, "characters"))
    if why := fault(form.get("options", "")):
        errors.append(FieldError("options", why, "characters"))
    lines = form.get("options", "").replace("|", "\n").split("\n")
    values["options"] = [clean(line) for line in lines if line.strip()]
    values |= {name: bool(form.get(name)) for name in ("required", "public")}
    for name in ("low", "high"):
        values[name] = _number(name, form.get(name, ""), errors)
    order = form.get("sort", "").strip() or "100"
    values["sort"] = int(order) if order.isascii() and order.isdigit() and len(order) < 5 else -1
    errors += _name_faults(values)
    errors += faults(values)
    if errors:
        raise Invalid(errors=errors)
    return values


def _name_faults(values: Mapping[str, Any]) -> Iterator[FieldError]:
    known = reference.reference().categories
    if values["category"] and not any(covers(values["category"], code) for code in known):
        yield FieldError("category", _("Pilih jenis laporan, atau kosongkan untuk semua."), "unknown")
    code = values["code"]
    if (
        not (code.isascii() and code[:1].islower() and len(code) <= 40 and code.replace("_", "a").isalnum())
        or code != code.lower()
    ):
        yield FieldError("code", _("Tulis seperti pole_number: huruf kecil, angka, garis bawah."), "format")
    if values["kind"] not in KINDS:
        yield FieldError("kind", _("Pilih bentuk jawaban."), "choice")
    if not values["label"]:
        yield FieldError("label", _("Tulis pertanyaannya."), "required")
    if not 0 <= values["sort"] <= 10000:
        yield FieldError("sort", _("Tulis angka 0 sampai 10000."), "range")


def _number(name: str, text: str, errors: list[FieldError]) -> float | None:
    try:
        value = decimal(text)
    except NoNumber as wrong:
        errors.append(FieldError(name, wrong.message, wrong.code))
        return None
    if value is not None and abs(value) > 10**12:
        errors.append(FieldError(name, _("Angka ini terlalu besar."), "range"))
        return None
    return None if value is None else float(value)


def put_question(form: Mapping[str, str]) -> bool:
    """Ask from today on. One that is asked already under this category and code becomes its old version.

    True when it replaced one. Raises Invalid naming the field, Conflict when a later version is planned.
    """
    values = read_form(form)
    day = today()
    with work() as unit:
        same = select(QuestionRow).where(
            QuestionRow.category == values["category"], QuestionRow.code == values["code"]
        )
        others = list(
            unit.scalars(same.order_by(QuestionRow.valid_from.desc().nulls_last()).with_for_update())
        )
        planned = [row for row in others if row.valid_from is not None and row.valid_from > day]
        if planned:
            raise Conflict(
                _("Versi berikutnya sudah direncanakan mulai %(day)s.", day=planned[0].valid_from),
                _("Akhiri versi itu dahulu."),
            )
        running = next((row for row in others if row.valid_to is None or row.valid_to >= day), None)
        if running is not None and running.valid_from == day:
            for name in CONTENT:
                setattr(running, name, values[name])
            running.valid_to = None
        else:
            latest = max((row.version for row in others), default=0)
            if running is not None:
                _last_day(running.id, day - timedelta(days=1))
            _begin(values, day, latest + 1)
        unit.flush()
        audit.record("lapor.question.put", "question", category=values["category"], asked=values["code"])
    reference.forget()
    return running is not None


def _begin(values: Mapping[str, Any], day: date, version: int) -> None:
    """Add a row that goes on counting where the one before it ended; the mapper itself begins with 1."""
    row = QuestionRow(id=new_id(), category=values["category"], code=values["code"], valid_from=day)
    for name in CONTENT:
        setattr(row, name, values[name])
    session().add(row)
    session().flush()
    session().execute(update(QuestionRow).where(QuestionRow.id == row.id).values(version=version))


def _last_day(question_id: UUID, day: date) -> None:
    """End a row without making a version of it: what it asks stays the same."""
    session().execute(update(QuestionRow).where(QuestionRow.id == question_id).values(valid_to=day))


def end_question(question_id: UUID) -> date | None:
    """Ask no more: from now on, or from tomorrow for one that began today and was answered.

    Gives its last day; None when it was taken away, because nobody ever answered it. Raises NotFound.
    """
    day = today()
    with work() as unit:
        row = unit.scalars(
            select(QuestionRow).where(QuestionRow.id == question_id).with_for_update()
        ).one_or_none()
        if row is None or (row.valid_to is not None and row.valid_to < day):
            raise NotFound(_("Pertanyaan ini tidak ada, atau sudah berakhir."))
        audit.record("lapor.question.end", "question", row.id, category=row.category, asked=row.code)
        answered = unit.scalar(select(AnswerRow.id).where(AnswerRow.question_id == row.id).limit(1))
        last: date | None = None
        if row.valid_from is not None and row.valid_from >= day and answered is None:
            unit.delete(row)
        else:
            last = max(day - timedelta(days=1), row.valid_from or date.min)
            _last_day(row.id, last)
        unit.flush()
    reference.forget()
    return last


def all_questions() -> tuple[Question, ...]:
    """Every version, those of today first, in order of category."""
    day = today()
    return tuple(
        sorted(
            rows().questions,
            key=lambda each: (each.valid_to is not None and each.valid_to < day, each.category, each.sort),
        )
    )
