"""The panel about the reporter: whether there is somebody to open, who may, and the whistle-blowers' path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from plugins.lapor import queries
from plugins.lapor.contracts import DeskView
from plugins.lapor.service.vault import opening
from plugins.lapor.service.vault.whistle import MARK
from superapp.sdk import Actor


def facts(view: DeskView, actor: Actor, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel needs; the identity itself is never among it."""
    may = actor.may("lapor.identity")
    wishes = opening.wishes(view.id) if view.whistle and may else []
    mine = next((each for each in wishes if each.mine), None)
    may_mark = actor.may(MARK) and not view.whistle
    return {
        "whistle": view.whistle,
        "accused": view.accused,
        "who": _("Pimpinan") if view.whistle == "leader" else _("Inspektorat"),
        "may_open": may and view.has_contact and not view.whistle,
        "may_ask": may and view.has_contact and bool(view.whistle) and mine is None,
        "mine": mine,
        "others": [each for each in wishes if not each.mine],
        "may_mark": may_mark,
        "units": [(each.code, each.name) for each in queries.agency_choices(external=False)]
        if may_mark
        else [],
    }
