"""Incidents at the desk: the list, one on a page, gathering, parting and taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts import DeedView, IncidentRow, TwinView, VoiceRow
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.same import GATHER
from plugins.lapor.desk.story import hour
from plugins.lapor.present import short_day, zone
from plugins.lapor.service.alike import twins
from plugins.lapor.service.incident import gather as gathering
from plugins.lapor.service.incident import lists
from plugins.lapor.words import status_title
from superapp.sdk import AppError, Conflict, Forbidden, Invalid, NotFound, current_actor, permit, render, work

WORDS_SHOWN = 160


@permit("lapor.inbox")
def listing() -> str:
    """Running incidents, or those that ended; above them pairs that somebody has to look at."""
    ended, cursor = request.args.get("box") == "ended", request.args.get("after") or None
    page = lists.listing(cursor, ended=ended)
    kept: dict[str, Any] = {"box": "ended"} if ended else {}
    pairs = lists.twins() if not ended and cursor is None else ()
    return render(
        "lapor/desk/incidents.html",
        rows=[_row(each) for each in page.items],
        ended=ended,
        tabs=[
            {"title": _("Berjalan"), "url": url_for(".incidents"), "current": not ended},
            {"title": _("Selesai"), "url": url_for(".incidents", box="ended"), "current": ended},
        ],
        twins=[_twin(each) for each in pairs],
        may=current_actor().may(GATHER),
        shown=len(page.items),
        next_url=url_for(".incidents", **kept, after=page.next) if page.next else "",
        first_url=url_for(".incidents", **kept) if cursor else "",
    )


def _row(each: IncidentRow) -> dict[str, Any]:
    return {
        "title": each.title,
        "number": short_number(each.number),
        "url": url_for(".incident", incident_id=each.id),
        "status": status_title(each.status),
        "voices": ngettext("%(num)s pelapor", "%(num)s pelapor", each.voices),
        "unsolved": each.unsolved,
        "place": each.area,
        "unit": (each.agency.short_name or each.agency.name) if each.agency else _("belum ada unit"),
        "changed": short_day(each.changed_at.astimezone(zone()).date()),
    }


def _twin(each: TwinView) -> dict[str, Any]:
    return {
        "one": _voice(each.one),
        "other": _voice(each.other),
        "likeness": each.likeness,
        "text": each.one.body,
    }


@permit("lapor.inbox")
def page(incident_id: UUID) -> str:
    """One incident: its lead, its voices with what each says, and who gathered or parted them."""
    view = lists.view(incident_id)
    may = current_actor().may(GATHER)
    latest = lists.latest_deed(incident_id) if may else None
    return render(
        "lapor/desk/incident.html",
        view=view,
        lead=_voice(view.lead),
        rows=[_voice(each) for each in view.voices],
        deeds=[_deed(each, latest) for each in view.deeds],
        total=len(view.voices) + view.hidden,
        may=may and not view.dissolved,
        typed=request.args.get("nomor", "")[:40],
    )


def _voice(each: VoiceRow) -> dict[str, Any]:
    away = _("%(metres)s m", metres=each.metres) if each.metres and not each.leads else ""
    return {
        "number": each.number,
        "short": short_number(each.number),
        "url": url_for(".case", number=each.number),
        "title": each.title,
        "words": each.body if len(each.body) <= WORDS_SHOWN else each.body[:WORDS_SHOWN].rstrip() + "…",
        "status": status_title(each.status),
        "leads": each.leads,
        "where": " · ".join(filter(None, (each.area, away))),
        "came": short_day(each.received_at.astimezone(zone()).date()),
        "unit": (each.agency.short_name or each.agency.name) if each.agency else "",
        "word": {
            "solved": _("memastikan selesai"),
            "unsolved": _("menyatakan belum selesai"),
            "waiting": _("belum memastikan"),
        }.get(each.word, ""),
        "late": each.word == "unsolved",
        "open": each.status not in {"closed", "archived"},
    }


def _deed(each: DeedView, latest: UUID | None) -> dict[str, Any]:
    titles = {
        "gather": _("Digabung"),
        "join": _("Ikut sendiri"),
        "split": _("Dipisahkan"),
        "leave": _("Keluar sendiri"),
        "merge": _("Dua kejadian disatukan"),
        "lead": _("Laporan utama diganti"),
    }
    return {
        "title": f"{titles[each.kind]}: {', '.join(short_number(number) for number in each.numbers)}",
        "when": hour(each.at),
        "who": each.by,
        "reason": each.reason,
        "undone": _("Diurungkan %(when)s, %(who)s", when=hour(each.undone_at), who=each.undone_by)
        if each.undone_at
        else "",
        "undo_url": url_for(".incident_undo", deed_id=each.id) if each.id == latest else "",
    }


def _do(deed: Callable[[], str], back: str) -> Response:
    """Do something with incidents: on to the address it answers with, or `back` with what was wrong."""
    try:
        return redirect(deed(), 303)
    except NotFound:
        raise
    except (Conflict, Invalid, Forbidden) as error:
        flash(_why(error), "error")
        return redirect(back, 303)


def _why(error: AppError) -> str:
    return " ".join([error.title, error.detail, *(each.message for each in error.errors)]).strip()


def _told(incident_id: UUID, text: str) -> None:
    """A toast with the way to take it back."""
    deed_id = lists.latest_deed(incident_id)
    flash(text, "undo:" + url_for(".incident_undo", deed_id=deed_id) if deed_id else "message")


def _asked(name: str) -> UUID:
    """The case of the number that was typed. Raises Invalid for one that is none, or not theirs to see."""
    try:
        return queries.id_of(request.form.get(name, "")[:40])
    except NotFound:
        raise Invalid(_("Nomor ini tidak ada."), _("Periksa lagi nomor laporannya.")) from None


@permit(GATHER)
def gather(number: str) -> Response:
    """Put this case to another one, whose incident it joins."""
    complaint_id = queries.id_of(number)

    def deed() -> str:
        incident_id = gathering.gather(_asked("into"), [complaint_id])
        _told(incident_id, _("%(number)s digabung.", number=short_number(number)))
        return url_for(".case", number=number)

    return _do(deed, url_for(".case", number=number))


@permit(GATHER)
def add(incident_id: UUID) -> Response:
    """Put a case, or the incident that it leads, to this incident."""
    view, typed = lists.view(incident_id), request.form.get("number", "")[:40]

    def deed() -> str:
        gathering.gather(view.lead.id, [_asked("number")], reason=request.form.get("reason", ""))
        _told(incident_id, _("%(number)s digabung.", number=typed))
        return url_for(".incident", incident_id=incident_id)

    return _do(deed, url_for(".incident", incident_id=incident_id, nomor=typed))


@permit(GATHER)
def split(number: str) -> Response:
    """Let a case stand alone again."""
    complaint_id = queries.id_of(number)
    incident_id = lists.incident_of(complaint_id)

    def deed() -> str:
        gathering.split(complaint_id, reason=request.form.get("reason", ""))
        if incident_id:
            _told(incident_id, _("%(number)s dipisahkan.", number=short_number(number)))
        return url_for(".case", number=number)

    return _do(deed, url_for(".case", number=number))


@permit(GATHER)
def lead(number: str) -> Response:
    """Let this case lead its incident."""
    complaint_id = queries.id_of(number)
    incident_id = lists.incident_of(complaint_id)

    def deed() -> str:
        gathering.lead(complaint_id)
        if incident_id:
            _told(incident_id, _("%(number)s kini laporan utama.", number=short_number(number)))
        return url_for(".case", number=number)

    return _do(deed, url_for(".case", number=number))


@permit(GATHER)
def undo(deed_id: UUID) -> Response:
    """Put back what stood there before a gathering or parting, or say why that cannot be."""
    incident_id = lists.incident_of_deed(deed_id)
    back = url_for(".incident", incident_id=incident_id)

    def deed() -> str:
        gathering.undo(deed_id)
        flash(_("Kembali seperti semula."))
        try:
            return back if not lists.view(incident_id).dissolved else url_for(".incidents")
        except NotFound:
            return url_for(".incidents")

    return _do(deed, back)


@permit(GATHER)
def twin() -> Response:
    """Gather two reports of the same text, or say why both units are right."""

    def deed() -> str:
        one, other = _asked("one"), _asked("other")
        if request.form.get("act") == "gather":
            incident_id = gathering.gather(one, [other])
            _told(incident_id, _("Kedua laporan digabung."))
        else:
            with work():
                twins.settle(one, other, reason=request.form.get("reason", ""))
            flash(_("Alasannya dicatat."))
        return url_for(".incidents")

    return _do(deed, url_for(".incidents"))
