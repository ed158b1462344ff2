"""The rows of the inbox: grouped by urgency, each with what an officer decides by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor import queries
from plugins.lapor.contracts import ClockChip, InboxRow
from plugins.lapor.present import short_day, today, zone
from plugins.lapor.states import TABLE, UNVERIFIED
from superapp.sdk import current_actor, current_tenant

SOON_DAYS = 2
DECIDE_AFTER = 2  # bounces
MOVING = frozenset(state for state, action in TABLE if action == "hold")
ICONS = {
    "web": "globe",
    "api": "grid",
    "phone": "phone",
    "whatsapp": "whatsapp",
    "counter": "counter",
    "social": "share",
    "email": "mail",
    "national": "refresh",
}


def urgency(clock: ClockChip) -> str:
    """Which group a row belongs to: late, today, soon, later, paused or done."""
    if clock.state in {"late", "paused", "done"}:
        return clock.state
    if clock.days_left <= 0:
        return "today"
    return "soon" if clock.days_left <= SOON_DAYS else "later"


def grouped(rows: Iterable[InboxRow], query: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The groups that have rows, in the order of their urgency, each with its title."""
    titles = {
        "priority": _("Didahulukan, belum selesai"),
        "late": _("Lewat batas"),
        "today": _("Batas hari ini"),
        "soon": _("Besok dan lusa"),
        "later": _("Nanti"),
        "paused": _("Jam berhenti"),
        "done": _("Selesai"),
    }
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in titles}
    channels = queries.channels()
    for each in rows:
        found["priority" if each.priority else urgency(each.clock)].append(row(each, query, channels))
    return [(titles[key], items) for key, items in found.items() if items]


def row(each: InboxRow, query: Mapping[str, Any], channels: Mapping[str, str]) -> dict[str, Any]:
    """A row as the inbox_row macro takes it."""
    may = current_actor().may
    return {
        "id": each.id,
        "url": url_for(".case", number=each.number, **query),
        "title": each.title,
        "number": short_number(each.number),
        "place": ", ".join(part for part in (each.address, each.area.split(", ")[0]) if part),
        "extra": ", ".join(specials(each)),
        "clock": each.clock,
        "suggestion": unit(each),
        "pick": f"{each.number}:{each.version}",
        "key": "1" if each.status in UNVERIFIED and each.suggestion and may("lapor.dispose") else "",
        "ask_url": url_for(".case", number=each.number, **query, buka="ask", _anchor="step-ask")
        if may("lapor.handle") and each.status in MOVING
        else "",
        "channel": {
            "icon": ICONS.get(each.channel, "globe"),
            "title": channels.get(each.channel, each.channel),
        },
        "came": short_day(each.received_at.astimezone(zone()).date()),
    }


def unit(each: InboxRow) -> dict[str, Any] | None:
    """Who has it, or who is suggested; after two returns nobody is: the officer decides."""
    if each.status not in UNVERIFIED and each.agency:
        return {"name": each.agency.short_name or each.agency.name, "strength": 0}
    if each.bounces >= DECIDE_AFTER or not each.suggestion:
        return {"name": "", "decide": True} if each.status in UNVERIFIED else None
    return {"name": each.suggestion, "strength": each.strength}


def specials(each: InboxRow) -> list[str]:
    """What sets this row apart."""
    found = [each.note] if each.note else []
    if each.rung:
        found.append(_("diberitahukan ke %(who)s", who=each.rung_who))
    if each.unsolved:
        found.append(ngettext("belum selesai kata pelapor", "%(num)s kali belum selesai", each.unsolved))
    if each.secret:
        found.append(_("rahasia"))
    return found


def short_number(number: str) -> str:
    """ "DPS-2026-000123" -> "000123" in the year it belongs to; whole in any other."""
    return number.removeprefix(f"{current_tenant().short_code}-{today().year}-")
