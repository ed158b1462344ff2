"""Panels of a case for working together: who is here, the checklist, macros, linked cases."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor.contracts import DeskView
from plugins.lapor.contracts.desk import Present
from plugins.lapor.desk.panel import Panel
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.story import hour
from plugins.lapor.service.deskwork import checklist as checks
from plugins.lapor.service.deskwork import links, macros, mentions, presence
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.words import event_title, status_title
from superapp.sdk import Actor


def here(view: DeskView, actor: Actor) -> Panel | None:
    """Who else has it open; also the place where the script says so later."""
    if not actor.may("lapor.handle"):
        return None
    mentions.read(view.id)
    facts = {"say": here_words(presence.present(view.id)), "url": url_for(".case", number=view.case.number)}
    return Panel("lapor/desk/panels/here.html", facts, "top")


def checklist(view: DeskView, actor: Actor) -> Panel | None:
    """What has to be made sure of, ticked by whom."""
    rows = checks_of(view)
    facts = {
        "rows": rows,
        "number": view.case.number,
        "may": bool(view.actions) and actor.may("lapor.handle"),
    }
    return Panel("lapor/desk/panels/checklist.html", facts, "main") if rows else None


def macro(view: DeskView, actor: Actor) -> Panel | None:
    """The macros that fit; each shows what it will do first."""
    if not view.actions:
        return None
    fitting = macros.fitting(opened(view.id, "lapor.handle", lock=False))
    choices = [(str(each.id), each.title) for each in fitting]
    facts = {"choices": choices, "number": view.case.number}
    return Panel("lapor/desk/panels/macros.html", facts) if choices else None


def linked(view: DeskView, actor: Actor) -> Panel | None:
    """Cases that have to do with this one."""
    rows, may = links_of(view), actor.may("lapor.handle") and bool(view.actions)
    kinds = [(kind, title) for kind, title in link_titles().items() if kind in links.KINDS]
    facts = {"rows": rows, "number": view.case.number, "kinds": kinds, "may": may}
    return Panel("lapor/desk/panels/links.html", facts) if rows or may else None


def action_title(action: str) -> str:
    """A step in words, as macros and checklists name it."""
    titles: dict[str, str] = {
        "verify": _("verifikasi"),
        "dispose": _("teruskan ke unit"),
        "give_back": _("kembalikan"),
        "hold": _("tunda"),
        "ask": _("tanya pelapor"),
        "resume": _("lanjutkan"),
        "progress": _("catat kemajuan"),
        "answer": _("jawab"),
        "archive": _("arsipkan"),
        "forward": _("serahkan ke luar"),
        "take": _("ambil sebagai tugas"),
        "note": _("catatan petugas"),
    }
    return titles.get(action, event_title(action))


def checks_of(view: DeskView) -> list[dict[str, Any]]:
    """The checklist as the panel shows it."""
    return [
        {
            "id": each.id,
            "item": each.item,
            "done": each.done,
            "meta": f"{each.by}, {hour(each.at)}" if each.at else "",
            "before": _("sebelum: %(step)s", step=action_title(each.before)) if each.before else "",
            "step": each.before,
        }
        for each in checks.checklist(view.id)
    ]


def links_of(view: DeskView) -> list[dict[str, Any]]:
    """The linked cases as the panel shows them."""
    titles = link_titles()
    return [
        {
            "id": each.id,
            "kind": titles[each.kind],
            "number": each.number,
            "short": short_number(each.number),
            "title": each.title,
            "status": status_title(each.status),
        }
        for each in links.links_of(view.id)
    ]


def link_titles() -> dict[str, str]:
    """How one case has to do with another, seen from here."""
    return {
        "related": _("berkaitan dengan"),
        "follows": _("lanjutan dari"),
        "caused_by": _("disebabkan oleh"),
        "followed_by": _("dilanjutkan oleh"),
        "causes": _("menyebabkan"),
    }


def here_words(others: list[Present]) -> str:
    """ "Sedang dibuka: Koordinator, Diskominfo." or nothing."""
    who = ", ".join(dict.fromkeys(each.who for each in others))
    return str(_("Sedang dibuka juga: %(who)s", who=who)) if who else ""
