"""What everybody may look through: the public list, the kinds of matter, photos."""

from __future__ import annotations

from typing import Any, Literal, cast
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from plugins.lapor import queries, service
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.contracts import Filters
from plugins.lapor.states import STATUSES
from plugins.lapor.words import status_title
from superapp.sdk import directory, keep, public, render

LIST_SECONDS = 5.0
SHOWN = 20
HIDDEN_STATUSES = frozenset({"received"})
PHOTO_SECONDS = 300


@public
def listing() -> BaseResponse:
    """Reports that everybody may read, newest first, narrowed by kind, kecamatan and state."""
    chosen = {name: request.args.get(name, "")[:60] for name in ("jenis", "wilayah", "status")}
    cursor = request.args.get("setelah") or None
    filters = Filters(category=chosen["jenis"], area=chosen["wilayah"], status=chosen["status"])
    page = queries.public_list(filters, cursor, SHOWN)
    onwards: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    html = render(
        "lapor/citizen/list.html",
        page=page,
        chosen=chosen,
        groups=[
            (g, [(c.code, c.name) for c in found]) for g, found in citizen_form.by_group(queries.categories())
        ],
        districts=[(a.code, a.name) for a in directory.areas().values() if a.parent_code is None],
        statuses=[(each, status_title(each)) for each in STATUSES if each not in HIDDEN_STATUSES],
        next_url=url_for("lapor_citizen.listing", **onwards, setelah=page.next) if page.next else "",
        first_url=url_for("lapor_citizen.listing", **onwards) if cursor else "",
        narrowed=bool(onwards),
    )
    return keep(Response(html, content_type="text/html; charset=utf-8"), LIST_SECONDS)


@public
def kinds() -> BaseResponse:
    """All kinds of matter, each a way into the form."""
    groups = citizen_form.by_group(queries.categories())
    html = render("lapor/citizen/kinds.html", groups=groups, title=_("Semua jenis laporan"))
    return keep(Response(html, content_type="text/html; charset=utf-8"), LIST_SECONDS)


@public
def photo(number: str, photo_id: UUID, size: str) -> BaseResponse:
    """A photo: of a published report for everybody, else for the browser that holds its ticket."""
    ticket = citizen_session.ticket_for(number) or ""
    data, mimetype = service.open_photo(photo_id, cast(Literal["full", "thumb"], size), ticket=ticket)
    response = Response(data, content_type=mimetype)
    response.headers["Cache-Control"] = f"private, max-age={PHOTO_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
