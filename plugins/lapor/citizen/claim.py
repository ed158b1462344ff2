"""Taking over a report that an officer wrote down by phone or at the counter: one link, used once."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from plugins.lapor import service
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.contracts import Contact
from superapp.sdk import Invalid, public, rate_limit, render

NAMES = ("name", "phone", "email")
CLAIMS, WINDOW = 30, 600


@public
def show(token: str) -> str:
    """Whose report it is, and what to leave behind; opening the link does not use it up."""
    _slow_down()
    return _page(token, dict.fromkeys(NAMES, ""), {})


@public
def take(token: str) -> Response:
    """Use the link up: the browser becomes the reporter's and sees number and PIN."""
    _slow_down()
    values = {name: request.form.get(name, "").strip() for name in NAMES}
    try:
        made = service.claim(token, Contact(**values))
    except Invalid as error:
        return make_response(_page(token, values, citizen_form.by_field(error.errors)), error.status)
    citizen_session.keep(made.number, made.ticket)
    citizen_session.show_once(made.number, made.pin)
    return redirect(url_for("lapor_citizen.receipt", number=made.number), 303)


def _page(token: str, values: dict[str, str], errors: dict[str, str]) -> str:
    return render(
        "lapor/citizen/claim.html",
        number=service.claim_info(token),
        values=values,
        errors=errors,
        summary=citizen_form.summary(errors),
    )


def _slow_down() -> None:
    rate_limit("lapor.claim", request.remote_addr or "", CLAIMS, WINDOW)
