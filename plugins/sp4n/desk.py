"""The desk pages of SP4N-LAPOR!: the connection, the national categories, the contract."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.sp4n import categories, connecting, contract_reading, present
from plugins.sp4n.contract import BadContract
from plugins.sp4n.transport import National
from superapp.sdk import Conflict, Invalid, current_tenant, permit, rate_limit, render, settings_of

MANAGE: Final = "sp4n.manage"
bp = Blueprint(
    "sp4n_desk",
    __name__,
    url_prefix="/meja/sp4n",
    template_folder="templates",
    static_folder="static",
)


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """The connection as it stands, its form, and the last trial."""
    return _index(settings_of(current_tenant(), connecting.PLUGIN))


@bp.post("/")
@permit(MANAGE)
def connect() -> Response:
    """Connect, or change the connection; the form again, filled, when something is wrong."""
    form = request.form
    given: dict[str, Any] = {
        **{name: form.get(name, "").strip() for name in ("transport", "base_url", "takes", "agency_code")},
        "categories": form.getlist("categories"),
        "identity": form.get("identity") == "1",
    }
    if token := form.get("token", "").strip():
        given["token"] = token
    try:
        connecting.connect(given)
    except Invalid as error:
        settings = {**settings_of(current_tenant(), connecting.PLUGIN), **given}
        return make_response(_index(settings, error), error.status)
    flash(_("Tersambung. Uji dulu sebelum mengandalkannya."))
    return _back()


@bp.post("/putus")
@permit(MANAGE)
def disconnect() -> Response:
    """End the connection, with a reason."""
    try:
        connecting.disconnect(request.form.get("reason", ""))
    except (Invalid, Conflict) as error:
        settings = settings_of(current_tenant(), connecting.PLUGIN)
        return make_response(_index(settings, error if isinstance(error, Invalid) else None), error.status)
    flash(_("Sambungan diputus. Nomor dan catatannya tetap tersimpan."))
    return _back()


@bp.post("/uji")
@permit(MANAGE)
def trial() -> Response:
    """Have a job try it; the result shows on the page."""
    rate_limit("sp4n.try", str(current_tenant().id), 30, 3600)
    connecting.ask_trial()
    flash(_("Sedang diuji. Muat ulang halaman ini beberapa detik lagi."))
    return _back()


@bp.get("/kategori")
@permit(MANAGE)
def mapping() -> str:
    """Each category with its place in the national tree."""
    return _mapping()


@bp.post("/kategori")
@permit(MANAGE)
def save_mapping() -> Response:
    """Keep the table; the form again, filled, when something is wrong."""
    form = request.form
    given = {
        code: National(form.get(f"main-{code}", ""), form.get(f"sub-{code}", ""))
        for code in (name.removeprefix("main-") for name in form if name.startswith("main-"))
    }
    try:
        changed = categories.save(given)
    except Invalid as error:
        return make_response(_mapping(given, error), error.status)
    flash(_("Tersimpan. %(count)s kategori berubah.", count=changed))
    return redirect(url_for("sp4n_desk.mapping"), 303)


@bp.get("/kontrak")
@permit(MANAGE)
def contract() -> str:
    """The contract in force."""
    kept = settings_of(current_tenant(), connecting.PLUGIN)["contract"]
    return _contract(kept or contract_reading.default_text(), own=bool(kept))


@bp.post("/kontrak")
@permit(MANAGE)
def save_contract() -> Response:
    """Judge it line by line and keep it, or look only, or go back to the one that came with the plugin."""
    text, what = request.form.get("contract", ""), request.form.get("what", "save")
    kept = bool(settings_of(current_tenant(), connecting.PLUGIN)["contract"])
    try:
        if what == "default":
            connecting.save_contract("")
            flash(_("Kontrak bawaan dipakai lagi."))
        elif what == "check":
            contract_reading.read(text)
            return make_response(_contract(text, own=kept, fine=True))
        else:
            connecting.save_contract(text)
            flash(_("Kontrak tersimpan dan berlaku mulai sekarang."))
    except BadContract as bad:
        return make_response(_contract(text, own=kept, bad=bad), 422)
    return redirect(url_for("sp4n_desk.contract"), 303)


def _back() -> Response:
    return redirect(url_for("sp4n_desk.index"), 303)


def _index(settings: Any, error: Invalid | None = None) -> str:
    return render(
        "sp4n/meja/index.html",
        tabs=present.tabs("index"),
        it=present.connection(connecting.living(), connecting.last_trial()),
        typed=settings,
        has_token=bool(settings_of(current_tenant(), connecting.PLUGIN)["token"]),
        choices=present.choices(),
        unmapped=present.unmapped(),
        reason=request.form.get("reason", ""),
        **present.faults(error),
    )


def _mapping(given: dict[str, National] | None = None, error: Invalid | None = None) -> str:
    return render(
        "sp4n/meja/kategori.html",
        tabs=present.tabs("mapping"),
        groups=present.groups(given or {}),
        names=present.national_names(),
        unmapped=present.unmapped(),
        **present.faults(error),
    )


def _contract(text: str, *, own: bool, bad: BadContract | None = None, fine: bool = False) -> str:
    return render(
        "sp4n/meja/kontrak.html",
        tabs=present.tabs("contract"),
        text=text,
        own=own,
        fine=fine,
        faults=present.contract_faults(text, bad),
    )
