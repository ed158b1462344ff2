"""The desk pages of webhooks: who hears of what, and what became of each message."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.webhook import service
from plugins.webhook.models import Delivery, Subscription
from superapp.sdk import Invalid, event_types, now, permit, rate_limit, render

MANAGE = "webhook.manage"
bp = Blueprint("webhook_desk", __name__, url_prefix="/meja/webhook", template_folder="templates")


@bp.get("/")
@permit(MANAGE)
def index() -> str:
    """All addresses, and the form for another one."""
    return _page()


@bp.post("/")
@permit(MANAGE)
def add() -> Response:
    """Add an address; its secret is shown on this answer alone."""
    form = request.form
    try:
        made, secret = service.subscribe(form.get("title", ""), form.get("url", ""), form.getlist("events"))
    except Invalid as error:
        return make_response(_page(error=error), 422)
    return make_response(_one(made, secret=secret))


@bp.get("/<uuid:subscription_id>")
@permit(MANAGE)
def show(subscription_id: UUID) -> str:
    """One address and its last fifty messages."""
    return _one(subscription_id)


@bp.post("/<uuid:subscription_id>/uji")
@permit(MANAGE)
def test(subscription_id: UUID) -> Response:
    """Queue a test message."""
    rate_limit("webhook.test", str(subscription_id), 20, 3600)
    service.test(subscription_id)
    flash(_("Pesan uji diantrekan. Hasilnya tampil di daftar ini dalam beberapa detik."))
    return _back(subscription_id)


@bp.post("/<uuid:subscription_id>/rahasia")
@permit(MANAGE)
def secret(subscription_id: UUID) -> Response:
    """Change the secret; the new one is shown on this answer alone."""
    typed = request.form.get("hours", "24")
    try:
        made = service.change_secret(subscription_id, int(typed) if typed.isdecimal() else -1)
    except Invalid as error:
        return make_response(_one(subscription_id, hours_error=error.errors[0].message), 422)
    return make_response(_one(subscription_id, secret=made))


@bp.post("/<uuid:subscription_id>/rahasia-lama")
@permit(MANAGE)
def end_old(subscription_id: UUID) -> Response:
    """End the former secret before its time."""
    service.end_old_secret(subscription_id)
    flash(_("Rahasia lama diakhiri. Kiriman berikutnya hanya bertanda tangan rahasia baru."))
    return _back(subscription_id)


@bp.post("/<uuid:subscription_id>/jeda")
@permit(MANAGE)
def pause(subscription_id: UUID) -> Response:
    """Stop or resume."""
    active = request.form.get("active") == "1"
    service.pause(subscription_id, active=active)
    flash(
        _("Pengiriman dilanjutkan.")
        if active
        else _("Pengiriman dijeda. Yang terjadi sementara ini menunggu.")
    )
    return _back(subscription_id)


@bp.post("/<uuid:subscription_id>/akhiri")
@permit(MANAGE)
def end(subscription_id: UUID) -> Response:
    """End an address for good."""
    service.end(subscription_id)
    flash(_("Alamat diakhiri. Tidak ada lagi yang dikirim ke sana."))
    return redirect(url_for("webhook_desk.index"), 303)


@bp.post("/<uuid:subscription_id>/kiriman/<uuid:delivery_id>")
@permit(MANAGE)
def decide(subscription_id: UUID, delivery_id: UUID) -> Response:
    """Send a dead message again, or give it up with a reason."""
    if request.form.get("what") == "again":
        service.again(delivery_id)
        flash(_("Pesan dikirim lagi."))
        return _back(subscription_id)
    try:
        service.skip(delivery_id, request.form.get("reason", ""))
    except Invalid as error:
        return make_response(_one(subscription_id, error=error), 422)
    flash(_("Pesan dilewati."))
    return _back(subscription_id)


def _back(subscription_id: UUID) -> Response:
    return redirect(url_for("webhook_desk.show", subscription_id=subscription_id), 303)


def _page(error: Invalid | None = None) -> str:
    form = request.form
    return render(
        "webhook/meja/index.html",
        rows=[_target(row) for row in service.living()],
        types=sorted(event_types()),
        typed={"title": form.get("title", ""), "url": form.get("url", ""), "events": form.getlist("events")},
        errors={each.field: each.message for each in (error.errors if error else ())},
        summary=[{"field": each.field, "message": each.message} for each in (error.errors if error else ())],
    )


def _one(
    subscription_id: UUID, *, secret: str = "", error: Invalid | None = None, hours_error: str = ""
) -> str:
    row = service.one(subscription_id)
    return render(
        "webhook/meja/one.html",
        target=_target(row),
        secret=secret,
        rows=[_line(each) for each in service.log_of(subscription_id)],
        wrong=error.errors[0].message if error else "",
        hours=[(str(hours), _overlap(hours)) for hours in service.OVERLAP_HOURS],
        hours_error=hours_error,
    )


def _overlap(hours: int) -> str:
    """How long a former secret stays good, in words."""
    if not hours:
        return str(_("langsung berakhir (rahasia bocor)"))
    return str(_("%(days)s hari", days=hours // 24))


def _target(row: Subscription) -> dict[str, object]:
    resting = row.rests_until is not None and row.rests_until > now()
    chip = (_("aktif"), "check", "ok")
    if not row.active:
        chip = (_("dijeda"), "pause", "neutral")
    elif resting:
        chip = (_("beristirahat, gagal %(count)s kali", count=row.failures), "alert", "late")
    return {
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "events": row.events,
        "active": row.active,
        "chip": chip,
        "old_until": format_datetime(row.old_until, "d MMM, HH.mm")
        if row.old_until is not None and row.old_until > now()
        else "",
    }


def _line(row: Delivery) -> dict[str, object]:
    chips = {
        "waiting": (_("menunggu"), "clock", "neutral"),
        "sent": (_("terkirim"), "check", "ok"),
        "dead": (_("gagal, perlu diputuskan"), "alert", "late"),
        "dropped": (_("dilewati"), "x", "neutral"),
    }
    return {
        "id": row.id,
        "type": row.type,
        "when": format_datetime(row.tried_at or row.created_at, "d MMM, HH.mm"),
        "tries": row.tries,
        "status": row.status or "",
        "reason": _reasons().get(row.reason, row.reason),
        "chip": chips[row.state],
        "dead": row.state == "dead",
    }


def _reasons() -> dict[str, str]:
    """Our own codes in words."""
    return {
        "inside": _("alamatnya di jaringan dalam"),
        "unknown": _("nama server tidak ditemukan"),
        "scheme": _("alamatnya bukan https"),
        "ConnectError": _("server tidak menjawab"),
        "ConnectTimeout": _("server tidak menjawab"),
        "ReadTimeout": _("server terlalu lama menjawab"),
        "ended": _("alamatnya diakhiri"),
    }
