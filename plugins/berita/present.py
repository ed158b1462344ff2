"""Words around an article: who, when, the tile and the news on the home page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from plugins.berita import queries
from plugins.berita.contracts import ArticleView
from superapp.sdk import Slot, Tenant, Tile, current_tenant, directory, language, render

TILE_LENGTH = 30
HOME_COUNT = 2


def unit_of(article: ArticleView) -> str:
    """The public name of the unit that wrote it; the government's when none is named."""
    agency = directory.agencies().get(article.agency_id) if article.agency_id else None
    return agency.name if agency else current_tenant().name


def day_of(article: ArticleView) -> str:
    """The day of publication in words; the year stands only when it is another one."""
    if article.publish_at is None:
        return ""
    # flask_babel turns the moment into the tenant's time first.
    this_year = format_date(article.publish_at, "yyyy") == str(queries.today().year)
    return str(format_date(article.publish_at, "d MMMM" if this_year else "d MMMM yyyy"))


def row(article: ArticleView) -> dict[str, Any]:
    """An article as a line of a list."""
    return {
        "title": article.title,
        "summary": article.summary,
        "language": article.language,
        "url": url_for("berita_citizen.page", slug=article.slug),
        "meta": f"{day_of(article)} · {unit_of(article)}",
    }


def tile(tenant: Tenant) -> Tile:
    """The tile: the newest title, or what the service is for."""
    newest = queries.headlines(language(), 1)
    line = shorten(newest[0].title) if newest else _("Kabar dan pengumuman")
    return Tile("berita", _("Berita"), line, url_for("berita_citizen.index"), "news", order=60)


def home_news(tenant: Tenant) -> Slot | None:
    """The newest two, pinned ones first; nothing while nothing was published."""
    articles = queries.headlines(language(), HOME_COUNT)
    if not articles:
        return None
    return Slot(Markup(render("berita/home.html", rows=[row(a) for a in articles])), order=50)  # noqa: S704


def shorten(text: str, length: int = TILE_LENGTH) -> str:
    """The first whole words that fit into `length` characters, with … when something is left out."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{(cut.rsplit(' ', 1)[0] or cut).rstrip(' ,.;:')}…"
