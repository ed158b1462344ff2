"""What LAPOR offers in the navigation of the desk."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor.desk.inbox import counts, first_box
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
        ]
    elif actor.may("lapor.enter"):
        items.append(
            NavItem("lapor.entry", _("Catat laporan"), url_for("lapor_desk.entry"), "plus", order=30)
        )
    return items or None
