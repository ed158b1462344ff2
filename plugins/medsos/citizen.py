"""The page behind a claim link: whose post it was becomes the reporter."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from plugins.lapor.contracts import Contact
from plugins.medsos import service
from superapp.sdk import Invalid, public, rate_limit, render

NAMES = ("name", "phone", "email")
TRIES, WINDOW = 30, 600
bp = Blueprint("medsos_citizen", __name__, url_prefix="/medsos", template_folder="templates")


@bp.get("/klaim/<token>")
@public
def show(token: str) -> Response:
    """What the case says, and what to leave behind; opening the link does not use it up."""
    _slow_down()
    return _private(_page(token, dict.fromkeys(NAMES, ""), {}))


@bp.post("/klaim/<token>")
@public
def take(token: str) -> Response:
    """Use the link up: number and PIN are shown on this answer alone."""
    _slow_down()
    values = {name: request.form.get(name, "").strip() for name in NAMES}
    try:
        made = service.claim(token, Contact(**values))
    except Invalid as error:
        errors = {each.field.removeprefix("reporter."): each.message for each in error.errors}
        return _private(_page(token, values, errors), error.status)
    return _private(render("medsos/warga/taken.html", receipt=made))


def _page(token: str, values: dict[str, str], errors: dict[str, str]) -> str:
    return render(
        "medsos/warga/claim.html",
        case=service.claimable(token),
        values=values,
        errors=errors,
        summary=[{"field": name, "message": message} for name, message in errors.items()],
    )


def _private(page: str, status: int = 200) -> Response:
    """An answer that no cache keeps and no other site learns the address of."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    # Stricter would take the Origin from the form, too, and the edge refuses a form without one.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _slow_down() -> None:
    rate_limit("medsos.claim", request.remote_addr or "", TRIES, WINDOW)
