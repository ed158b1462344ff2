"""Officers and roles at the desk: add, switch off, give a new password."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from superapp.context import current_actor
from superapp.errors import FieldError, Invalid, NotFound
from superapp.identity import officers, roles
from superapp.identity.permit import permit
from superapp.plugin.registry import registry
from superapp.tenancy import directory
from superapp.web.desk_nav import settings_tabs
from superapp.web.pages import render

URL = "/meja/pengaturan/petugas"
FIELDS = ("login", "name", "role", "agency_code", "area_code")
bp = Blueprint("officers", __name__, url_prefix="/pengaturan")


@bp.get("/petugas")
@permit(roles.OFFICERS)
def show() -> str:
    """All officers, active ones first."""
    listed = officers.listing()
    active = [officer for officer in listed if officer.active]
    return render(
        "desk/officers.html",
        tabs=_tabs("officers"),
        active_officers=active,
        others=[officer for officer in listed if not officer.active],
        me=current_actor().id,
    )


@bp.get("/petugas/baru")
@permit(roles.OFFICERS)
def new() -> str:
    """The form for an officer."""
    return _form((), {})


@bp.post("/petugas/baru")
@permit(roles.OFFICERS)
def add() -> Response:
    """Add an officer and show the generated password this once."""
    given = {name: request.form.get(name, "") for name in FIELDS}
    try:
        officer_id, password = officers.add(**given)
    except NotFound as error:
        errors = (FieldError("role", error.title, "unknown"),)
        return make_response(_form(errors, given), 422)
    except Invalid as error:
        return make_response(_form(error.errors, given), error.status)
    return _told(officer_id, password)


@bp.post("/petugas/<uuid:officer_id>/nyala")
@permit(roles.OFFICERS)
def switch_on(officer_id: UUID) -> Response:
    """Let an officer in again."""
    officers.switch(officer_id, active=True)
    flash(_("Akun dinyalakan lagi."))
    return redirect(URL, 303)


@bp.post("/petugas/<uuid:officer_id>/mati")
@permit(roles.OFFICERS)
def switch_off(officer_id: UUID) -> Response:
    """Keep an officer out from now on; what they did stays on record."""
    officers.switch(officer_id, active=False)
    flash(_("Akun dimatikan dan semua sesinya diakhiri."))
    return redirect(URL, 303)


@bp.post("/petugas/<uuid:officer_id>/sandi")
@permit(roles.OFFICERS)
def reset(officer_id: UUID) -> Response:
    """Give a new password, and with `second_factor` a fresh start of the authenticator app."""
    password = officers.reset(officer_id, second_factor=request.form.get("second_factor") == "1")
    return _told(officer_id, password)


@bp.get("/peran")
@permit(roles.OFFICERS)
def show_roles() -> str:
    """Which role holds which permission."""
    listed = roles.listing()
    titles = roles.titles(registry().permissions.values())
    rows = [
        {"title": title, "held": [code in role.permissions for role in listed]}
        for code, title in titles.items()
    ]
    return render("desk/roles.html", tabs=_tabs("roles"), roles=listed, rows=rows)


def _told(officer_id: UUID, password: str) -> Response:
    page = render(
        "desk/officer_password.html",
        tabs=_tabs("officers"),
        officer=officers.one(officer_id),
        password=password,
    )
    return make_response(page)


def _form(errors: tuple[FieldError, ...], given: dict[str, str]) -> str:
    agencies = [
        (agency.code, agency.name) for agency in directory.agencies().values() if not agency.is_external
    ]
    return render(
        "desk/officer_new.html",
        tabs=_tabs("officers"),
        errors=errors,
        given=given,
        roles=[(role.code, role.title) for role in roles.listing()],
        agencies=agencies,
        areas=[(area.code, area.name) for area in directory.areas().values()],
    )


def _tabs(current: str) -> list[dict[str, object]]:
    return settings_tabs(current_actor(), current)
