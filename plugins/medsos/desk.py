"""The desk's pages of social media: paste a post, get a case and two ready replies."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.contracts.door import DOOR
from plugins.medsos import replies, service
from superapp.sdk import (
    Conflict,
    Invalid,
    PluginRefused,
    address,
    current_actor,
    current_tenant,
    directory,
    permit,
    rate_limit,
    render,
    settings_of,
    use,
)

ENTER = "lapor.enter"
FIELDS = ("link", "text", "handle", "category", "address", "area")
PER_HOUR = 240
bp = Blueprint(
    "medsos_desk", __name__, url_prefix="/meja/medsos", template_folder="templates", static_folder="static"
)
# What the bookmark does: the address of the open page and the marked words go behind the # of ours, which
# no browser sends to any server.
BOOKMARK = (
    "javascript:(()=>{{const s=String(getSelection()).slice(0,4000);"
    "open('{page}#tautan='+encodeURIComponent(location.href)+'&teks='+encodeURIComponent(s),'_blank','noopener')}})()"
)


@bp.get("/")
@permit(ENTER)
def index() -> str:
    """The paste box, how the bookmark is set up, and the latest posts."""
    return _page(dict.fromkeys(FIELDS, ""))


@bp.post("/")
@permit(ENTER)
def take() -> Response:
    """Make a post a case; a known one shows its case."""
    values = {name: request.form.get(name, "").strip() for name in FIELDS}
    rate_limit("medsos.take", str(current_actor().id), PER_HOUR, 3600)
    try:
        post_id, known = service.take(**values)
    except (Invalid, PluginRefused, Conflict) as error:
        return make_response(_page(values, error), error.status)
    flash(_("Unggahan ini sudah dicatat. Ini laporannya.") if known else _("Unggahan menjadi laporan."))
    return redirect(url_for(".show", post_id=post_id), 303)


@bp.get("/<uuid:post_id>")
@permit(ENTER)
def show(post_id: UUID) -> str:
    """The case of a post, and what to answer its writer."""
    post = service.one(post_id)
    by = _signature()
    follow = address(f"/lapor/lacak/{post.number}")
    claim = address(f"/medsos/klaim/{post.token}") if post.token else ""
    until = post.ends_at.astimezone(ZoneInfo(current_tenant().timezone)).date()
    return render(
        "medsos/meja/one.html",
        post=post,
        platform=_platforms()[post.platform],
        when=format_datetime(post.taken_at, "d MMM, HH.mm"),
        claimed=format_datetime(post.claimed_at, "d MMM, HH.mm") if post.claimed_at else "",
        public=replies.public(post.platform, number=post.number, follow=follow, by=by) if post.case else "",
        limit=replies.limit_of(post.platform),
        direct=replies.direct(number=post.number, claim=claim, until=until, by=by) if claim else "",
    )


def _page(values: dict[str, str], error: Invalid | PluginRefused | Conflict | None = None) -> str:
    errors = {each.field: each.message for each in (error.errors if error else ())}
    if error is not None and not errors:
        errors = {"text": str(error)}
    return render(
        "medsos/meja/index.html",
        values=values,
        errors=errors,
        summary=[{"field": name, "message": message} for name, message in errors.items()],
        categories=_categories(),
        areas=[
            (each.code, each.name)
            for each in sorted(directory.areas().values(), key=lambda area: area.name)
            if each.level != "kecamatan"
        ],
        bookmark=BOOKMARK.format(page=address("/meja/medsos/")),
        rows=[
            {
                "id": each.id,
                "number": each.number,
                "platform": _platforms()[each.platform],
                "handle": each.handle,
                "when": format_datetime(each.taken_at, "d MMM, HH.mm"),
                "chip": _chip(each),
            }
            for each in service.latest()
        ],
    )


def _categories() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in use(DOOR).categories():
        groups.setdefault(each.group, []).append((each.code, each.name))
    return list(groups.items())


def _chip(post: service.Found) -> tuple[str, str, str]:
    if post.claimed_at:
        return _("diambil pengunggah"), "check", "ok"
    if post.token:
        return _("menunggu pengunggah"), "clock", "neutral"
    return _("tanpa tautan klaim"), "pause", "neutral"


def _platforms() -> dict[str, str]:
    return {
        "instagram": "Instagram",
        "facebook": "Facebook",
        "x": "X",
        "tiktok": "TikTok",
        "youtube": "YouTube",
        "threads": "Threads",
        "other": _("situs lain"),
    }


def _signature() -> str:
    tenant = current_tenant()
    return str(settings_of(tenant, "medsos")["signature"]) or tenant.name
