"""The desk page of e-mail: the last deliveries, and a test."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.surel import service
from plugins.surel.compose import BadMessage, address
from plugins.surel.models import Delivery
from superapp.sdk import (
    FieldError,
    Message,
    audit,
    current_tenant,
    new_id,
    notify,
    permit,
    rate_limit,
    render,
    settings_of,
    work,
)

MANAGE = "surel.manage"
bp = Blueprint("surel_desk", __name__, url_prefix="/meja/surel", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """How e-mail leaves, and what became of the last fifty."""
    return _page()


@bp.post("/uji")
@permit(MANAGE)
def test() -> Response:
    """Queue a test mail; the worker sends it, no request waits for a server."""
    typed = request.form.get("to", "").strip()
    try:
        to = address(typed)
    except BadMessage:
        error = FieldError("to", _("Tulis satu alamat email lengkap, misalnya nama@kota.go.id."))
        return make_response(_page(typed, [error]), 422)
    rate_limit("surel.test", str(current_tenant().id), 10, 3600)
    subject = _("Surat uji dari %(name)s", name=current_tenant().name)
    text = _("Surat ini dikirim dari meja petugas untuk menguji pengiriman email. Tidak perlu dibalas.")
    with work():
        notify(Message(service.CHANNEL, to, subject, text, key=f"surel.test:{new_id()}"))
        audit.record("surel.test", "plugin", "surel")
    flash(_("Surat uji diantrekan. Hasilnya tampil di daftar ini dalam beberapa detik."))
    return redirect(url_for("surel_desk.index"), 303)


def _page(typed: str = "", errors: list[FieldError] | None = None) -> str:
    settings = settings_of(current_tenant(), service.NAME)
    return render(
        "surel/meja/index.html",
        mode=settings["mode"],
        sender=settings["from_address"],
        server=f"{settings['host']}:{settings['port']}" if settings["mode"] == "smtp" else "",
        rows=[_row(delivery) for delivery in service.latest()],
        typed=typed,
        errors=errors or [],
    )


def _row(delivery: Delivery) -> dict[str, object]:
    words, icon, tone = {
        "sending": (_("sedang dikirim"), "send", "neutral"),
        "sent": (_("terkirim"), "check", "ok"),
        "failed": (_("gagal, akan dicoba lagi"), "refresh", "near"),
        "refused": (_("ditolak"), "x", "late"),
        "unknown": (_("tidak pasti, tidak diulang"), "help", "near"),
        "skipped": (_("tidak dikirim, pengiriman mati"), "pause", "neutral"),
    }[delivery.state]
    if delivery.reason == "answered":
        words, icon, tone = _("tidak perlu"), "check", "neutral"
    return {
        "address": delivery.address,
        "kind": delivery.key.split(":", 1)[0],
        "when": format_datetime(delivery.updated_at, "d MMM, HH.mm"),
        "attempts": delivery.attempts,
        "reason": _reasons().get(delivery.reason, delivery.reason),
        "chip": (words, icon, tone),
    }


def _reasons() -> dict[str, str]:
    """Our own reasons in words; those of a server stay as its codes."""
    return {
        "address": _("alamat tidak benar"),
        "header": _("baris baru di judul"),
        "answered": _("balasan surat masuk sudah menyebut nomor dan PIN"),
        "undeliverable": _("alamat ini tidak ada, menurut server penerima"),
        "worker died": _("pekerja berhenti di tengah pengiriman"),
    }
