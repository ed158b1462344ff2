"""What the host itself adds to the desk's navigation: the settings, at the foot."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from superapp.context import Actor
from superapp.identity import roles
from superapp.plugin.contracts import NavItem
from superapp.tenancy import directory

SETTINGS_PAGES = (
    (roles.SETTINGS, "services", "/meja/pengaturan"),
    (roles.OFFICERS, "officers", "/meja/pengaturan/petugas"),
    (roles.OFFICERS, "roles", "/meja/pengaturan/peran"),
    (roles.KEYS, "keys", "/meja/pengaturan/kunci"),
    (roles.AUDIT, "audit", "/meja/pengaturan/jejak"),
)


def host_items(actor: Actor) -> list[NavItem]:
    """The foot of the navigation for this officer."""
    if actor.kind != "officer" or actor.must:
        return []
    first = next((url for permission, _key, url in SETTINGS_PAGES if actor.may(permission)), None)
    return [NavItem("settings", _("Pengaturan"), first, "sliders", "foot", order=910)] if first else []


def settings_tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The pages of the settings that this officer may open, as the tabs macro takes them."""
    titles = {
        "services": _("Layanan"),
        "officers": _("Petugas"),
        "roles": _("Peran"),
        "keys": _("Kunci API"),
        "audit": _("Jejak audit"),
    }
    return [
        {"title": titles[key], "url": url, "current": key == current}
        for permission, key, url in SETTINGS_PAGES
        if actor.may(permission)
    ]


def unit_of(actor: Actor) -> str:
    """The short name of the agency that the officer works for, or ""."""
    agency = directory.agencies().get(actor.agency_id) if actor.agency_id else None
    return agency.short_name if agency else ""
