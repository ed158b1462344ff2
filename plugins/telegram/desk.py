"""The desk page of the bot: whether it is connected, and what did not work."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.telegram import api, board, setup
from plugins.telegram.models import Message, Update
from superapp.sdk import NotFound, address, audit, current_tenant, permit, rate_limit, render, work

MANAGE = "telegram.manage"
bp = Blueprint("telegram_desk", __name__, url_prefix="/meja/telegram", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """How the bot stands and what waits."""
    settings = api.settings()
    return render(
        "telegram/meja/index.html",
        has_token=bool(settings["token"]),
        bot=_bot(),
        webhook=address(setup.PATH),
        counts=board.counts(),
        parked=[_update(row) for row in board.parked()],
        unsent=[_message(row) for row in board.unsent()],
    )


@bp.post("/daftar")
@permit(MANAGE)
def register() -> Response:
    """Queue the registration of the webhook."""
    return _ask("register", _("Pendaftaran webhook diantrekan. Muat ulang halaman ini sebentar lagi."))


@bp.post("/periksa")
@permit(MANAGE)
def check() -> Response:
    """Queue a look at the bot."""
    return _ask("check", _("Pemeriksaan diantrekan. Muat ulang halaman ini sebentar lagi."))


@bp.post("/kiriman/<int:update_id>")
@permit(MANAGE)
def decide(update_id: int) -> Response:
    """Answer a parked update once more, or give it up."""
    if update_id >= 2**63:
        raise NotFound()
    if request.form.get("what") == "again":
        board.take_again(update_id)
        flash(_("Kiriman diproses lagi."))
    else:
        board.drop(update_id)
        flash(_("Kiriman dilewati."))
    return _back()


@bp.post("/pesan/<uuid:message_id>")
@permit(MANAGE)
def send(message_id: UUID) -> Response:
    """Send a dead message once more."""
    board.send_again(message_id)
    flash(_("Pesan dikirim lagi."))
    return _back()


def _ask(job: str, words: str) -> Response:
    rate_limit("telegram.ask", str(current_tenant().id), 20, 3600)
    with work():
        setup.ask(job)
        audit.record(f"telegram.{job}", "plugin", "telegram")
    flash(words)
    return _back()


def _back() -> Response:
    return redirect(url_for("telegram_desk.index"), 303)


def _bot() -> dict[str, object] | None:
    row = setup.state()
    if row is None:
        return None
    chips = {
        "ok": (_("terhubung"), "check", "ok"),
        "bad": (_("belum terhubung"), "alert", "late"),
        "asked": (_("sedang diperiksa"), "clock", "neutral"),
    }
    notes = {
        "elsewhere": _("Webhook bot ini menunjuk ke alamat lain. Daftarkan lagi."),
        "token": _("Token bot kosong atau ditolak Telegram."),
    }
    return {
        "chip": chips[row.state],
        "name": f"@{row.username}" if row.username else "",
        "pending": row.pending,
        "note": notes.get(row.note, row.note),
        "when": format_datetime(row.checked_at, "d MMM, HH.mm"),
    }


def _update(row: Update) -> dict[str, object]:
    when = format_datetime(row.received_at, "d MMM, HH.mm")
    return {"id": row.update_id, "when": when, "reason": row.reason}


def _message(row: Message) -> dict[str, object]:
    chips = {"dead": (_("gagal"), "alert", "late"), "refused": (_("ditolak"), "x", "neutral")}
    reasons = {"blocked": _("warga menghentikan bot"), "old": _("terlalu lama menunggu")}
    return {
        "id": row.id,
        "when": format_datetime(row.created_at, "d MMM, HH.mm"),
        "reason": reasons.get(row.reason, row.reason),
        "chip": chips[row.state],
        "dead": row.state == "dead",
    }
