"""The reviewed batch at the desk: open cases of a unit that closed, ticked, corrected, moved."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.desk.rules import tabs
from plugins.lapor.service.owners import batch
from plugins.lapor.words import status_title
from superapp.sdk import AppError, Conflict, Invalid, permit, render

RIGHT = "lapor.dispose"


@permit(RIGHT)
def prepare(code: str) -> Response:
    """Propose a new owner for each open case of a closed unit."""
    batch_id = batch.prepare(code)
    return redirect(url_for(".moves", batch_id=batch_id), 303)


@permit(RIGHT)
def page(batch_id: UUID) -> str:
    """A batch under review."""
    return _page(batch_id)


@permit(RIGHT)
def save(batch_id: UUID) -> Response:
    """Keep what was ticked and corrected on this page; with `deed=apply` move all that was ticked."""
    form = request.form
    try:
        batch.save(batch_id, _choices(form), document=form.get("document", ""))
        if form.get("deed") == "apply":
            count = batch.apply(batch_id)
            flash(
                ngettext("%(num)s laporan sedang dipindahkan.", "%(num)s laporan sedang dipindahkan.", count)
            )
        else:
            flash(_("Pilihan disimpan. Belum ada yang dipindahkan."))
    except (Invalid, Conflict) as error:
        return make_response(_page(batch_id, error, form.to_dict()), error.status)
    after = request.args.get("setelah")
    onward = form.get("deed") == "onward" and form.get("next")
    where = form.get("next") if onward else after
    return redirect(url_for(".moves", batch_id=batch_id, setelah=where or None), 303)


def _choices(form: Mapping[str, str]) -> dict[UUID, tuple[bool, str]]:
    found: dict[UUID, tuple[bool, str]] = {}
    for name, code in form.items():
        item_id = _uuid(name.removeprefix("to-")) if name.startswith("to-") else None
        if item_id is not None:
            found[item_id] = (f"move-{item_id}" in form, code)
    return found


def _page(batch_id: UUID, error: AppError | None = None, typed: Mapping[str, str] | None = None) -> str:
    view = batch.view(batch_id, _uuid(request.args.get("setelah", "")))
    return render(
        "lapor/desk/moves.html",
        tabs=tabs("agencies"),
        view=view,
        left=view.totals.get("listed", 0) + view.totals.get("approved", 0),
        status=status_title,
        units=[(each.code, each.name) for each in queries.agency_choices()],
        error=error,
        typed=typed or {},
        wrong={each.field: each.message for each in error.errors} if error else {},
        errors=[{"field": each.field, "message": each.message} for each in error.errors] if error else [],
        after=request.args.get("setelah", ""),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
