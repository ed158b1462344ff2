"""What became of a clock, in words: moves, pauses, warnings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _

from plugins.lapor.clock_words import authority_title, hour
from plugins.lapor.contracts import Deadline, TimelineItem
from plugins.lapor.present import long_day, short_day, zone
from plugins.lapor.words import event_title, step_title, waiting_title


def moves(item: TimelineItem) -> list[str]:
    """Each clock that an event moved: "Selesai (nasional): dari 27 Mar menjadi 30 Mar"."""
    return [_move(line) for line in item.data.get("moved") or ()]


def _move(line: dict[str, str]) -> str:
    name = step_title(line.get("step", ""))
    if line.get("authority"):
        name = f"{name} ({authority_title(line['authority'])})"
    if not line.get("from"):
        return str(_("%(step)s: mulai berjalan sampai %(to)s", step=name, to=_told(line["to"])))
    return str(
        _(
            "%(step)s: dari %(before)s menjadi %(to)s",
            step=name,
            before=_told(line["from"]),
            to=_told(line["to"]),
        )
    )


def _told(kept: str) -> str:
    """A day, or a day and an hour, as events keep them."""
    if "T" not in kept:
        return short_day(date.fromisoformat(kept))
    moment = datetime.fromisoformat(kept)
    return f"{short_day(moment.astimezone(zone()).date())}, {hour(moment, zone())}"


def awaited(item: TimelineItem) -> str:
    """Whom a hold waits for: a named institution, else in general."""
    party = item.data.get("party")
    return (
        str(_("menunggu %(party)s", party=party))
        if party
        else waiting_title(item.data.get("waiting_for", ""))
    )


def history(items: Iterable[TimelineItem]) -> list[tuple[str, str]]:
    """The lines of a clock's history, newest first: (when, what)."""
    found: list[tuple[datetime, str]] = []
    for item in items:
        for told in _lines(item):
            found.append((item.at, told))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [(f"{short_day(at.astimezone(zone()).date())}, {hour(at, zone())}", told) for at, told in found]


def _lines(item: TimelineItem) -> list[str]:
    if item.type == "hold":
        return [str(_("Jam berhenti: %(who)s", who=awaited(item)))]
    if item.type in {"warn", "escalate"}:
        told = _("%(what)s: %(who)s, tingkat %(level)s")
        return [told % {"what": event_title(item.type), "who": item.data["who"], "level": item.data["level"]}]
    if item.type == "late":
        return [event_title("late")]
    reason = f" {item.text}" if item.type == "clock_moved" and item.text else ""
    return [f"{line}.{reason}" for line in moves(item)]


def limit_title(each: Deadline) -> str:
    """How a limit ended: in time, late, or nothing while it runs."""
    if each.done_at is not None:
        return str(_("lewat") if each.done_at > each.due_at else _("terpenuhi"))
    return str(_("lewat")) if each.breached_at is not None else ""


def last_moment(each: Deadline) -> str:
    """The last day of a limit, with the hour for one in hours."""
    day = each.due_on or each.due_at.astimezone(zone()).date()
    return f"{short_day(day)}, {hour(each.due_at, zone())}" if each.unit == "h" else short_day(day)


def promised(each: Deadline) -> str:
    """The promised day for citizens: "Jumat, 27 Maret", with the hour for a limit in hours."""
    day = each.due_on or each.due_at.astimezone(zone()).date()
    if each.unit != "h":
        return long_day(day)
    return str(_("%(day)s, sampai %(hour)s", day=long_day(day), hour=hour(each.due_at, zone())))
