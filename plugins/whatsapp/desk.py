"""The desk page of WhatsApp: what to copy to Meta, which templates there are, and how messages fare."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.whatsapp import health, words
from plugins.whatsapp.models import Outgoing
from plugins.whatsapp.service import board, claims, deciding
from plugins.whatsapp.settings import setting, templates
from plugins.whatsapp.webhook import PATH
from superapp.sdk import address, permit, render

MANAGE = "whatsapp.manage"
IN = ("done", "waiting", "limited", "old", "unheard")
OUT = (
    *("waiting", "sending", "sent", "delivered", "read"),
    *("lost", "undeliverable", "unknown", "failed", "skipped", "dropped"),
)
bp = Blueprint("whatsapp_desk", __name__, url_prefix="/meja/whatsapp", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """The number, the templates, the counts of seven days, and what is parked or lost."""
    on = setting("mode") == "on"
    return render(
        "whatsapp/meja/index.html",
        on=on,
        number=setting("display_number"),
        number_id=setting("phone_number_id"),
        webhook=address(PATH),
        verify_token=setting("verify_token"),
        trouble=_trouble(on),
        templates=sorted(templates().values(), key=lambda each: each.kind),
        came=_counted(IN, board.counts_in()),
        went=_counted(OUT, board.counts_out()),
        parked=[_line(row, row.code) for row in board.parked()],
        lost=[_line(row, code) for row, code in board.lost()],
    )


@bp.post("/token")
@permit(MANAGE)
def token() -> Response:
    """Make a new verify token."""
    deciding.new_verify_token()
    flash(_("Token verifikasi baru dibuat. Salin ke Meta."))
    return redirect(url_for("whatsapp_desk.index"), 303)


@bp.post("/pesan/<uuid:outgoing_id>")
@permit(MANAGE)
def decide(outgoing_id: UUID) -> Response:
    """Send a parked message again, or give it up."""
    if request.form.get("what") == "again":
        deciding.again(outgoing_id)
        flash(_("Pesan dikirim lagi."))
    else:
        deciding.drop(outgoing_id)
        flash(_("Pesan dilewati."))
    return redirect(url_for("whatsapp_desk.index"), 303)


def _trouble(on: bool) -> str:
    """What keeps the whole number from working, in one sentence; "" when nothing does."""
    if on and not claims.own_number():
        return words.why("claimed", 0)
    if on and health.token_is_refused():
        return str(_("Meta menolak token akses. Ganti di pengaturan."))
    return ""


def _counted(order: tuple[str, ...], counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Rows of a table of counts, in a fixed order, those of zero left out."""
    return [{"chip": words.state(name), "count": counts[name]} for name in order if counts.get(name)]


def _line(row: Outgoing, code: int) -> dict[str, object]:
    return {
        "id": row.id,
        "when": format_datetime(row.updated_at, "d MMM, HH.mm"),
        "kind": row.notice or _("jawaban percakapan"),
        "chip": words.state(row.state if row.state != "sent" else "lost"),
        "why": words.why(row.reason, code),
    }
