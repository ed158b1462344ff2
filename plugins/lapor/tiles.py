"""What LAPOR puts on the front page and in the citizens' bar."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from plugins.lapor import queries
from superapp.sdk import NavItem, Slot, Tenant, Tile, render

COMMON = 4
NEWEST = 3
MONTHS = 12
ICONS = {
    "LIGHT": "lamp",
    "WASTE": "trash",
    "ROAD": "road",
    "DRAIN": "drain",
    "RIVER": "bridge",
    "TREE": "tree",
    "WATER": "water",
    "TRAFFIC": "bus",
    "PARK": "parking",
    "ORDER": "sound",
    "SOCIAL": "users",
    "CIVIL": "id-card",
    "HEALTH": "heart",
    "EDU": "book",
    "MARKET": "store",
    "TAX": "tax",
    "POWER": "power",
    "ICT": "wifi",
    "INTEGRITY": "shield",
    "EMERGENCY": "siren",
}


def home_tile(tenant: Tenant) -> Tile:
    """The tile among the services: how many reports are open, or what it is for."""
    count = queries.figures(1).open
    line = ngettext("%(num)s laporan dikerjakan", "%(num)s laporan dikerjakan", count) if count else ""
    return Tile(
        "lapor",
        _("Laporan warga"),
        line or _("Lihat dan ikuti laporan"),
        url_for("lapor_citizen.listing"),
        "chat",
        10,
    )


def page_slot(tenant: Tenant, slot: str) -> Slot | None:
    """The question with its button, four usual matters, the newest reports and one honest figure."""
    made = SLOTS.get(slot)
    html = made() if made else ""
    return Slot(Markup(html), 10) if html.strip() else None  # noqa: S704 - a rendered template


def citizen_nav(tenant: Tenant) -> list[NavItem]:
    """Track and report, in the bottom bar and the header."""
    return [
        NavItem("lacak", _("Lacak"), url_for("lapor_citizen.find"), "search", order=20),
        NavItem("lapor", _("Lapor"), url_for("lapor_citizen.report"), "pencil", order=30),
    ]


def icon_of(code: str) -> str:
    """The drawn sign of a category, by its first part."""
    return ICONS.get(code.partition(".")[0], "chat")


def _question() -> str:
    return render("lapor/citizen/home_question.html")


def _short_names() -> dict[str, str]:
    """Names that fit under a sign on a phone."""
    return {
        "LIGHT.OUT": _("Lampu mati"),
        "WASTE.PILE": _("Sampah"),
        "ROAD.POTHOLE": _("Jalan rusak"),
        "DRAIN.CLOG": _("Drainase"),
        "ROAD.BRIDGE": _("Jembatan"),
    }


def _common() -> str:
    usual, names = queries.categories()[:COMMON], _short_names()
    items = [
        {
            "title": names.get(each.code, each.name),
            "url": url_for("lapor_citizen.report", jenis=each.code),
            "icon": icon_of(each.code),
        }
        for each in usual
    ]
    return render("lapor/citizen/home_common.html", items=items) if items else ""


def _newest() -> str:
    rows = queries.public_list(limit=NEWEST).items
    return render("lapor/citizen/home_list.html", rows=rows) if rows else ""


def _figure() -> str:
    """The share closed in time with its base; how many are in work while none is closed yet."""
    told = queries.figures(MONTHS)
    if not told.received:
        return ""
    share = told.on_time / told.closed if told.closed else None
    return render("lapor/citizen/home_figure.html", told=told, share=share, percent=round(100 * (share or 0)))


SLOTS: dict[str, Callable[[], str]] = {
    "home.question": _question,
    "home.common": _common,
    "home.list": _newest,
    "home.figure": _figure,
}
