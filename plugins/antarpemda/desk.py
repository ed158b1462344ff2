"""The desk pages of links: what each side consents to, in words, and the form to say it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.antarpemda import links
from plugins.antarpemda.links import Link
from plugins.antarpemda.models import Heard, Terms
from plugins.antarpemda.scope import Scope
from plugins.lapor.contracts.door import DOOR
from superapp.sdk import Invalid, directory, permit, rate_limit, render, use

MANAGE = "antarpemda.manage"
bp = Blueprint("antarpemda_desk", __name__, url_prefix="/meja/antarpemda", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """All links, and whom one may be proposed to."""
    found = links.listed()
    known = {each.slug for each in found}
    return render(
        "antarpemda/meja/index.html",
        rows=[_line(each) for each in found],
        others=[(slug, each.name) for slug, each in links.neighbours().items() if slug not in known],
    )


@bp.get("/buka")
@permit(MANAGE)
def choose() -> Response:
    """To the page of the government that was chosen from the list."""
    slug = request.args.get("slug", "")
    if slug not in links.neighbours():
        flash(_("Pilih pemerintah daerah dari daftar."))
        return redirect(url_for("antarpemda_desk.index"), 303)
    return redirect(url_for("antarpemda_desk.show", slug=slug), 303)


@bp.get("/<slug>")
@permit(MANAGE)
def show(slug: str) -> str:
    """One link: both sides' terms, and the forms."""
    return _page(slug)


@bp.post("/<slug>")
@permit(MANAGE)
def save(slug: str) -> Response:
    """Propose, accept, or change what this government consents to."""
    form = request.form
    rate_limit("antarpemda.consent", slug, 30, 3600)
    try:
        links.consent(
            slug,
            send=form.get("send") == "1",
            receive=form.get("receive") == "1",
            categories=[each for each in form.getlist("categories") if each in _categories()],
            identity=form.get("identity") == "1",
            agency_code=form.get("agency", ""),
        )
    except Invalid as error:
        return make_response(_page(slug, error=error), 422)
    if links.one(slug).scope is not None:
        flash(_("Tersambung. Yang disetujui kedua pihak langsung berlaku."))
    else:
        flash(_("Tersimpan dan dikabarkan ke sana. Sambungan berlaku setelah sana menyetujui."))
    return _back(slug)


@bp.post("/<slug>/akhiri")
@permit(MANAGE)
def end(slug: str) -> Response:
    """End this side's consent, with a reason."""
    try:
        links.end(slug, reason=request.form.get("reason", ""))
    except Invalid as error:
        return make_response(_page(slug, ending=error), 422)
    flash(_("Sambungan diakhiri. Laporan yang sudah di sana tetap di sana."))
    return _back(slug)


def _back(slug: str) -> Response:
    return redirect(url_for("antarpemda_desk.show", slug=slug), 303)


def _page(slug: str, *, error: Invalid | None = None, ending: Invalid | None = None) -> str:
    link = links.one(slug)
    errors = error.errors if error else ()
    return render(
        "antarpemda/meja/one.html",
        link=_line(link),
        slug=slug,
        ours=_terms(link.ours) if link.ours_hold and link.ours else [],
        theirs=_terms(link.theirs) if link.theirs_hold and link.theirs else [],
        both=_agreed(link.scope) if link.scope else [],
        held=link.ours_hold,
        answer=link.theirs_hold and not link.ours_hold,
        there=link.there,
        typed=_typed(link, given=error is not None),
        agencies=[(each.code, each.name) for each in directory.agencies().values() if each.is_external],
        categories=list(_categories().items()),
        errors={each.field: each.message for each in errors},
        summary=[{"field": each.field, "message": each.message} for each in errors],
        why=ending.errors[0].message if ending else "",
        reason=request.form.get("reason", "") if ending else "",
    )


def _line(link: Link) -> dict[str, Any]:
    if link.scope is not None:
        chip = (_("tersambung"), "check", "ok")
    elif not link.there:
        chip = (_("tidak ada di layanan ini"), "alert", "late")
    elif link.theirs_hold and not link.ours_hold:
        chip = (_("sana mengajukan, menunggu Anda"), "clock", "near")
    elif link.ours_hold and not link.theirs_hold:
        chip = (_("menunggu persetujuan sana"), "clock", "neutral")
    elif link.ours_hold:
        chip = (_("tidak ada yang cocok"), "alert", "near")
    else:
        chip = (_("tidak tersambung"), "x", "neutral")
    return {
        "slug": link.slug,
        "title": link.title,
        "url": url_for("antarpemda_desk.show", slug=link.slug),
        "chip": chip,
        "words": _direction(link.scope.send, link.scope.receive) if link.scope else "",
        "ended": _ended(link),
        "heard": format_datetime(link.theirs.heard_at, "d MMM yyyy, HH.mm") if link.theirs else "",
    }


def _ended(link: Link) -> str:
    if link.theirs is not None and not link.theirs_hold:
        return str(_("Sana mengakhirinya: %(why)s", why=link.theirs.reason or _("tanpa alasan")))
    if link.ours is not None and not link.ours_hold and link.ours.reason:
        return str(_("Diakhiri dari sini: %(why)s", why=link.ours.reason))
    return ""


def _terms(side: Terms | Heard) -> list[tuple[str, str]]:
    return _facts(side.send, side.receive, side.categories, identity=side.identity)


def _agreed(scope: Scope) -> list[tuple[str, str]]:
    return _facts(scope.send, scope.receive, sorted(scope.categories or ()), identity=scope.identity)


def _facts(send: bool, receive: bool, categories: list[str], *, identity: bool) -> list[tuple[str, str]]:
    names = _categories()
    kinds = ", ".join(names.get(code, code) for code in categories) or _("semua jenis laporan")
    travels = _("ikut, kecuali pelapor anonim") if identity else _("tidak ikut")
    return [
        (_("Arah"), _direction(send, receive)),
        (_("Jenis laporan"), kinds),
        (_("Nama dan nomor pelapor"), travels),
    ]


def _direction(send: bool, receive: bool) -> str:
    if send and receive:
        return str(_("menyerahkan dan menerima laporan"))
    if send:
        return str(_("hanya menyerahkan laporan"))
    return str(_("hanya menerima laporan")) if receive else str(_("tidak ada"))


def _typed(link: Link, *, given: bool) -> dict[str, Any]:
    """What the form shows: what was typed, else our terms, else an answer that fits theirs."""
    if given:
        form = request.form
        typed = {name: form.get(name) == "1" for name in ("send", "receive", "identity")}
        return {**typed, "categories": form.getlist("categories"), "agency": form.get("agency", "")}
    if link.ours is not None:
        side: Terms | Heard = link.ours
        send, receive, agency = side.send, side.receive, link.ours.agency_code or ""
    elif link.theirs is not None:
        side, agency = link.theirs, ""
        send, receive = side.receive, side.send
    else:
        return {"send": True, "receive": True, "identity": False, "categories": [], "agency": ""}
    return {
        "send": send,
        "receive": receive,
        "identity": side.identity,
        "categories": side.categories,
        "agency": agency,
    }


def _categories() -> dict[str, str]:
    return {each.code: each.name for each in use(DOOR).categories()}
