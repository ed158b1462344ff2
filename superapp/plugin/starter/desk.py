"""Pages for officers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from plugins.contoh import service
from werkzeug.wrappers import Response

from superapp.sdk import FieldError, Invalid, permit, render

bp = Blueprint("contoh_desk", __name__, url_prefix="/meja/contoh", template_folder="templates")


@bp.get("/")
@permit("contoh.write")
def index() -> str:
    """The form, and what was written."""
    return _page()


@bp.post("/")
@permit("contoh.write")
def write() -> Response:
    """Keep a note; the form again, with what was typed, when it is wrong."""
    typed = request.form.get("text", "")
    try:
        service.write(typed)
    except Invalid as error:
        return make_response(_page(typed, error.errors), error.status)
    flash(_("Tersimpan."))
    return redirect(url_for("contoh_desk.index"), 303)


def _page(typed: str = "", errors: Sequence[FieldError] = ()) -> str:
    return render("contoh/meja/index.html", notes=service.latest(), typed=typed, errors=errors)
