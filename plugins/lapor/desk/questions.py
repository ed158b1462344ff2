"""What kinds of matter ask, hint at and give as reasons: seen, tried out, changed and ended at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.citizen.form import by_group
from plugins.lapor.contracts import Question, Reason
from plugins.lapor.present import short_day
from plugins.lapor.service.coach import rules
from plugins.lapor.service.coach.judge import shown_number
from plugins.lapor.service.coach.rows import HintRule, covers, rows, today
from plugins.lapor.service.reference import reference, valid_on
from superapp.sdk import AppError, Conflict, Invalid, new_id, permit, render

PARTS = ("tanya", "petunjuk", "alasan")
FIELDS = (
    *("category", "code", "kind", "label", "help", "options", "required", "public"),
    *("sort", "low", "high", "unit", "document"),
)


@permit(rules.MANAGE)
def page() -> str:
    """One part of the list; `ubah` fills the form with a question, to ask it differently from today."""
    part = request.args.get("bagian", PARTS[0])
    known = next((each for each in rules.all_questions() if str(each.id) == request.args.get("ubah")), None)
    values = typed_of(known) if known else {"category": request.args.get("jenis", "")}
    return _page(part if part in PARTS else PARTS[0], values, adding=known is not None)


@permit(rules.MANAGE)
def put() -> Response:
    """Ask it from today on, or only show how it will look: `show` keeps nothing."""
    values = {name: request.form.get(name, "") for name in FIELDS}
    try:
        if request.form.get("show"):
            preview = _preview(rules.read_form(request.form))
            return make_response(_page("tanya", values, adding=True, preview=preview))
        replaced = rules.put_question(request.form)
    except (Invalid, Conflict) as error:
        return make_response(_page("tanya", values, adding=True, error=error), error.status)
    flash(_("Versi baru ditanyakan mulai hari ini.") if replaced else _("Ditanyakan mulai hari ini."))
    return redirect(url_for(".questions", jenis=values["category"]), 303)


@permit(rules.MANAGE)
def end(question_id: UUID) -> Response:
    """Ask it no more; what was answered stays with its reports."""
    last = rules.end_question(question_id)
    if last is not None and last >= today():
        flash(_("Ditanyakan sampai malam ini, karena sudah ada yang menjawab."))
    else:
        flash(_("Pertanyaan diakhiri. Jawaban yang sudah ada tetap tersimpan."))
    return redirect(url_for(".questions"), 303)


def _page(
    part: str,
    values: Mapping[str, Any],
    *,
    adding: bool,
    error: AppError | None = None,
    preview: Question | None = None,
) -> str:
    errors = {each.field: each.message for each in error.errors} if error else {}
    return render(
        "lapor/desk/questions.html",
        part=part,
        parts=[(PARTS[0], _("Pertanyaan")), (PARTS[1], _("Petunjuk")), (PARTS[2], _("Alasan"))],
        groups=_questions() if part == "tanya" else [],
        hints=_hints() if part == "petunjuk" else [],
        reasons=_reasons() if part == "alasan" else [],
        values={**dict.fromkeys(FIELDS, ""), "kind": "string", "sort": "100", **values},
        errors=errors,
        error=error,
        summary=[{"field": name, "message": message} for name, message in errors.items()],
        adding=adding,
        preview=preview,
        categories=category_choices(),
        kinds=kind_choices(),
    )


def _preview(values: Mapping[str, Any]) -> Question:
    return Question(
        id=new_id(),
        category=values["category"],
        code=values["code"],
        kind=values["kind"],
        label=values["label"],
        help=values["help"],
        options=tuple(values["options"]),
        required=values["required"],
        public=values["public"],
        sort=values["sort"],
        low=values["low"],
        high=values["high"],
        unit=values["unit"],
        version=1,
        valid_from=None,
        valid_to=None,
        document=values["document"],
    )


def typed_of(question: Question) -> dict[str, Any]:
    """A question as the form holds it."""
    return {
        "category": question.category,
        "code": question.code,
        "kind": question.kind,
        "label": question.label,
        "help": question.help,
        "options": "\n".join(question.options),
        "required": "1" if question.required else "",
        "public": "1" if question.public else "",
        "sort": str(question.sort),
        "low": "" if question.low is None else shown_number(question.low),
        "high": "" if question.high is None else shown_number(question.high),
        "unit": question.unit,
        "document": question.document,
    }


def kind_choices() -> list[tuple[str, str]]:
    """The shapes of an answer, in words."""
    return [
        ("string", _("Satu baris")),
        ("text", _("Beberapa kalimat")),
        ("number", _("Angka")),
        ("date", _("Tanggal")),
        ("choice", _("Satu pilihan")),
        ("several", _("Beberapa pilihan")),
        ("file", _("Foto")),
    ]


def category_choices() -> list[tuple[str, Any]]:
    """All kinds, the beginnings that several share, and each kind below its group."""
    known = queries.categories()
    firsts = [each.code.split(".", 1)[0] for each in known]
    shared = sorted({first for first in firsts if firsts.count(first) > 1})
    found: list[tuple[str, Any]] = [
        (_("Beberapa jenis"), [("", _("Semua jenis")), *((first, _all_of(first)) for first in shared)])
    ]
    found += [(group, [(each.code, each.name) for each in members]) for group, members in by_group(known)]
    return found


def _all_of(prefix: str) -> str:
    names = [each.name for code, each in reference().categories.items() if covers(prefix, code)]
    return str(_("Semua %(prefix)s: %(names)s", prefix=prefix, names=", ".join(names[:3])))[:120]


def category_words(category: str) -> str:
    """A category or the beginning of several, in words."""
    if not category:
        return str(_("Semua jenis"))
    known = reference().categories.get(category)
    return known.name if known else _all_of(category)


def _questions() -> list[dict[str, Any]]:
    """Questions below what they belong to: those of today and of later, then those that ended."""
    day, kinds = today(), dict(kind_choices())
    found: dict[str, dict[str, Any]] = {}
    for each in rules.all_questions():
        group = found.setdefault(
            each.category, {"title": category_words(each.category), "now": [], "past": []}
        )
        over = each.valid_to is not None and each.valid_to < day
        facts = {
            "id": each.id,
            "code": each.code,
            "label": each.label,
            "kind": kinds[each.kind],
            "options": each.options,
            "required": each.required,
            "public": each.public,
            "version": each.version,
            "since": short_day(each.valid_from) if each.valid_from else "",
            "until": short_day(each.valid_to) if each.valid_to else "",
            "document": each.document,
        }
        group["past" if over else "now"].append(facts)
    return list(found.values())


def _hints() -> list[dict[str, Any]]:
    """Hints of today with what makes them appear."""
    day, words = today(), when_words()
    return [
        {
            "category": category_words(each.category),
            "text": each.text,
            "question": each.question,
            "when": _when(each, words),
            "document": each.document,
        }
        for each in rows().hints
        if valid_on(each, day)
    ]


def when_words() -> dict[str, str]:
    """When a hint appears, in words."""
    return {
        "short": str(_("bila tulisannya pendek")),
        "no_time": str(_("bila waktunya tidak disebut")),
        "no_place": str(_("bila tempatnya belum diisi")),
        "no_size": str(_("bila ukurannya tidak disebut")),
        "no_number": str(_("bila tidak ada angka")),
        "without": str(_("bila tidak ada kata ini")),
        "with": str(_("bila ada kata ini")),
        "several": str(_("bila ada dua masalah")),
    }


def _when(rule: HintRule, words: Mapping[str, str]) -> str:
    told = words[rule.when]
    return f"{told}: {', '.join(rule.words)}" if rule.words else told


def _reasons() -> list[tuple[str, list[Reason]]]:
    """Reasons of today by what they are for."""
    day = today()
    titles = {"archive": _("Mengarsipkan"), "return": _("Mengembalikan"), "hold": _("Menunda")}
    known = [each for each in rows().reasons if valid_on(each, day)]
    return [(title, [each for each in known if each.kind == kind]) for kind, title in titles.items()]
