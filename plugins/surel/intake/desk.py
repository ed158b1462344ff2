"""The desk pages of mail that comes in: what came, what became of it, and what waits."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.surel.intake import review
from plugins.surel.models import Incoming
from plugins.surel.names import intake_address
from superapp.sdk import (
    Conflict,
    Forbidden,
    Invalid,
    PluginRefused,
    current_actor,
    current_tenant,
    permit,
    render,
    settings_of,
)

READ = "surel.intake"
STATES = ("review", "draft", "report", "reply", "status", "silent", "discarded")
bp = Blueprint("surel_intake", __name__, url_prefix="/meja/surel/masuk", template_folder="../templates")


@bp.get("/")
@permit(READ)
def index() -> str:
    """The last fifty mails; those that wait first where one state is asked for."""
    chosen = request.args.get("state", "")
    state = chosen if chosen in STATES else ""
    settings = settings_of(current_tenant(), "surel")
    counts = review.counts()
    return render(
        "surel/meja/incoming.html",
        address=intake_address(settings),
        way=settings["intake"],
        trouble=[
            (each.folder, _troubles().get(each.trouble, each.trouble))
            for each in review.mailboxes()
            if each.trouble
        ],
        tabs=[
            {
                "title": title,
                "url": url_for(".index", state=code or None),
                "current": code == state,
                "count": counts.get(code),
            }
            for code, title in (
                ("", _("Semua")),
                *((each, state_words(each)[0].capitalize()) for each in STATES),
            )
        ],
        rows=[_row(row) for row in review.listing(state)],
    )


@bp.get("/<uuid:incoming_id>")
@permit(READ)
def show(incoming_id: UUID) -> str:
    """One mail that waits."""
    return _one(incoming_id)


@bp.post("/<uuid:incoming_id>/jadikan")
@permit(READ)
def take(incoming_id: UUID) -> Response:
    """Make it a report."""
    if not current_actor().may("lapor.enter"):
        raise Forbidden()
    text, where = request.form.get("text", ""), request.form.get("where", "")
    try:
        made = review.make_report(incoming_id, text=text, where=where)
    except (Invalid, PluginRefused) as error:
        return make_response(_one(incoming_id, {"text": text, "where": where}, error), error.status)
    flash(_("Surat ini menjadi laporan %(number)s.", number=made.number))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:incoming_id>/sisihkan")
@permit(READ)
def discard(incoming_id: UUID) -> Response:
    """Lay it aside with a reason."""
    reason = request.form.get("reason", "")
    try:
        review.discard(incoming_id, reason)
    except Invalid as error:
        return make_response(_one(incoming_id, {"reason": reason}, error), 422)
    flash(_("Surat disisihkan, isinya dihapus."))
    return redirect(url_for(".index"), 303)


def _one(
    incoming_id: UUID,
    typed: dict[str, str] | None = None,
    error: Invalid | PluginRefused | Conflict | None = None,
) -> str:
    seen = review.opened(incoming_id)
    errors = {each.field: each.message for each in (error.errors if error else ())}
    if error and not errors:
        errors = {"text": str(error)}
    return render(
        "surel/meja/incoming_one.html",
        mail=seen,
        row=_row(seen.row),
        values={"text": seen.text, "where": seen.place, "reason": "", **(typed or {})},
        errors=errors,
        summary=[{"field": name, "message": message} for name, message in errors.items()],
        may_take=current_actor().may("lapor.enter"),
        answered=bool(seen.sender) and seen.row.cause not in {"unproven", "sender", "trouble"},
    )


def _row(row: Incoming) -> dict[str, object]:
    return {
        "id": row.id,
        "when": format_datetime(row.at, "d MMM, HH.mm"),
        "sender": row.sender or _("tidak terbaca"),
        "source": {"imap": "IMAP", "pipe": "HTTP", "file": _("berkas")}[row.source],
        "chip": state_words(row.state),
        "cause": causes().get(row.cause, row.cause),
        "number": row.number,
        "dropped": row.dropped,
        "open": row.state in review.OPEN,
        "answered": row.answered_at is not None,
    }


def state_words(state: str) -> tuple[str, str, str]:
    """A state in words, with its mark and tone."""
    return {
        "report": (_("jadi laporan"), "check", "ok"),
        "draft": (_("menunggu pengirim"), "clock", "neutral"),
        "reply": (_("balasan"), "mail", "ok"),
        "status": (_("tanya keadaan"), "help", "neutral"),
        "silent": (_("tidak dibalas"), "pause", "neutral"),
        "review": (_("menunggu petugas"), "alert", "near"),
        "discarded": (_("disisihkan"), "x", "neutral"),
    }[state]


def causes() -> dict[str, str]:
    """Why, in words."""
    return {
        "no_place": _("tempatnya belum ada, pengirim ditanya"),
        "no_text": _("ceritanya belum ada, pengirim ditanya"),
        "draft": _("jawaban atas pertanyaan kami"),
        "unclear": _("setelah beberapa kali ditanya tetap belum jelas"),
        "auto_reply": _("balasan otomatis"),
        "bulk": _("surat massal"),
        "list": _("surat langganan"),
        "bounce": _("pemberitahuan dari server surat"),
        "undeliverable": _("alamat warga tidak ada; pemberitahuan ke sana berhenti 30 hari"),
        "machine": _("dari alamat mesin"),
        "own": _("dari alamat kita sendiri"),
        "sender": _("alamat pengirim tidak terbaca"),
        "unproven": _("pengirim tidak terbukti (dmarc gagal)"),
        "limit": _("terlalu banyak surat dalam satu jam"),
        "answers": _("balasan hari ini sudah habis untuk alamat ini"),
        "too_large": _("terlalu besar, buka di kotak surat"),
        "closed": _("laporannya sudah ditutup"),
        "refused": _("belum dapat menjadi laporan"),
        "trouble": _("ada gangguan saat membaca"),
        "no_answer": _("tidak dilengkapi dalam 14 hari"),
        "officer": _("diputuskan petugas"),
        "erased": _("dihapus atas permintaan pengirim"),
    }


def _troubles() -> dict[str, str]:
    return {
        "login": _("nama pengguna atau kata sandi ditolak"),
        "folder": _("map tidak ada"),
        "uidvalidity": _("server tidak memberi nomor surat"),
        "search": _("server menolak pencarian"),
        "fetch": _("server menolak memberikan surat"),
        "gaierror": _("nama server tidak ditemukan"),
        "ConnectionRefusedError": _("server tidak menjawab"),
        "TimeoutError": _("server terlalu lama menjawab"),
        "SSLCertVerificationError": _("sertifikat server tidak sah"),
    }
