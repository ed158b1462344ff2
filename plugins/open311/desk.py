"""The desk pages of other GeoReport servers: where cases are sent, as which service, with which answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.contracts.door import DOOR
from plugins.open311.client import servers
from plugins.open311.models import Server
from superapp.sdk import Invalid, current_actor, permit, rate_limit, render, use, work

MANAGE = "open311.manage"
bp = Blueprint("open311_desk", __name__, url_prefix="/meja/open311", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """All servers, and the form for another one."""
    return _page(servers.Given("", ""))


@bp.post("/")
@permit(MANAGE)
def add() -> Response:
    """Connect another server."""
    given = _given()
    try:
        made = servers.add(given)
    except Invalid as error:
        return make_response(_page(given, error), 422)
    flash(_("Server ditambahkan. Layanannya sedang dibaca."))
    return _back(made)


@bp.get("/<uuid:server_id>")
@permit(MANAGE)
def show(server_id: UUID) -> str:
    """One server."""
    return _one(server_id)


@bp.post("/<uuid:server_id>")
@permit(MANAGE)
def change(server_id: UUID) -> Response:
    """Change its address, key and rules."""
    given = _given()
    try:
        servers.change(server_id, given)
    except Invalid as error:
        return make_response(_one(server_id, given, error), 422)
    flash(_("Perubahan disimpan."))
    return _back(server_id)


@bp.post("/<uuid:server_id>/layanan")
@permit(MANAGE)
def services(server_id: UUID) -> Response:
    """Which of our kinds of matter is which of their services."""
    chosen = {each.code: request.form.get(f"map-{each.code}", "").strip() for each in use(DOOR).categories()}
    try:
        servers.map_services(server_id, chosen)
    except Invalid as error:
        return make_response(_one(server_id, error=error), 422)
    flash(_("Pasangan layanan disimpan."))
    return _back(server_id)


@bp.post("/<uuid:server_id>/jawaban")
@permit(MANAGE)
def answers(server_id: UUID) -> Response:
    """What is answered to their own questions."""
    row = servers.one(server_id)
    fixed = {
        service: {each["code"]: request.form.get(f"fix-{service}-{each['code']}", "") for each in asked}
        for service, asked in row.definitions.items()
    }
    try:
        servers.fix_answers(server_id, fixed)
    except Invalid as error:
        return make_response(_one(server_id, error=error), 422)
    flash(_("Jawaban disimpan."))
    return _back(server_id)


@bp.post("/<uuid:server_id>/baca")
@permit(MANAGE)
def read(server_id: UUID) -> Response:
    """Let a job read their services again."""
    rate_limit("open311.fetch", str(server_id), 20, 3600)
    servers.one(server_id)
    with work():
        servers.read_again(server_id)
    flash(_("Layanannya sedang dibaca. Muat ulang halaman ini dalam beberapa detik."))
    return _back(server_id)


@bp.post("/<uuid:server_id>/akhiri")
@permit(MANAGE)
def end(server_id: UUID) -> Response:
    """End it."""
    servers.end(server_id)
    flash(_("Sambungan diakhiri. Tidak ada lagi yang dikirim ke sana."))
    return redirect(url_for("open311_desk.index"), 303)


def _back(server_id: UUID) -> Response:
    return redirect(url_for("open311_desk.show", server_id=server_id), 303)


def _given() -> servers.Given:
    form = request.form
    return servers.Given(
        title=form.get("title", ""),
        endpoint=form.get("endpoint", ""),
        jurisdiction=form.get("jurisdiction", ""),
        api_key=form.get("api_key", ""),
        spelling=form.get("spelling", ""),
        updates=form.get("updates") == "1",
        identity=form.get("identity") == "1",
        copies=form.get("copies") == "1",
        agency_code=form.get("agency_code", ""),
    )


def _page(typed: servers.Given, error: Invalid | None = None) -> str:
    return render(
        "open311/meja/index.html",
        rows=[_line(row) for row in servers.living()],
        typed=typed,
        units=sorted(servers.outside_units().items(), key=lambda pair: pair[1]),
        **_faults(error),
    )


def _one(server_id: UUID, typed: servers.Given | None = None, error: Invalid | None = None) -> str:
    row = servers.one(server_id)
    return render(
        "open311/meja/one.html",
        server=_line(row),
        typed=typed or _kept(row),
        has_key=bool(row.api_key),
        units=sorted(servers.outside_units().items(), key=lambda pair: pair[1]),
        offered=row.services,
        kinds=_kinds(row),
        asked=_asked(row),
        connection=_connection(row),
        **_faults(error),
    )


def _connection(row: Server) -> str:
    """Where its queue is shown, for who may see it."""
    if not current_actor().may("lapor.outside"):
        return ""
    return url_for("lapor_desk.connection", destination_id=row.destination_id)


def _faults(error: Invalid | None) -> dict[str, Any]:
    found = error.errors if error else ()
    return {
        "errors": {each.field: each.message for each in found},
        "summary": [{"field": each.field, "message": each.message} for each in found],
    }


def _kept(row: Server) -> servers.Given:
    return servers.Given(
        title=row.title,
        endpoint=row.endpoint,
        jurisdiction=row.jurisdiction,
        spelling=row.spelling,
        updates=row.updates,
        identity=row.identity,
        copies=row.copies,
        agency_code=row.agency_code,
    )


def _line(row: Server) -> dict[str, Any]:
    chip = (_("belum dibaca"), "clock", "neutral")
    if row.fetch_error:
        chip = (_("gagal dibaca"), "alert", "late")
    elif row.fetched_at:
        chip = (_("%(count)s layanan", count=len(row.services)), "check", "ok")
    return {
        "id": row.id,
        "title": row.title,
        "endpoint": row.endpoint,
        "chip": chip,
        "mapped": len(row.mapping),
        "error": row.fetch_error,
        "read": format_datetime(row.fetched_at, "d MMM, HH.mm") if row.fetched_at else "",
        "unit": servers.outside_units().get(row.agency_code, row.agency_code),
        "copies": row.copies,
    }


def _kinds(row: Server) -> list[tuple[str, list[dict[str, str]]]]:
    """Our kinds of matter by group, each with what it is there."""
    names = {each["code"]: each["name"] for each in row.services}
    typed = request.form if request.endpoint == "open311_desk.services" else {}
    found: dict[str, list[dict[str, str]]] = {}
    for each in use(DOOR).categories():
        code = str(row.mapping.get(each.code, ""))
        found.setdefault(each.group, []).append(
            {
                "field": f"map-{each.code}",
                "name": each.name,
                "value": typed.get(f"map-{each.code}", code),
                "hint": names.get(code, _("Layanan ini sudah tidak ada di sana.") if code else ""),
            }
        )
    return list(found.items())


def _asked(row: Server) -> list[dict[str, Any]]:
    """Their questions of the services that we use, with what we answer."""
    names = {each["code"]: each["name"] for each in row.services}
    typed = request.form if request.endpoint == "open311_desk.answers" else {}
    found = []
    for service, attributes in sorted(row.definitions.items()):
        lines = [
            {
                **each,
                "field": f"fix-{service}-{each['code']}",
                "value": typed.get(
                    f"fix-{service}-{each['code']}", row.fixed.get(service, {}).get(each["code"], "")
                ),
                "options": [(key, name) for key, name in each["values"]],
            }
            for each in attributes
        ]
        if lines:
            found.append({"name": names.get(service, service), "lines": lines})
    return found
