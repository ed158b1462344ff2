"""The calendar at the desk: days off, gaps, files seen before they are taken in, versions and recounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.desk.time_rules import tabs, wrong
from plugins.lapor.present import long_day, moment, today
from plugins.lapor.service.time import recount, rules
from superapp.sdk import AppError, FieldError, Invalid, calendar, dayfile, permit, render, uploads

SHOWN = 10
KINDS = ("local", "national", "cuti_bersama")
FIELDS = ("day", "name", "kind", "document")


@permit(rules.RIGHT)
def page() -> str:
    """The days of one year with what is missing, and what the calendar was before."""
    return draw(_year())


@permit(rules.RIGHT)
def add() -> Response:
    """Add one day off."""
    given = {name: request.form.get(name, "").strip()[:300] for name in FIELDS}
    try:
        day = _day_off(given)
        rules.take_in([day], _("meja"))
    except Invalid as error:
        return make_response(draw(_year(), error=error, values=given), error.status)
    flash(_("%(day)s ditambahkan. Batas waktu yang berjalan dihitung ulang.", day=long_day(day.day)))
    return redirect(url_for(".time_days", tahun=day.day.year), 303)


@permit(rules.RIGHT)
def remove() -> Response:
    """Remove a day off that has not come yet."""
    given, name = request.form.get("day", ""), request.form.get("name", "")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    try:
        rules.take_out(day, name)
    except AppError as error:
        return make_response(draw(_year(), error=error), error.status)
    flash(_("%(day)s tidak lagi libur. Batas waktu yang berjalan dihitung ulang.", day=long_day(day)))
    return redirect(url_for(".time_days", tahun=day.year), 303)


@permit(rules.RIGHT)
@uploads
def preview() -> Response:
    """Read a file and show what it would change; nothing is written yet."""
    kind = request.form.get("kind", "local")
    document = request.form.get("document", "").strip()[:300]
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        missing = Invalid(errors=[FieldError("file", _("Pilih berkas CSV atau iCal."), "required")])
        return make_response(draw(_year(), error=missing), missing.status)
    days, findings = dayfile.read(
        sent.filename[:100],
        sent.read(dayfile.MOST_BYTES + 1),
        kind=kind if kind in KINDS else "local",
        document=document,
    )
    if findings:
        shown = findings[:SHOWN]
        refused = Invalid(errors=[FieldError("file", str(each), "format") for each in shown])
        return make_response(draw(_year(), error=refused), refused.status)
    return make_response(_preview(days, sent.filename[:100]))


@permit(rules.RIGHT)
def take_in() -> Response:
    """Write what the preview showed."""
    days, findings = dayfile.read("kalender.csv", request.form.get("days", "").encode())
    if findings:
        refused = Invalid(errors=[FieldError("file", str(each), "format") for each in findings[:SHOWN]])
        return make_response(draw(_year(), error=refused), refused.status)
    done = rules.take_in(days, request.form.get("source", "")[:100])
    flash(_("%(count)s hari diubah. Batas waktu yang berjalan dihitung ulang.", count=len(done)))
    return redirect(url_for(".time_days", tahun=days[0].day.year), 303)


def draw(year: int, *, error: AppError | None = None, values: dict[str, str] | None = None) -> str:
    """The page of a year."""
    return render(
        "lapor/desk/time/days.html",
        tabs=tabs("kalender"),
        year=year,
        years=[
            (each, url_for(".time_days", tahun=each)) for each in range(today().year - 1, today().year + 4)
        ],
        days=_days(year),
        gap=not _decreed(year),
        kinds=kind_options(),
        values=values or {"kind": "local"},
        versions=_versions(),
        runs=_runs(),
        **wrong(error),
    )


def kind_options() -> list[tuple[str, str]]:
    """What a day off may be."""
    return [
        ("local", _("Hari daerah")),
        ("cuti_bersama", _("Cuti bersama")),
        ("national", _("Libur nasional")),
    ]


def _preview(days: list[dayfile.DayOff], source: str) -> str:
    changes = dayfile.compare(days)
    words = {"new": _("baru"), "changed": _("berubah"), "same": _("sama")}
    return render(
        "lapor/desk/time/preview.html",
        tabs=tabs("kalender"),
        source=source,
        csv=dayfile.to_csv(days),
        changed=sum(each.action != "same" for each in changes),
        lines=[
            {
                "action": each.action,
                "word": words[each.action],
                "day": long_day(each.day.day),
                "name": each.day.name,
                "also": each.also,
                "stops": each.day.stops_clock,
            }
            for each in changes
        ],
    )


def _day_off(given: dict[str, str]) -> dayfile.DayOff:
    """The day that was typed. Raises Invalid naming each field."""
    errors = []
    try:
        day = date.fromisoformat(given["day"])
    except ValueError:
        day = date.min
        errors.append(FieldError("day", _("Tulis tanggal seperti 2026-03-27."), "format"))
    if not given["name"]:
        errors.append(FieldError("name", _("Isi nama harinya."), "required"))
    if given["kind"] not in KINDS:
        errors.append(FieldError("kind", _("Pilih dari daftar."), "choice"))
    if not given["document"]:
        errors.append(FieldError("document", _("Sebut dokumen yang menjadi dasarnya."), "required"))
    if errors:
        raise Invalid(errors=errors)
    return dayfile.DayOff(day, given["name"], given["kind"], True, given["document"])


def _days(year: int) -> list[dict[str, Any]]:
    """National and own days of a year in their order."""
    own = dayfile.listed(year)
    rows = [
        {"day": day, "name": name, "origin": _("nasional"), "stops": True, "document": "", "own": False}
        for day, name in calendar.national(year).items()
    ]
    titles = dict(kind_options())
    rows += [
        {
            "day": each.day,
            "name": each.name,
            "origin": titles.get(each.kind, each.kind).lower(),
            "stops": each.stops_clock,
            "document": each.document,
            "own": each.day >= today(),
        }
        for each in own
    ]
    rows.sort(key=lambda row: (row["day"], row["name"]))
    return [{**row, "told": long_day(row["day"]), "iso": row["day"].isoformat()} for row in rows]


def _decreed(year: int) -> bool:
    own = any(each.kind == "cuti_bersama" for each in dayfile.listed(year))
    return own or calendar.collective_leave_known(year)


def _versions() -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "at": moment(each.made_at),
            "changes": [recount.told(kind, what) for kind, what in each.changes[:SHOWN]],
            "more": max(0, len(each.changes) - SHOWN),
        }
        for each in rules.versions(SHOWN)
    ]


def _runs() -> list[dict[str, Any]]:
    return [
        {
            "reason": each.reason,
            "by": each.asked_by,
            "at": moment(each.asked_at),
            "seen": each.seen,
            "moved": each.moved,
            "done": each.done_at is not None,
        }
        for each in rules.runs(SHOWN)
    ]


def _year() -> int:
    text = request.values.get("tahun", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today().year
    return min(max(asked, today().year - 1), today().year + 3)
