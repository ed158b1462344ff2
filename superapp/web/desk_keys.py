"""API keys at the desk: list, make (shown once), end."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from superapp.context import current_actor
from superapp.errors import Invalid
from superapp.identity import keys, roles
from superapp.identity.permit import permit
from superapp.plugin.registry import registry
from superapp.tenancy import directory
from superapp.web.desk_nav import settings_tabs
from superapp.web.pages import render

URL = "/meja/pengaturan/kunci"
bp = Blueprint("keys", __name__, url_prefix="/pengaturan/kunci")


@bp.get("")
@permit(roles.KEYS)
def show() -> str:
    """All keys with their state."""
    names = roles.titles(registry().permissions.values())
    rows = [
        {
            "id": key.id,
            "name": key.name,
            "prefix": key.prefix,
            "state": key.state,
            "permissions": [names.get(code, code) for code in key.permissions],
            "until": format_date(key.expires_at, "d MMM yyyy") if key.expires_at else "",
            "used": format_date(key.used_at, "d MMM yyyy") if key.used_at else "",
        }
        for key in keys.listing()
    ]
    return render("desk/keys.html", tabs=_tabs(), rows=rows)


@bp.get("/baru")
@permit(roles.KEYS)
def new() -> str:
    """The form for a key."""
    return _form(errors=(), given={"days": "90", "permissions": []})


@bp.post("/baru")
@permit(roles.KEYS)
def create() -> Response:
    """Make a key and show it this once."""
    form = request.form
    chosen = form.getlist("permissions")
    days = form.get("days", "")
    try:
        key, full = keys.create(
            form.get("name", ""),
            chosen,
            int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            registry().permissions,
            form.get("agency_code", ""),
        )
    except Invalid as error:
        given = {**form.to_dict(), "permissions": chosen}
        return make_response(_form(errors=error.errors, given=given), error.status)
    until = format_date(key.expires_at, "d MMMM yyyy") if key.expires_at else ""
    return make_response(render("desk/key_made.html", tabs=_tabs(), key=key, full=full, until=until))


@bp.post("/<uuid:key_id>/akhiri")
@permit(roles.KEYS)
def revoke(key_id: UUID) -> Response:
    """End a key at once."""
    keys.revoke(key_id)
    flash(_("Kunci diakhiri. Program yang memakainya kini ditolak."))
    return redirect(URL, 303)


def _form(errors: object, given: Mapping[str, object]) -> str:
    agencies = [
        (agency.code, agency.name) for agency in directory.agencies().values() if not agency.is_external
    ]
    return render(
        "desk/key_new.html",
        tabs=_tabs(),
        errors=errors,
        given=given,
        permissions=[(right.code, right.title) for right in registry().permissions.values()],
        days=[(str(days), _("%(days)s hari", days=days)) for days in keys.LIVES_DAYS],
        agencies=agencies,
    )


def _tabs() -> list[dict[str, object]]:
    return settings_tabs(current_actor(), "keys")
