"""Reports that may be the same, in words for citizens; and who else reports one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor import present
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.contracts import Offer, PublicView, ReporterView
from plugins.lapor.service.incident import pages
from superapp.sdk import now

FRESH = timedelta(days=3)
JOINABLE = frozenset({"received", "verified", "dispositioned", "returned", "in_progress", "on_hold"})


def told(offer: Offer) -> dict[str, Any]:
    return {
        "number": offer.number,
        "head": head(offer),
        "line": line(offer),
        "join": url_for("lapor_citizen.join", number=offer.number),
        "read": url_for("lapor_citizen.track", number=offer.number),
    }


def head(offer: Offer) -> str:
    """ "Ada laporan mirip 40 m dari sini." """
    if offer.metres is None:
        return str(_("Ada laporan mirip di dekat sini."))
    return str(_("Ada laporan mirip %(metres)s m dari sini.", metres=max(10, round(offer.metres, -1))))


def line(offer: Offer) -> str:
    """ "“Lampu mati di depan SPBU”, dilaporkan kemarin oleh 2 orang." """
    return str(
        ngettext(
            "“%(title)s”, dilaporkan %(day)s oleh %(num)s orang.",
            "“%(title)s”, dilaporkan %(day)s oleh %(num)s orang.",
            offer.voices,
            title=offer.title,
            day=_day(offer),
        )
    )


def _day(offer: Offer) -> str:
    days = (present.today() - offer.day).days
    if days <= 1:
        return str(_("hari ini")) if days <= 0 else str(_("kemarin"))
    return present.long_day(offer.day)


def offered(case: PublicView, own: ReporterView | None) -> list[dict[str, Any]]:
    """What the reporter of a fresh report may follow instead, unless they said that it is not that."""
    fresh = own is not None and not own.secret and case.incident_id is None
    if not fresh or case.status not in {"received", "verified"} or now() - case.received_at > FRESH:
        return []
    if citizen_session.declined(case.number):
        return []
    return [told(each) for each in pages.offers_for(case.number)]


def voices(case: PublicView, own: ReporterView | None) -> dict[str, Any] | None:
    """How many report it, the way to the lead, leaving; for everybody else the way to join."""
    may_join = own is None and case.published and case.status in JOINABLE
    together = pages.together(case.number, case.incident_id) if case.incident_id else pages.NONE
    if together.voices < 2 and not may_join:
        return None
    return {"told": together, "may_join": may_join, "may_leave": own is not None and together.voices > 1}
