"""Opening identities at the desk: searching by a number, wishes of colleagues, and who looked at whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts import Done
from plugins.lapor.desk.case import draw, wanted_version
from plugins.lapor.desk.story import hour
from plugins.lapor.service.vault import access, opening, search, whistle
from plugins.lapor.words import look_title
from superapp.sdk import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    current_actor,
    permit,
    render,
)

IDENTITY, LOG = "lapor.identity", "lapor.identity.log"


@permit(IDENTITY, LOG)
def page() -> str:
    """Search, wishes that wait for a second officer, and the newest looks; each for who may."""
    return _page()


@permit(IDENTITY)
def find() -> Response:
    """Cases under a whole number or address. A POST, so that the number stands in no address and no log."""
    typed = {name: request.form.get(name, "") for name in ("value", "purpose")}
    try:
        hits = search.find(typed["value"], purpose=typed["purpose"])
    except (Invalid, TooMany) as error:
        wrong = {each.field: each.message for each in error.errors}
        said = _("Terlalu banyak pencarian. Coba lagi nanti.") if isinstance(error, TooMany) else ""
        return make_response(_page(typed=typed, wrong=wrong, refused=said), error.status)
    return make_response(_page(typed={"purpose": typed["purpose"]}, hits=hits))


def _page(
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    refused: str = "",
    hits: tuple[search.Hit, ...] | None = None,
) -> str:
    actor = current_actor()
    return render(
        "lapor/desk/identity.html",
        may_search=actor.may(IDENTITY),
        may_read=actor.may(LOG) and hits is None,
        wishes=[(each, hour(each.asked_at)) for each in opening.wishes()] if actor.may(IDENTITY) else [],
        looks=[look_row(each) for each in access.latest()] if actor.may(LOG) and hits is None else [],
        hits=None if hits is None else [(each, hour(each.received_at)) for each in hits],
        typed=typed or {},
        wrong=wrong or {},
        refused=refused,
    )


def look_row(each: access.Look) -> dict[str, str]:
    """A line of the log in words."""
    return {
        "what": look_title(each.what),
        "who": each.by,
        "when": hour(each.at),
        "why": each.purpose,
        "number": each.number,
    }


@permit(IDENTITY)
def ask(number: str) -> Response:
    """Ask a colleague to let this officer see who blew the whistle."""
    complaint_id = queries.id_of(number)
    purpose = request.form.get("ask-purpose", "")
    try:
        opening.ask(complaint_id, purpose=purpose)
    except (Invalid, Conflict) as error:
        return _again(complaint_id, error, "ask", {"ask-purpose": purpose})
    flash(_("Permintaan dikirim. Petugas lain yang memutuskan."))
    return redirect(url_for(".case", number=number), 303)


@permit(IDENTITY)
def decide(wish: UUID) -> Response:
    """Grant or refuse a colleague's wish."""
    try:
        opening.decide(wish, grant=request.form.get("grant") == "yes")
    except (Conflict, Forbidden) as error:
        return make_response(_page(refused=f"{error.title} {error.detail}".strip()), error.status)
    flash(_("Keputusan tercatat dan terlihat pelapor."))
    return redirect(url_for(".identities"), 303)


@permit(IDENTITY)
def look(wish: UUID) -> Response:
    """Show who blew the whistle, this once."""
    try:
        complaint_id, contact = opening.look(wish)
    except (Conflict, Forbidden) as error:
        return make_response(_page(refused=f"{error.title} {error.detail}".strip()), error.status)
    return make_response(draw(complaint_id, contact=contact))


@permit(whistle.MARK)
def mark(number: str) -> Response:
    """Take a case onto the whistle-blowers' path."""
    said = _("Laporan dipindahkan ke Inspektorat.")
    names = ("mark-reason", "mark-accused")
    return _moved(number, "mark", names, said)


@permit("lapor.whistle", "lapor.whistle.leader")
def release(number: str) -> Response:
    """Let a case go that is no complaint of officials."""
    return _moved(number, "release", ("release-reason",), _("Laporan dilepas ke koordinator."))


def _moved(number: str, action: str, names: tuple[str, ...], said: str) -> Response:
    complaint_id = queries.id_of(number)
    typed = {name: request.form.get(name, "") for name in names}
    try:
        _run(action, complaint_id, typed)
    except (Invalid, Conflict, Forbidden) as error:
        return _again(complaint_id, error, action, typed)
    flash(f"{number}: {said}")
    try:
        queries.id_of(number)
    except NotFound:
        return redirect(url_for(".inbox"), 303)
    return redirect(url_for(".case", number=number), 303)


def _run(action: str, complaint_id: UUID, typed: dict[str, str]) -> Done:
    version, reason = wanted_version(), typed[f"{action}-reason"]
    if action == "release":
        return whistle.release(complaint_id, version=version, reason=reason)
    return whistle.mark(complaint_id, version=version, reason=reason, accused=typed["mark-accused"])


def _again(complaint_id: UUID, error: Any, action: str, typed: dict[str, str]) -> Response:
    return make_response(draw(complaint_id, error=error, action=action, typed=typed), error.status)
