"""News for citizens: list, page, feed."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request, url_for

from plugins.berita import present, queries
from plugins.berita.markdown import to_html
from superapp.sdk import current_tenant, keep, language, public, render

bp = Blueprint("berita_citizen", __name__, url_prefix="/berita", template_folder="templates")


@bp.get("/")
@public
def index() -> Response:
    """All news, newest first; what is pinned stands on top of the first page."""
    cursor = request.args.get("sesudah", "")
    found = queries.public_list(language(), cursor)
    top = [] if cursor else queries.pinned(language())
    return _answer(
        "berita/index.html",
        pinned=[present.row(article) for article in top],
        rows=[present.row(article) for article in found.articles],
        next_url=url_for("berita_citizen.index", sesudah=found.after) if found.after else "",
        first_url=url_for("berita_citizen.index") if cursor else "",
    )


@bp.get("/<slug>")
@public
def page(slug: str) -> Response:
    """One article in the reader's language, or in Indonesian when there is no other."""
    article = queries.public_page(slug, language())
    return _answer(
        "berita/page.html",
        article=article,
        body=to_html(article.body),
        unit=present.unit_of(article),
        day=present.day_of(article),
        asked=language(),
    )


@bp.get("/umpan.xml")
@public
def feed() -> Response:
    """The newest twenty as an Atom feed (RFC 4287), in the reader's language."""
    found = queries.public_list(language(), size=20)
    articles = sorted(
        queries.pinned(language()) + found.articles, key=lambda article: str(article.publish_at), reverse=True
    )[:20]
    entries = [(article, to_html(article.body), present.unit_of(article)) for article in articles]
    updated = max((article.updated_at for article in articles), default=None)
    return _answer(
        "berita/umpan.xml",
        "application/atom+xml; charset=utf-8",
        entries=entries,
        updated=updated,
        authority=f"{current_tenant().host or request.host},2026",
    )


# A scheduled article appears at most this much later than its minute.
FRESH_SECONDS = 5.0


def _answer(template: str, kind: str = "text/html; charset=utf-8", **context: object) -> Response:
    """A page with an ETag, so that a reader who has it pays for a few bytes only."""
    body = render(template, **context).encode()
    response = Response(body, content_type=kind)
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return keep(response, FRESH_SECONDS)
