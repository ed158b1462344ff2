"""What may be done to several cases at once, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from superapp.sdk import Actor

RIGHTS = {
    "suggested": "lapor.dispose",
    "verify": "lapor.verify",
    "take": "lapor.handle",
    "dispose": "lapor.dispose",
    "hold": "lapor.handle",
    "archive": "lapor.archive",
    "macro": "lapor.handle",
}


def actions(actor: Actor) -> list[tuple[str, str]]:
    """What this officer may do to several cases, with its words."""
    titles = {
        "suggested": _("Teruskan sesuai saran"),
        "verify": _("Verifikasi"),
        "take": _("Jadikan tugas saya"),
        "dispose": _("Teruskan ke satu unit"),
        "hold": _("Tunda"),
        "archive": _("Arsipkan"),
        "macro": _("Jalankan makro"),
    }
    return [(code, title) for code, title in titles.items() if actor.may(RIGHTS[code])]


def past(action: str) -> str:
    titles: dict[str, str] = {
        "suggested": _("diteruskan sesuai saran"),
        "verify": _("sudah diverifikasi"),
        "take": _("menjadi tugas Anda"),
        "dispose": _("diteruskan ke unit"),
        "hold": _("ditunda, jam berhenti"),
        "archive": _("diarsipkan dengan alasan"),
        "macro": _("makro dijalankan"),
    }
    return titles.get(action, action)
