"""The desk page of SMS: what the month costs, a test, what to copy to the gateway, how messages fare."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.sms import health, words
from plugins.sms.models import Outgoing
from plugins.sms.service import board, deciding, spending
from plugins.sms.settings import setting
from plugins.sms.webhook import PATH
from superapp.sdk import Invalid, address, permit, rate_limit, render

MANAGE = "sms.manage"
IN = ("done", "waiting", "limited", "old", "unheard")
OUT = (
    *("waiting", "sending", "sent", "unknown", "capped", "stopped"),
    *("undeliverable", "failed", "skipped", "dropped"),
)
bp = Blueprint("sms_desk", __name__, url_prefix="/meja/sms", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """The purse, the gateway, the counts of seven days, and what is parked or lost."""
    return _page()


@bp.post("/uji")
@permit(MANAGE)
def test() -> Response:
    """Queue a test message."""
    rate_limit("sms.test", "", 20, 3600)
    try:
        deciding.test(request.form.get("to", ""))
    except Invalid as error:
        return make_response(_page(error), 422)
    flash(_("SMS uji diantrekan. Hasilnya tampil di halaman ini dalam beberapa detik."))
    return redirect(url_for("sms_desk.index"), 303)


@bp.post("/token")
@permit(MANAGE)
def token() -> Response:
    """Make a new token for messages that come in."""
    deciding.new_token()
    flash(_("Token baru dibuat. Salin ke gerbang SMS."))
    return redirect(url_for("sms_desk.index"), 303)


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
    return redirect(url_for("sms_desk.index"), 303)


def _page(error: Invalid | None = None) -> str:
    day, month = spending.purse("cap_day"), spending.purse("cap_month")
    return render(
        "sms/meja/index.html",
        on=setting("mode") == "on",
        trouble=_trouble(day, month),
        purses=[_purse(_("Hari ini"), day), _purse(_("Bulan ini"), month)],
        price=words.rupiah(setting("price")),
        webhook=address(PATH),
        proof_header=setting("proof_header"),
        signed=setting("proof") == "hmac",
        token=setting("in_secret"),
        came=_counted(IN, board.counts_in()),
        went=_counted(OUT, board.counts_out()),
        stopped=board.stopped(),
        parked=[_line(row) for row in board.parked()],
        lost=[_line(row) for row in board.lost()],
        typed=request.form.get("to", "") if error else "",
        errors=[{"field": each.field, "message": each.message} for each in (error.errors if error else ())],
    )


def _trouble(day: spending.Purse, month: spending.Purse) -> str:
    """What keeps messages from going out, in one sentence; "" when nothing does."""
    price = int(setting("price"))
    if any(each.spent + price > each.hard for each in (day, month)):
        return str(_("Batas akhir biaya tercapai. Tidak ada SMS yang dikirim."))
    if any(each.spent + price > each.cap for each in (day, month)):
        return str(_("Batas biaya tercapai. Hanya nomor laporan dan PIN yang masih dikirim."))
    if setting("mode") == "on" and health.is_refused():
        return str(_("Gerbang SMS menolak kunci kita. Ganti di pengaturan."))
    return ""


def _purse(title: str, purse: spending.Purse) -> dict[str, object]:
    return {
        "title": title,
        "spent": words.rupiah(purse.spent),
        "cap": words.rupiah(purse.cap),
        "hard": words.rupiah(purse.hard),
        "parts": purse.parts,
        "messages": purse.messages,
    }


def _counted(order: tuple[str, ...], counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Rows of a table of counts, in a fixed order, those of zero left out."""
    return [{"chip": words.state(name), "count": counts[name]} for name in order if counts.get(name)]


def _line(row: Outgoing) -> dict[str, object]:
    return {
        "id": row.id,
        "when": format_datetime(row.updated_at, "d MMM, HH.mm"),
        "kind": row.notice or _("jawaban percakapan"),
        "chip": words.state(row.state),
        "why": words.why(row.reason),
    }
