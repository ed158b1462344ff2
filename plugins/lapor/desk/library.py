"""The desk's texts and macros: to see, write, try out and end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.contracts.desk import MacroView, TemplateView
from plugins.lapor.desk.beside import action_title
from plugins.lapor.models import Macro, Template
from plugins.lapor.service.agencies import short
from plugins.lapor.service.coach import reasons
from plugins.lapor.service.deskwork import macros, templates, wording
from plugins.lapor.states import STATUSES
from plugins.lapor.words import status_title
from superapp.sdk import Forbidden, Invalid, NotFound, current_actor, permit, render

HANDLE = "lapor.handle"
TEXTS = ("title", "field", "category", "status", "unit", "body")
MACRO_TEXTS = (
    *("title", "category", "status", "unit", "set_category", "dispose", "agency", "archive_reason"),
    *("take", "verify", *macros.TEXTS),
)


@permit(HANDLE)
def page() -> str:
    """What this officer may use, and an empty form for each kind."""
    return _page()


@permit(HANDLE)
def template(template_id: UUID) -> str:
    """One template in its form."""
    found = next((each for each in templates.templates(ended=True) if each.id == template_id), None)
    if found is None:
        raise NotFound(_("Templat ini tidak ada."))
    values = {
        "title": found.title,
        "field": found.field,
        "category": found.category,
        "status": found.status,
        "unit": "own" if found.agency else "",
        "body": found.body,
    }
    return _page(template=values, template_id=template_id)


@permit(HANDLE)
def macro(macro_id: UUID) -> str:
    """One macro in its form."""
    found = next((each for each in macros.macros(ended=True) if each.id == macro_id), None)
    if found is None:
        raise NotFound(_("Makro ini tidak ada."))
    codes = {each.id: each.code for each in queries.agency_choices()}
    values = {
        **found.values,
        "title": found.title,
        "category": found.category,
        "status": found.status,
        "unit": "own" if found.agency else "",
        "agency": codes.get(found.values["to_agency_id"], ""),
    }
    return _page(macro=values, macro_id=macro_id)


@permit(HANDLE)
def save_template(template_id: UUID | None = None) -> Response:
    """Keep a template; with `preview` only show how it would read."""
    values = {name: request.form.get(name, "") for name in TEXTS}
    try:
        if request.form.get("preview"):
            wording.check("body", values["body"])
            said = wording.fill(values["body"], wording.sample())
            return make_response(_page(template=values, template_id=template_id, preview=said))
        templates.save(template_id, values)
    except (Invalid, Forbidden) as error:
        page = _page(template=values, template_id=template_id, template_error=error)
        return make_response(page, error.status)
    flash(_("Templat disimpan."))
    return redirect(url_for(".library"), 303)


@permit(HANDLE)
def end_template(template_id: UUID) -> Response:
    """Offer a template no longer, or again."""
    return _end(Template, template_id)


@permit(HANDLE)
def save_macro(macro_id: UUID | None = None) -> Response:
    """Keep a macro."""
    values = {name: request.form.get(name, "") for name in MACRO_TEXTS}
    try:
        macros.save(macro_id, values)
    except (Invalid, Forbidden) as error:
        return make_response(_page(macro=values, macro_id=macro_id, macro_error=error), error.status)
    flash(_("Makro disimpan."))
    return redirect(url_for(".library"), 303)


@permit(HANDLE)
def end_macro(macro_id: UUID) -> Response:
    """Offer a macro no longer, or again."""
    return _end(Macro, macro_id)


def field_titles() -> dict[str, str]:
    """The fields that a template may be for."""
    return {
        "answer": _("Jawaban untuk pelapor"),
        "progress": _("Kemajuan"),
        "ask": _("Pertanyaan untuk pelapor"),
        "archive": _("Saran saat mengarsipkan"),
        "dispose": _("Pesan untuk unit"),
        "note": _("Catatan petugas"),
    }


def _end(model: Any, row_id: UUID) -> Response:
    if request.form.get("on") == "1":
        templates.resume(model, row_id)
        flash(_("Berlaku lagi."))
    else:
        templates.end(model, row_id)
        flash(_("Diakhiri. Yang sudah ditulis dengannya tetap."))
    return redirect(url_for(".library"), 303)


def _page(
    *,
    template: dict[str, Any] | None = None,
    template_id: UUID | None = None,
    template_error: Invalid | Forbidden | None = None,
    macro: dict[str, Any] | None = None,
    macro_id: UUID | None = None,
    macro_error: Invalid | Forbidden | None = None,
    preview: str = "",
) -> str:
    actor, fields = current_actor(), field_titles()
    texts, several = templates.templates(ended=True), macros.macros(ended=True)
    units = [("own", _("unit saya"))] if actor.agency_id else []
    if actor.may(templates.WHOLE_DESK):
        units.insert(0, ("", _("seluruh meja")))
    return render(
        "lapor/desk/library.html",
        templates=[_listed(each, fields.get(each.field, each.field)) for each in texts],
        macros=[_listed(each, _macro_line(each)) for each in several],
        text=template or {},
        template_id=template_id,
        template_wrong=_wrong(template_error),
        macro=macro or {},
        macro_id=macro_id,
        macro_wrong=_wrong(macro_error),
        error=template_error or macro_error,
        preview=preview,
        fields=list(fields.items()),
        categories=citizen_form.choices().categories,
        statuses=[(each, status_title(each)) for each in STATUSES],
        units=units,
        agencies=[(each.code, each.name) for each in queries.agency_choices()],
        reasons=list(reasons.titles("archive").items()),
        variables=list(wording.VARIABLES.items()),
    )


def _wrong(error: Invalid | Forbidden | None) -> dict[str, str]:
    return {each.field: each.message for each in error.errors} if error else {}


def _listed(each: TemplateView | MacroView, line: str) -> dict[str, Any]:
    """One line of the list: for what, for which cases, of whom, and whether it may be changed here."""
    names = {one.code: one.name for one in queries.categories()}
    narrow = [names.get(each.category, each.category), status_title(each.status) if each.status else ""]
    return {
        "id": each.id,
        "title": each.title,
        "line": " · ".join(part for part in (line, *narrow) if part),
        "body": getattr(each, "body", ""),
        "whose": short(each.agency) if each.agency else _("seluruh meja"),
        "ended": each.valid_to is not None,
        "may": templates.may_change(current_actor(), each.agency.id if each.agency else None),
    }


def _macro_line(each: MacroView) -> str:
    return ", ".join(action_title(action) for action in macros.actions_of(each))
