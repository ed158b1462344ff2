"""The inbox: one list for every channel, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast, get_args

from flask import redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts import Box, Filters
from plugins.lapor.desk import deeds, saved
from plugins.lapor.desk.rows import grouped
from plugins.lapor.present import long_day, today, zone
from plugins.lapor.states import STATUSES
from plugins.lapor.words import status_title
from superapp.sdk import Actor, current_actor, directory, language, now, permit, render

NARROWING = ("category", "area", "channel", "reporter", "status", "order")
PAGE = 25


@permit("lapor.inbox")
def inbox() -> str | Response:
    """One box, narrowed by the query: box, q, category, area, channel, reporter, status, order, after.

    Without a query the actor's day begins: with the view they chose, else with their first box.
    """
    actor = current_actor()
    if not request.args and (first := saved.first_query()):
        return redirect(url_for(".inbox", **first), 303)
    box, filters, cursor = asked_box(actor), asked_filters(), request.args.get("after") or None
    page = queries.inbox(box, filters, cursor, limit=PAGE)
    query: dict[str, Any] = {"box": box, **asked()}
    return render(
        "lapor/desk/inbox.html",
        box=box,
        title=box_titles()[box],
        tabs=tabs(actor, box),
        filters=filter_fields(filters),
        orders=order_titles(),
        order=filters.order,
        views=saved.links(actor, query),
        sharings=saved.sharings(actor),
        bulk=deeds.actions(actor) if actor.may("lapor.handle") else [],
        query=query,
        search=filters.search,
        kept={name: query[name] for name in NARROWING if name in query},
        groups=grouped(page.items, query),
        partial=bool(cursor or page.next),
        narrowed=bool(set(query) - {"box"}),
        shown=len(page.items),
        next_url=url_for(".inbox", **query, after=page.next) if page.next else "",
        first_url=url_for(".inbox", **query) if cursor else "",
        moment=f"{long_day(today())}, {format_datetime(now(), 'HH.mm')} {now().astimezone(zone()):%Z}",
    )


def box_titles() -> dict[Box, str]:
    """What each box is called, in the order of the tabs."""
    return {
        "unverified": _("Perlu verifikasi"),
        "priority": _("Didahulukan"),
        "agency": _("Unit saya"),
        "referral": _("Tembusan"),
        "mine": _("Tugas saya"),
        "overdue": _("Lewat batas"),
        "all": _("Semua"),
    }


def boxes_of(actor: Actor) -> tuple[Box, ...]:
    """The boxes that mean something to this actor: no own unit, no box of it."""
    whole = actor.may("lapor.all") or actor.may("lapor.verify")
    left_out = {
        "unverified": not whole,
        "agency": actor.agency_id is None,
        "referral": not counts().get("referral"),
    }
    return tuple(box for box in box_titles() if not left_out.get(box))


def first_box(actor: Actor) -> Box:
    """Where this actor's day begins."""
    if actor.may("lapor.verify"):
        return "unverified"
    return "all" if actor.may("lapor.all") or actor.agency_id is None else "agency"


def asked_box(actor: Actor) -> Box:
    """The box of the query, or the one where the actor's day begins."""
    asked = request.args.get("box", "")
    return cast(Box, asked) if asked in get_args(Box) else first_box(actor)


def asked() -> dict[str, Any]:
    """The query's narrowing, without what is empty: what a link back has to carry."""
    names = ("q", *NARROWING)
    return {name: value for name in names if (value := request.args.get(name, "").strip()[:200])}


def asked_filters() -> Filters:
    """The same as a value."""
    given = asked()
    search = given.pop("q", "")
    return Filters(**given, search=search)


def counts() -> Mapping[Box, int]:
    """How many lie in each box; read once a request, for the tabs and the navigation."""
    return saved.start().counts


def tabs(actor: Actor, current: Box) -> list[dict[str, Any]]:
    """The boxes as the tabs macro takes them."""
    numbers, titles = counts(), box_titles()
    return [
        {
            "title": titles[box],
            "url": url_for(".inbox", box=box),
            "count": thousands(numbers.get(box, 0)),
            "current": box == current,
            "tone": "late" if box == "overdue" and numbers.get(box) else "",
        }
        for box in boxes_of(actor)
    ]


def thousands(number: int) -> str:
    """1284 -> "1.284", as Indonesian writes it."""
    return f"{number:,}".replace(",", ".")


def order_titles() -> list[tuple[str, str]]:
    """The orders of a list, as they are written out."""
    return [
        ("", _("Urut: batas waktu terdekat")),
        ("new", _("Urut: terbaru masuk")),
        ("old", _("Urut: terlama masuk")),
    ]


def filter_fields(filters: Filters) -> list[dict[str, Any]]:
    """The four ways to narrow the list, as the filter_bar macro takes them."""
    return [
        {
            "name": "category",
            "label": _("Jenis"),
            "value": filters.category,
            "options": [(each.code, each.name) for each in queries.categories()],
        },
        {"name": "area", "label": _("Wilayah"), "value": filters.area, "options": area_options()},
        {
            "name": "channel",
            "label": _("Saluran"),
            "value": filters.channel,
            "options": list(queries.channels().items()),
        },
        {
            "name": "reporter",
            "label": _("Pelapor"),
            "value": filters.reporter,
            "options": [("anonymous", _("anonim")), ("secret", _("rahasia"))],
        },
        {
            "name": "status",
            "label": _("Keadaan"),
            "value": filters.status,
            "options": status_options(language()),
        },
    ]


@cache
def status_options(language: str) -> list[tuple[str, str]]:
    """The states in words of a language, which is the reader's."""
    return [(status, status_title(status)) for status in STATUSES]


def area_options() -> list[tuple[str, str]]:
    """Each kecamatan (of a province: each kabupaten and kota), its villages below it."""
    areas = directory.areas().values()
    villages: dict[str | None, list[tuple[str, str]]] = {}
    for area in areas:
        if area.parent_code is not None:
            villages.setdefault(area.parent_code, []).append((area.code, f"\u2003{area.name}"))
    found: list[tuple[str, str]] = []
    for area in areas:
        if area.parent_code is None:
            found += [(area.code, area.name), *villages.get(area.code, [])]
    return found
