"""Limits, ladder and hours at the desk: seen with their dates and documents, added, replaced, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.desk import time_words
from plugins.lapor.present import today
from plugins.lapor.service.reference import reference
from plugins.lapor.service.time import rules
from superapp.sdk import AppError, Conflict, FieldError, Invalid, permit, render, rulebook

RIGHT = rules.RIGHT


@permit(RIGHT)
def listing(what: str) -> str:
    """The rows of one book under their headings; what has ended folds away."""
    living: dict[str, list[dict[str, Any]]] = {}
    ended: list[dict[str, Any]] = []
    for entry in rules.listed(what):
        row = line(what, entry)
        if row["state"] == "ended":
            ended.append(row)
        else:
            living.setdefault(time_words.group(what, entry.values), []).append(row)
    return render(
        "lapor/desk/time/list.html",
        what=what,
        tabs=tabs(what),
        explained=explanations()[what],
        groups=list(living.items()),
        ended=ended,
        built_in=built_in() if what == "batas" else [],
    )


@permit(RIGHT)
def new(what: str) -> str:
    """An empty form."""
    rules.book(what)
    return form(what, {"authority": "tenant", "unit": "wd", "channel": "desk", "when": "after"})


@permit(RIGHT)
def add(what: str) -> Response:
    """Add a row; the form again with what was typed when it does not fit."""
    given = typed(what)
    try:
        rules.add(what, given)
    except Invalid as error:
        return make_response(form(what, given, error), error.status)
    flash(_("Baris ditambahkan. Batas waktu yang berjalan dihitung ulang."))
    return redirect(url_for(".time_rules", what=what), 303)


@permit(RIGHT)
def row(what: str, row_id: UUID) -> str:
    """One row: what it says, and the two ways to change what holds."""
    return row_page(what, row_id)


@permit(RIGHT)
def succeed(what: str, row_id: UUID) -> Response:
    """Let a new row take the place of this one from a day on."""
    given = typed(what)
    try:
        rules.add(what, given, instead_of=row_id)
    except (Invalid, Conflict) as error:
        return make_response(row_page(what, row_id, error, given), error.status)
    flash(_("Baris diganti mulai tanggal itu. Batas waktu yang berjalan dihitung ulang."))
    return redirect(url_for(".time_rules", what=what), 303)


@permit(RIGHT)
def end(what: str, row_id: UUID) -> Response:
    """End this row by a day and a document."""
    try:
        rules.end(what, row_id, _day("end-valid_to"), request.form.get("end-document", ""))
    except (Invalid, Conflict) as error:
        errors = [FieldError(f"end-{each.field}", each.message, each.code) for each in error.errors]
        shown = Invalid(error.title, error.detail, errors=errors)
        return make_response(row_page(what, row_id, shown), error.status)
    flash(_("Baris berakhir pada tanggal itu. Batas waktu yang berjalan dihitung ulang."))
    return redirect(url_for(".time_rules", what=what), 303)


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of time, as the tabs macro takes them."""
    titles = {
        "batas": _("Batas waktu"),
        "tangga": _("Tangga peringatan"),
        "jam": _("Jam kerja"),
        "kalender": _("Kalender"),
    }
    return [
        {
            "title": text,
            "url": url_for(".time_days") if key == "kalender" else url_for(".time_rules", what=key),
            "current": key == current,
        }
        for key, text in titles.items()
    ]


def explanations() -> dict[str, str]:
    """What each book decides, in a sentence or two."""
    return {
        "batas": _(
            "Batas nasional dan batas kota berjalan berdampingan; yang tampil ialah yang lebih dekat. "
            "Baris yang paling khusus menang."
        ),
        "tangga": _(
            "Siapa yang diberi tahu sebelum dan sesudah batas. Sejak peringatan pertama, jam tampil dekat."
        ),
        "jam": _(
            "Batas dalam jam hanya berjalan pada jam ini. Unit tanpa baris sendiri memakai jam semua unit; "
            "tanpa baris sama sekali berlaku Senin sampai Jumat, 08.00–16.00."
        ),
    }


def line(what: str, entry: rulebook.Entry) -> dict[str, Any]:
    """A row as the list shows it."""
    values = entry.values
    first, last = values["valid_from"], values["valid_to"]
    state = "ended" if last and last < today() else "coming" if first and first > today() else "living"
    return {
        "number": entry.line,
        "title": time_words.title(what, values),
        "valid": time_words.validity(first, last),
        "document": values["document"],
        "state": state,
        "last": last,
        "url": url_for(".time_row", what=what, row_id=entry.id),
    }


def built_in() -> list[str]:
    """The national limits that come with the product, while the tenant names none of its own."""
    if any(entry.values["authority"] == "national" for entry in rules.listed("batas")):
        return []
    return [
        time_words.title(
            "batas",
            {
                "step": limit.step,
                "kind": limit.kind,
                "class": limit.supervision,
                "category": limit.category_code,
                "amount": limit.amount,
                "unit": limit.unit,
            },
        )
        for limit in reference().limits
        if limit.authority == "national"
    ]


def form(what: str, values: Mapping[str, str], error: Invalid | None = None) -> str:
    """The form of a new row."""
    return render(
        "lapor/desk/time/new.html",
        what=what,
        tabs=tabs(what),
        fields=time_words.fields(what),
        values=values,
        **wrong(error),
    )


def row_page(
    what: str, row_id: UUID, error: AppError | None = None, values: Mapping[str, str] | None = None
) -> str:
    """The page of one row, after a refused change with what was typed."""
    entry = rules.one(what, row_id)
    kept = rulebook.text_of(rules.book(what), entry)
    return render(
        "lapor/desk/time/row.html",
        what=what,
        tabs=tabs(what),
        group=time_words.group(what, entry.values),
        line=line(what, entry),
        row_id=row_id,
        fields=time_words.fields(what),
        values=values or {**kept, "valid_from": "", "valid_to": "", "document": ""},
        ending={name: request.form.get(name, "") for name in ("end-valid_to", "end-document")},
        **wrong(error),
    )


def wrong(error: AppError | None) -> dict[str, Any]:
    """Errors as forms take them: by field, as a summary, and the one without a field."""
    errors = error.errors if error else ()
    return {
        "errors": {each.field: each.message for each in errors},
        "summary": [{"field": each.field, "message": each.message} for each in errors],
        "refused": "" if error is None or errors else f"{error.title} {error.detail}".strip(),
    }


def typed(what: str) -> dict[str, str]:
    """What was typed into the form of a row."""
    return {column.name: request.form.get(column.name, "")[:500] for column in rules.book(what).columns}


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        message = _("Tulis tanggal seperti 2026-03-27.")
        raise Invalid(errors=[FieldError(name.split("-", 1)[1], message, "format")]) from None
