"""Clocks in words for pages: chips, units, reasons, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from plugins.lapor.clock import Reading
from plugins.lapor.contracts import ClockChip
from plugins.lapor.words import waiting_title


def chip(
    reading: Reading, due_at: datetime, zone: ZoneInfo, unit: str, waiting_for: str = "", how: str = ""
) -> ClockChip:
    """The chip of a clock; `how` says in which way a done case ended."""
    if reading.state == "done":
        text = ended(how)
    elif reading.state == "paused":
        text = waiting_title(waiting_for)
    else:
        text = (late if reading.state == "late" else left)(reading, due_at, zone, unit)
    return ClockChip(reading.state, text, reading.share, due_at, reading.left, waiting_for, unit)


def ended(how: str) -> str:
    """How it ended."""
    known = {
        "confirmed": _("selesai, dipastikan pelapor"),
        "automatic": _("selesai otomatis"),
        "archived": _("diarsipkan"),
        "withdrawn": _("diarsipkan"),
    }
    return str(known.get(how, _("selesai")))


def late(reading: Reading, due_at: datetime, zone: ZoneInfo, unit: str) -> str:
    """By how much it is over."""
    days = -reading.left
    if days > 0 and unit == "d":
        return str(ngettext("lewat %(num)s hari", "lewat %(num)s hari", days))
    if days > 0:
        return str(ngettext("lewat %(num)s hari kerja", "lewat %(num)s hari kerja", days))
    if unit == "h" and reading.today:
        return str(_("lewat sejak %(hour)s", hour=hour(due_at, zone)))
    return str(_("lewat batas"))


def left(reading: Reading, due_at: datetime, zone: ZoneInfo, unit: str) -> str:
    """What is left: days, or the hour of a limit in hours."""
    if unit == "h" and reading.today:
        return str(_("sampai %(hour)s", hour=hour(due_at, zone)))
    if unit == "h":
        day = format_date(due_at.astimezone(zone).date(), "d MMM")
        return str(_("sampai %(day)s, %(hour)s", day=day, hour=hour(due_at, zone)))
    if reading.today:
        return str(_("batas hari ini"))
    if unit == "d":
        return str(ngettext("sisa %(num)s hari", "sisa %(num)s hari", reading.left))
    if reading.left == 0:
        # The due day is no working day any more, or the limit is in calendar days.
        day = format_date(due_at.astimezone(zone).date(), "d MMM")
        return str(_("sampai %(day)s", day=day))
    return str(ngettext("sisa %(num)s hari kerja", "sisa %(num)s hari kerja", reading.left))


def hour(moment: datetime, zone: ZoneInfo) -> str:
    """ "16.00" on the wall."""
    return f"{moment.astimezone(zone):%H.%M}"


def unit_title(unit: str) -> str:
    """A unit beside a number."""
    titles = {"wd": _("hari kerja"), "d": _("hari"), "h": _("jam kerja")}
    return str(titles.get(unit, unit))


def reason(kept: str) -> str:
    """Why a day did not count, as it was kept, in the reader's language; names of holidays stay."""
    known = {
        "menunggu pelapor": _("menunggu pelapor"),
        "menunggu instansi lain": _("menunggu instansi lain"),
        "jeda": _("jeda"),
        "di luar jam kerja": _("di luar jam kerja"),
        "Sabtu": _("Sabtu"),
        "Minggu": _("Minggu"),
    }
    if kept in known:
        return str(known[kept])
    if kept.startswith("menunggu "):
        return str(_("menunggu %(party)s", party=kept.removeprefix("menunggu ")))
    return kept


def class_title(supervision: str) -> str:
    """A class of matters."""
    titles = {
        "normative": _("normatif"),
        "standard": _("tidak berkadar pengawasan"),
        "supervisory": _("berkadar pengawasan"),
    }
    return str(titles.get(supervision, supervision))


def authority_title(authority: str) -> str:
    """Whose limit it is."""
    return str({"national": _("nasional"), "tenant": _("kota")}.get(authority, authority))
