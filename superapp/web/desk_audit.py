"""The audit trail as a tenant's admin reads it: newest first, page by page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import format_datetime
from flask_babel import gettext as _

from superapp.context import current_actor
from superapp.errors import Invalid
from superapp.identity import audit, officers, roles
from superapp.identity.permit import permit
from superapp.web.desk_nav import settings_tabs
from superapp.web.pages import render

URL = "/meja/pengaturan/jejak"
bp = Blueprint("audit", __name__, url_prefix="/pengaturan/jejak")


@bp.get("")
@permit(roles.AUDIT)
def show() -> str:
    """Fifty lines; `before` is the key of the last line seen."""
    before = request.args.get("before", "")
    try:
        key = UUID(before) if before else None
    except ValueError as error:
        raise Invalid(detail=_("Alamat halaman ini tidak lengkap. Mulai dari halaman pertama.")) from error
    entries, following = audit.page(key)
    names = {str(officer.id): officer.name for officer in officers.listing()}
    rows = [
        {
            "when": format_datetime(entry.at, "d MMM yyyy, HH.mm.ss"),
            "actor": _actor(entry.actor),
            "action": _action(entry.action),
            "object": names.get(entry.object_id, entry.object_type),
            "object_id": "" if entry.object_id in names else entry.object_id,
            "facts": ", ".join(
                f"{_name(name)}: {_fact(value)}" for name, value in sorted(entry.facts.items())
            ),
        }
        for entry in entries
    ]
    return render(
        "desk/audit.html",
        tabs=settings_tabs(current_actor(), "audit"),
        rows=rows,
        next_url=f"{URL}?before={following}" if following else "",
        first_url=URL if before else "",
    )


def _action(action: str) -> str:
    """The host's own actions in words; a plugin's stay as the plugin wrote them."""
    words = {
        "login.password": _("Masuk dengan sandi"),
        "login.refused": _("Sandi salah"),
        "login.code": _("Masuk dengan kode"),
        "login.code_refused": _("Kode salah"),
        "login.ended": _("Keluar"),
        "session.ended": _("Sesi diakhiri"),
        "second_factor.set_up": _("Kode masuk dipasang"),
        "password.changed": _("Sandi diganti"),
        "officer.ensured": _("Petugas disimpan"),
        "officer.on": _("Akun dinyalakan"),
        "officer.off": _("Akun dimatikan"),
        "officer.reset": _("Sandi diatur ulang"),
        "api_key.created": _("Kunci API dibuat"),
        "api_key.revoked": _("Kunci API diakhiri"),
        "plugin.on": _("Layanan dinyalakan"),
        "plugin.off": _("Layanan dimatikan"),
        "plugin.settings": _("Pengaturan layanan diubah"),
    }
    return str(words.get(action, action))


def _actor(name: str) -> str:
    words = {
        "anonymous": _("Pengunjung"),
        "system": _("Sistem"),
        "api": _("Kunci API"),
        "officer": _("Petugas"),
    }
    return str(words.get(name, name))


def _name(fact: str) -> str:
    words = {"role": _("peran"), "second_factor": _("kode masuk"), "permissions": _("hak"), "way": _("cara")}
    return str(words.get(fact, fact))


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return str(_("ya") if value else _("tidak"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
