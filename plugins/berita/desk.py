"""News at the desk: the list, and the editor with its preview drawn by the server."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.berita import forms, queries, service
from plugins.berita.contracts import LANGUAGES, ArticleView
from plugins.berita.markdown import to_html
from plugins.berita.models import Article
from plugins.berita.present import unit_of
from superapp.sdk import (
    AppError,
    BadRequest,
    Conflict,
    FieldError,
    Invalid,
    current_actor,
    directory,
    new_id,
    now,
    permit,
    render,
)

bp = Blueprint("berita_desk", __name__, url_prefix="/meja/berita", template_folder="templates")


@bp.get("/")
@permit(service.WRITE, service.PUBLISH)
def index() -> str:
    """All articles, or those of one box."""
    box = request.args.get("kotak", "semua")
    if box not in queries.BOXES:
        raise BadRequest(detail=_("Pilih kotak dari daftar."))
    articles, after = queries.desk_list(box, _uuid(request.args.get("sesudah", "")))
    return render(
        "berita/meja/index.html",
        box=box,
        boxes=_boxes(box),
        rows=[
            {"article": article, "state": _state(article), "unit": unit_of(article)} for article in articles
        ],
        next_url=url_for("berita_desk.index", kotak=box, sesudah=after) if after else "",
        first_url=url_for("berita_desk.index", kotak=box) if "sesudah" in request.args else "",
    )


@bp.get("/baru")
@permit(service.WRITE)
def new() -> str:
    """An empty editor; the officer's own unit is chosen already."""
    agency = directory.agencies().get(current_actor().agency_id or UUID(int=0))
    return _editor(None, {"id": str(new_id()), "version": "0", "agency": agency.code if agency else ""})


@bp.post("/baru")
@permit(service.WRITE)
def create() -> Response:
    """Make an article, preview it, or publish it at once."""
    return _save(None)


@bp.get("/<uuid:article_id>")
@permit(service.WRITE, service.PUBLISH)
def edit(article_id: UUID) -> str:
    """The editor with an article in it."""
    article, texts = queries.editing(article_id)
    agency = directory.agencies().get(article.agency_id or UUID(int=0))
    given = {
        "id": str(article.id),
        "version": str(article.version),
        "agency": agency.code if agency else "",
        "publish_at": forms.local(article.publish_at),
        "pinned_until": article.pinned_until.isoformat() if article.pinned_until else "",
    }
    for language, text in texts.items():
        given |= {f"title_{language}": text.title, f"summary_{language}": text.summary}
        given |= {f"body_{language}": text.body}
    return _editor(article, given)


@bp.post("/<uuid:article_id>")
@permit(service.WRITE, service.PUBLISH)
def change(article_id: UUID) -> Response:
    """Keep, preview or publish what was typed; archive or restore."""
    article, _texts = queries.editing(article_id)
    if request.form.get("do") in {"archive", "restore"}:
        return _move(article)
    return _save(article)


def _move(article: Article) -> Response:
    deed, said = {
        "archive": (service.archive, _("Berita diarsipkan. Warga tidak lagi melihatnya.")),
        "restore": (service.restore, _("Berita menjadi draf lagi.")),
    }[request.form["do"]]
    deed(article.id, _version())
    flash(said)
    return redirect(url_for("berita_desk.edit", article_id=article.id), 303)


def _save(article: Article | None) -> Response:
    given = request.form.to_dict()
    do = given.get("do", "save")
    before = article.publish_at if article is not None and article.status == "published" else None
    try:
        draft = forms.read(given, before)
        if do == "preview":
            return make_response(_editor(article, given, preview=True))
        article_id = article.id if article is not None else _uuid(given.get("id", "")) or new_id()
        deed = service.publish if do == "publish" else service.write
        deed(draft, article_id, _version() if article is not None else 0)
    except (Invalid, Conflict) as error:  # what was typed stays in the form
        return make_response(_editor(article, given, error), error.status)
    flash(_said(do, draft.publish_at is not None and draft.publish_at > now()))
    return redirect(url_for("berita_desk.edit", article_id=article_id), 303)


def _said(do: str, later: bool) -> str:
    if do != "publish":
        return str(_("Tersimpan."))
    return str(_("Terjadwal. Berita terbit sendiri pada waktunya.") if later else _("Berita sudah terbit."))


def _editor(
    article: Article | None, given: Mapping[str, str], error: AppError | None = None, preview: bool = False
) -> str:
    errors = list(error.errors) if error else []
    if error and not errors:
        errors = [FieldError("", f"{error.title} {error.detail}")]
    shown = [
        (language, given.get(f"title_{language}", ""), to_html(given[f"body_{language}"]))
        for language in LANGUAGES
        if preview and given.get(f"body_{language}", "").strip()
    ]
    units = [(a.code, a.name) for a in directory.agencies().values() if not a.is_external]
    return render(
        "berita/meja/editor.html",
        article=article,
        state=_state_of(article),
        given=given,
        errors=errors,
        wrong={e.field: e.message for e in errors},
        units=units,
        preview=shown,
        may_publish=current_actor().may(service.PUBLISH),
        limits=forms,
    )


def _boxes(current: str) -> list[dict[str, object]]:
    titles = (_("Semua"), _("Draf"), _("Terjadwal"), _("Terbit"), _("Arsip"))
    return [
        {"title": title, "url": url_for("berita_desk.index", kotak=box), "current": box == current}
        for box, title in zip(queries.BOXES, titles, strict=True)
    ]


def _state(article: ArticleView) -> tuple[str, str, str]:
    """Words, icon and tone of an article's state."""
    return _told(article.status, article.publish_at)


def _state_of(article: Article | None) -> tuple[str, str, str]:
    return _told(article.status, article.publish_at) if article else (_("Draf baru"), "pencil", "neutral")


def _told(status: str, publish_at: object) -> tuple[str, str, str]:
    if status == "archived":
        return _("Arsip"), "lock", "neutral"
    if status == "draft" or publish_at is None:
        return _("Draf"), "pencil", "neutral"
    said = format_datetime(publish_at, "d MMM yyyy, HH.mm")
    if publish_at > now():  # type: ignore[operator]
        return _("terbit %(when)s", when=said), "clock", "near"
    return _("terbit sejak %(when)s", when=said), "check", "ok"


def _version() -> int:
    typed = request.form.get("version", "")
    if not (typed.isascii() and typed.isdigit() and 0 < len(typed) < 10):
        raise BadRequest(detail=_("Muat ulang halaman ini, lalu kirim lagi."))
    return int(typed)


def _uuid(typed: str) -> UUID | None:
    if not typed:
        return None
    try:
        return UUID(typed)
    except ValueError as error:
        raise BadRequest(detail=_("Muat ulang halaman ini, lalu kirim lagi.")) from error
