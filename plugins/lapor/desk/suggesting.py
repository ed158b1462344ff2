"""What pages say about suggestions: how often such a one was right, and what went on without an officer."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor.contracts import DeskView
from plugins.lapor.desk.inbox import thousands
from plugins.lapor.desk.panel import Panel
from plugins.lapor.service.routing import decisions, report
from superapp.sdk import Actor, NavItem

VIEW = "lapor.routing.view"


def nav(actor: Actor) -> list[NavItem]:
    """The entry among what is watched; its number counts alarms that nobody has read."""
    if not actor.may(VIEW):
        return []
    count = report.unread() or None
    return [
        NavItem(
            "lapor.routing",
            _("Mutu penerusan"),
            url_for("lapor_desk.routing"),
            "chart",
            _("Memantau"),
            count,
            45,
        )
    ]


def sent_alone(view: DeskView, actor: Actor) -> Panel | None:
    """What the system sent on, why, and the way to take it back while the unit has not begun."""
    if view.case.status != "dispositioned" or view.whistle or not actor.may("lapor.dispose"):
        return None
    last = decisions.latest(view.id)
    if last is None or last.how != "system" or last.recalled_at is not None:
        return None
    url = url_for("lapor_desk.recall", number=view.case.number)
    return Panel(
        "lapor/desk/panels/alone.html", {"why": last.reason, "url": url, "version": view.version}, "top"
    )


def proven(view: DeskView) -> str:
    """ "Dari 212 laporan serupa, saran pertama benar 96%": for the head of the card; "" without evidence."""
    if view.evidence is None or not view.suggestions:
        return ""
    cases, right = view.evidence.cases, view.evidence.right
    return str(
        _(
            "Dari %(cases)s laporan serupa, saran pertama benar %(share)s",
            cases=thousands(cases),
            share=percent(right, cases),
        )
    )


def percent(part: int, whole: int) -> str:
    """ "96%"; "" of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else ""
