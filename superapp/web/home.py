"""The citizens' front page, the tenant's colours, and the choice of language and theme."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from superapp.context import current_tenant
from superapp.errors import Invalid
from superapp.identity.permit import public
from superapp.plugin.contracts import Slot, Tile
from superapp.plugin.hooks import ask
from superapp.plugin.hookspecs import superapp_home_tiles, superapp_page_slot
from superapp.web import fastlane, pages

bp = Blueprint("web", __name__)

SLOTS = ("home.question", "home.common", "home.list", "home.figure", "home.news")
FRESH_SECONDS = 5.0
YEAR = 31_536_000


@bp.get("/")
@public
def home() -> Response:
    """The front page, at most five seconds old, so that a rush of readers asks the plugins once."""
    body = pages.render("home.html", tiles=_tiles(), slots=_slots()).encode()
    response = Response(body, content_type="text/html; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "private, no-cache"
    return fastlane.keep(response, FRESH_SECONDS)


def _tiles() -> list[Tile]:
    answers = ask(superapp_home_tiles, tenant=current_tenant())
    return sorted((answer.value for answer in answers), key=lambda tile: (tile.order, tile.key))


def _slots() -> dict[str, list[Slot]]:
    filled = {}
    for name in SLOTS:
        answers = ask(superapp_page_slot, tenant=current_tenant(), slot=name)
        filled[name] = sorted((answer.value for answer in answers), key=lambda slot: slot.order)
    return filled


@bp.get("/tema.css")
@public
def theme_css() -> Response:
    """The tenant's colours; its address changes with them, so it may be kept for a year."""
    response = Response(pages.theme_css(current_tenant()), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@bp.get("/manifest.webmanifest")
@public
def web_manifest() -> Response:
    """What a phone needs to put the city's app on its home screen."""
    import orjson

    tenant = current_tenant()
    colour = tenant.theme.get("light", {}).get("brand", "#333333")
    facts = {
        "name": tenant.name,
        "short_name": tenant.name,
        "start_url": "/",
        "display": "standalone",
        "theme_color": colour,
        "background_color": "#f8f6f2",
        "lang": tenant.locale,
    }
    return Response(orjson.dumps(facts), content_type="application/manifest+json")


@bp.post("/pilihan")
@public
def preferences() -> BaseResponse:
    """Remember language or theme on this device, then go back to the page."""
    response = make_response(redirect(_back(), 303))
    for name, allowed in (("lang", pages.LANGUAGES), ("theme", ("", *pages.THEMES))):
        chosen = request.form.get(name)
        if chosen is None:
            continue
        if chosen not in allowed:
            raise Invalid(detail=f"{name}: pilih {', '.join(filter(None, allowed))}.")
        response.set_cookie(
            name, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response


def _back() -> str:
    """The path of the page the form stood on; never another site."""
    asked = urlsplit(request.form.get("next", "/"))
    safe = asked.path.startswith("/") and not asked.path.startswith("//") and "\\" not in asked.path
    return asked.path if safe else "/"
