"""The desk's page on connections with other registers: how they stand, and what waits for somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.contracts import DeskView
from plugins.lapor.desk.panel import Panel
from plugins.lapor.service.outside import boards, deciding, destinations
from plugins.lapor.words import status_title
from superapp.sdk import Actor, AppError, Conflict, Invalid, permit, render

OUTSIDE = "lapor.outside"
WITH_CARD = 20  # of a list: a card costs some looks, and opening an identity is written down


@permit(OUTSIDE)
def listing() -> str:
    """All connections."""
    return render("lapor/desk/connections.html", rows=[_line(each) for each in boards.standings()])


@permit(OUTSIDE)
def one(destination_id: UUID) -> str:
    """One connection."""
    return _page(destination_id)


@permit(OUTSIDE)
def mode(destination_id: UUID) -> Response:
    """By itself, by hand, or not at all."""
    chosen: Any = request.form.get("mode", "")
    destinations.set_mode(destination_id, chosen)
    told = {
        "auto": _("Terkirim otomatis lagi. Yang sudah dicatat manual tidak dikirim dua kali."),
        "manual": _("Sekarang manual: salin tiap kartu, lalu isikan nomor dari sana."),
        "paused": _("Dijeda. Yang terjadi sementara ini menunggu."),
    }
    flash(told[chosen])
    return _back(destination_id)


@permit(OUTSIDE)
def decide(destination_id: UUID, event_id: UUID) -> Response:
    """Arrived or keyed in, once more, or left out."""
    form, what = request.form, request.form.get("what", "")
    try:
        if what == "done":
            deciding.done_by_hand(destination_id, event_id, foreign_id=form.get("foreign_id", ""))
            flash(_("Dicatat sudah ada di sana."))
        elif what == "again":
            deciding.again(destination_id, event_id)
            flash(_("Dikirim lagi."))
        else:
            deciding.skip(destination_id, event_id, reason=form.get("reason", ""))
            flash(_("Dilewati."))
    except (Invalid, Conflict) as error:
        return make_response(_page(destination_id, wrong=event_id, error=error), error.status)
    return _back(destination_id)


@permit(OUTSIDE)
def settle(destination_id: UUID, complaint_id: UUID) -> Response:
    """A difference is settled, and how."""
    form = request.form
    try:
        deciding.settled(destination_id, complaint_id, form.get("kind", ""), note=form.get("note", ""))
    except Invalid as error:
        return make_response(_page(destination_id, wrong=complaint_id, error=error), 422)
    flash(_("Dicatat beres."))
    return _back(destination_id)


def panel(view: DeskView, actor: Actor) -> Panel | None:
    """Where else the case lives: their number, who has it, what waits."""
    found = boards.places(view.id)
    if not found:
        return None
    rows = [
        {
            "title": each.title,
            "url": url_for("lapor_desk.connection", destination_id=each.destination_id)
            if actor.may(OUTSIDE)
            else "",
            "number": each.foreign_id,
            "role": _("memegang laporan ini")
            if each.owner
            else _("asal laporan ini")
            if each.came_from_there
            else _("salinan"),
            "word": each.word,
            "heard": moment(each.heard_at),
            "waiting": each.waiting,
            "needs": each.needs,
        }
        for each in found
    ]
    return Panel("lapor/desk/panels/outside.html", {"rows": rows})


def _back(destination_id: UUID) -> Response:
    return redirect(url_for("lapor_desk.connection", destination_id=destination_id), 303)


def _page(destination_id: UUID, *, wrong: UUID | None = None, error: AppError | None = None) -> str:
    found = boards.standing(destination_id)
    by_hand = found.destination.mode == "manual"
    needing = boards.parcels(destination_id, "unsure", "dead", most=WITH_CARD)
    most = WITH_CARD if by_hand else boards.MOST
    waiting = boards.parcels(destination_id, "waiting", "sending", most=most)
    said = (error.errors[0].message if error and error.errors else str(error)) if error else ""
    return render(
        "lapor/desk/connection.html",
        it=_line(found),
        needing=[_parcel(destination_id, each, with_card=True) for each in needing],
        waiting=[_parcel(destination_id, each, with_card=by_hand) for each in waiting],
        by_hand=by_hand,
        arrivals=[_arrival(each) for each in boards.arrivals(destination_id)],
        differences=[_difference(each) for each in boards.differences(destination_id)],
        wrong=wrong,
        said=said,
        typed={name: request.form.get(name, "") for name in ("foreign_id", "reason", "note")},
    )


def _line(each: boards.Standing) -> dict[str, Any]:
    there = each.destination
    chip = {
        "auto": (_("otomatis"), "check", "ok"),
        "manual": (_("manual"), "pencil", "near"),
        "paused": (_("dijeda"), "pause", "neutral"),
    }[there.mode]
    if there.mode == "auto" and each.rests_until is not None:
        chip = (
            _("sana tidak menjawab, dicoba lagi %(when)s", when=moment(each.rests_until)),
            "alert",
            "late",
        )
    takes = {
        "all": _("salinan setiap laporan"),
        "categories": _("laporan dari jenis tertentu"),
        "forwarded": _("laporan yang diserahkan ke sana"),
    }[there.takes]
    told = [
        _("%(count)s menunggu", count=each.waiting) if each.waiting else "",
        _("%(count)s perlu diputuskan", count=each.needs) if each.needs else "",
        _("%(count)s berbeda", count=each.differences) if each.differences else "",
        _("terakhir berhasil %(when)s", when=moment(each.last_ok_at))
        if each.last_ok_at
        else _("belum pernah berhasil"),
    ]
    return {
        "id": there.id,
        "told": " · ".join(filter(None, told)),
        "title": there.title,
        "url": url_for("lapor_desk.connection", destination_id=there.id),
        "chip": chip,
        "mode": there.mode,
        "takes": takes,
        "identity": there.identity,
        "waiting": each.waiting,
        "needs": each.needs,
        "differences": each.differences,
        "oldest": moment(each.oldest),
        "ok": moment(each.last_ok_at),
        "error": each.last_error,
        "pulled": moment(each.pulled_at),
        "compared": moment(each.compared_at),
    }


def _parcel(destination_id: UUID, each: boards.ParcelLine, *, with_card: bool) -> dict[str, Any]:
    chips = {
        "waiting": (_("menunggu"), "clock", "neutral"),
        "sending": (_("sedang dikirim"), "send", "neutral"),
        "unsure": (_("tidak pasti sampai"), "help", "near"),
        "dead": (_("ditolak"), "x", "late"),
    }
    card = deciding.card(destination_id, each.event_id) if with_card else ()
    stays = with_card and not card
    return {
        "id": each.event_id,
        "number": each.number,
        "title": each.title,
        "step": step_title(each.step),
        "new": each.step == "new",
        "chip": chips[each.state],
        "state": each.state,
        "tries": each.tries,
        "cause": each.cause,
        "since": moment(each.made_at),
        "due": moment(each.due_at),
        "card": card,
        "stays": _("Tidak boleh keluar lagi. Jangan disalin; lewati dengan alasan.") if stays else "",
    }


def _arrival(each: boards.ArrivalLine) -> dict[str, Any]:
    return {
        "number": each.number,
        "foreign_id": each.foreign_id,
        "news": news_title(each.news),
        "text": each.text or each.word,
        "when": moment(each.at),
        "chip": (_("berlaku"), "check", "ok") if each.applied else (_("hanya dicatat"), "info", "near"),
        "why": each.why,
    }


def _difference(each: boards.DifferenceLine) -> dict[str, Any]:
    words = {
        "unknown_there": _("Di sana tidak dikenal."),
        "state": _(
            "Di sini %(ours)s, di sana “%(theirs)s”.", ours=status_title(each.ours), theirs=each.theirs
        ),
        "no_number": _("Sudah dikirim, tetapi nomor dari sana belum ada."),
        "waiting_long": _("Ada kiriman yang menunggu lebih dari dua hari."),
    }
    return {
        "id": each.complaint_id,
        "number": each.number,
        "title": each.title,
        "kind": each.kind,
        "words": words[each.kind],
        "since": moment(each.since),
    }


def step_title(step: str) -> str:
    """A step as it is told outside."""
    titles = {
        "new": _("Laporan baru"),
        "verified": _("Sudah diperiksa"),
        "disposed": _("Diteruskan ke unit"),
        "held": _("Menunggu"),
        "progress": _("Perkembangan"),
        "answer": _("Jawaban"),
        "returned": _("Dikembalikan"),
        "closed": _("Selesai"),
        "reopened": _("Dibuka lagi"),
        "archived": _("Diarsipkan"),
        "withdrawn": _("Ditarik pelapor"),
        "reply": _("Keterangan pelapor"),
        "corrected": _("Diperbaiki pelapor"),
    }
    return str(titles.get(step, step))


def news_title(news: str) -> str:
    """A piece of news as it was told to us."""
    titles = {
        "new": _("Laporan dari sana"),
        "number": _("Nomor di sana"),
        "progress": _("Perkembangan"),
        "answer": _("Jawaban"),
        "closing": _("Penutupan"),
        "return": _("Pengembalian"),
        "question": _("Pertanyaan"),
        "reply": _("Keterangan pelapor"),
        "solved": _("Pelapor: sudah selesai"),
        "unsolved": _("Pelapor: belum selesai"),
        "withdrawn": _("Ditarik pelapor"),
    }
    return str(titles.get(news, news))


def moment(value: Any) -> str:
    """A moment for a list; "" for none."""
    return format_datetime(value, "d MMM, HH.mm") if value else ""
