"""One's own account: open sign-ins, password, second factor, single-letter keys."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from superapp.context import current_actor
from superapp.errors import Unauthorized
from superapp.identity import officers, sessions
from superapp.identity.permit import SIGN_IN, signed_in
from superapp.web.pages import render

MOMENT = "d MMM, HH.mm"
bp = Blueprint("account", __name__, url_prefix="/akun")


@bp.get("")
@signed_in
def show() -> str:
    """Who I am here, and where I am signed in."""
    actor_id = _me()
    listed = [
        {
            "id": entry.id,
            "agent": entry.agent or _("Peramban tidak dikenal"),
            "since": format_datetime(entry.created_at, MOMENT),
            "seen": format_datetime(entry.seen_at, MOMENT),
            "until": format_datetime(entry.expires_at, MOMENT),
            "here": entry.id == current_actor().session_id,
        }
        for entry in sessions.of_officer(actor_id)
    ]
    return render("desk/account.html", officer=officers.one(actor_id), sessions=listed)


@bp.post("/sesi/<uuid:session_id>/akhiri")
@signed_in
def end(session_id: UUID) -> Response:
    """End one of my sign-ins, this one too."""
    sessions.revoke(session_id, _me())
    if session_id == current_actor().session_id:
        return redirect(SIGN_IN, 303)
    flash(_("Sesi itu sudah diakhiri."))
    return redirect("/meja/akun", 303)


@bp.post("/pintasan")
@signed_in
def shortcuts() -> Response:
    """Switch single-letter keys on or off."""
    officers.set_shortcuts(_me(), request.form.get("on") == "1")
    flash(_("Tersimpan."))
    return redirect("/meja/akun", 303)


def _me() -> UUID:
    actor_id = current_actor().id
    if actor_id is None:
        raise Unauthorized()
    return actor_id
