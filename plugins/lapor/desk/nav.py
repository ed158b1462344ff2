"""What LAPOR offers in the navigation of the desk."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor.desk import saved, suggesting
from plugins.lapor.desk.inbox import counts, first_box
from plugins.lapor.service.proof import audits
from superapp.sdk import Actor, NavItem, Tenant


def desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """The entries that this officer may open; None for one without a right to any."""
    items = []
    if actor.may("lapor.inbox"):
        numbers = counts()
        items = [
            NavItem(
                "lapor.inbox",
                _("Kotak masuk"),
                url_for("lapor_desk.inbox"),
                "inbox",
                count=numbers.get(first_box(actor), 0),
                order=10,
            ),
            NavItem(
                "lapor.mine",
                _("Tugas saya"),
                url_for("lapor_desk.inbox", box="mine"),
                "check-square",
                count=numbers.get("mine", 0),
                order=20,
            ),
            NavItem(
                "lapor.incidents",
                _("Kejadian"),
                url_for("lapor_desk.incidents"),
                "layers",
                count=saved.start().incidents,
                order=25,
            ),
            NavItem(
                "lapor.mentions",
                _("Sebutan"),
                url_for("lapor_desk.mentioned"),
                "chat",
                count=saved.start().unread or None,
                order=25,
            ),
        ]
        if actor.may("lapor.handle"):
            items.append(
                NavItem("lapor.library", _("Templat"), url_for("lapor_desk.library"), "news", order=30)
            )
        items += proof_nav(actor)
        items += suggesting.nav(actor)
        if actor.may("lapor.identity") or actor.may("lapor.identity.log"):
            items.append(
                NavItem(
                    "lapor.identity",
                    _("Identitas pelapor"),
                    url_for("lapor_desk.identities"),
                    "lock",
                    order=60,
                )
            )
    elif actor.may("lapor.enter"):
        items.append(
            NavItem("lapor.entry", _("Catat laporan"), url_for("lapor_desk.entry"), "plus", order=30)
        )
    items += owners_nav(actor)
    if actor.may("lapor.outside"):
        where = url_for("lapor_desk.connections")
        items.append(NavItem("lapor.connections", _("Sambungan"), where, "share", _("Mengatur"), order=48))
    if actor.may("lapor.rules"):
        where = url_for("lapor_desk.questions")
        items.append(NavItem("lapor.questions", _("Pertanyaan"), where, "chat", order=60))
    if actor.may("lapor.rules"):
        url = url_for("lapor_desk.time_rules", what="batas")
        items.append(NavItem("lapor.time", _("Batas waktu & kalender"), url, "clock", _("Aturan"), order=80))
    return items or None


def owners_nav(actor: Actor) -> list[NavItem]:
    """Who owns what, for who sets rules or follows outside owners; with what is stuck at closed units."""
    page = "rules" if actor.may("lapor.rules") else "outside" if actor.may("lapor.forward") else ""
    if not page:
        return []
    stuck = saved.start().stuck if actor.may("lapor.dispose") else 0
    url = url_for(f"lapor_desk.{page}")
    return [NavItem("lapor.owners", _("Unit dan aturan"), url, "building", _("Mengatur"), stuck, 45)]


def proof_nav(actor: Actor) -> list[NavItem]:
    """What watches over proof: findings for who decides on them, closings for the auditor."""
    items = []
    section = _("Memantau")
    if actor.may("lapor.proof") or actor.may("lapor.audit"):
        url = url_for("lapor_desk.findings")
        items.append(NavItem("lapor.findings", _("Temuan bukti"), url, "shield", section, order=40))
    if actor.may("lapor.audit"):
        url = url_for("lapor_desk.audits")
        items.append(NavItem("lapor.audits", _("Pemeriksaan"), url, "eye", section, audits.waiting(), 41))
    return items
