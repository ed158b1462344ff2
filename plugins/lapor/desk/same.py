"""What a case's page says of its incident: who leads it, who else reports it, which may be the same."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor.contracts import DeskView, Neighbour
from plugins.lapor.desk.panel import Panel
from plugins.lapor.desk.rows import short_number
from plugins.lapor.present import short_day
from plugins.lapor.service.alike import offers
from plugins.lapor.service.incident import lists
from superapp.sdk import Actor, NotFound

GATHER = "lapor.gather"


def led(view: DeskView, actor: Actor) -> Panel | None:
    """That another report leads this one, and the way there; or that this one is answered for others too."""
    if view.case.incident_id is None:
        return None
    try:
        incident = lists.view(view.case.incident_id)
    except NotFound:
        return None
    facts = {
        "leads": incident.lead.id == view.id,
        "lead": incident.lead,
        "lead_number": short_number(incident.lead.number),
        "voices": len(incident.voices) + incident.hidden,
        "unsolved": incident.unsolved,
        "url": url_for(".incident", incident_id=incident.id),
        "may": actor.may(GATHER),
    }
    return Panel("lapor/desk/panels/led.html", facts, "top")


def neighbours(view: DeskView, actor: Actor) -> Panel | None:
    """Reports that may be the same incident, each with the button that gathers; G presses the first."""
    found = offers.at_desk_by_id(view.id, actor)
    may = actor.may(GATHER)
    if not found and not may:
        return None
    rows = [
        {"title": each.title, "number": each.number, "meta": meta(each), "same": each.same_text}
        for each in found
    ]
    return Panel("lapor/desk/panels/same.html", {"rows": rows, "may": may})


def meta(each: Neighbour) -> str:
    """ "000122 · 40 m · 2 pelapor" """
    parts = [short_number(each.number)]
    if each.metres is not None:
        parts.append(_("%(metres)s m", metres=each.metres))
    parts.append(ngettext("%(num)s pelapor", "%(num)s pelapor", each.voices))
    parts.append(short_day(each.day))
    if each.agency:
        parts.append(each.agency.short_name or each.agency.name)
    return " · ".join(parts)
