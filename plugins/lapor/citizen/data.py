"""The reporter's own data: what is kept, who looked at it, a copy of it, and taking it away."""

from __future__ import annotations

from typing import Any

import orjson
from flask import flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import present
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.contracts import PublicView, ReporterView
from plugins.lapor.service import owndata
from plugins.lapor.service.vault import access
from plugins.lapor.settings import setting
from plugins.lapor.words import look_title
from superapp.sdk import NotFound, public, rate_limit, render

COPIES, WINDOW = 10, 600
SHOWN = 3


@public
def page(number: str) -> Response:
    """What is kept of the reporter of this case, for a browser that may open it."""
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    try:
        kept, looks = owndata.kept(ticket)
    except NotFound:
        citizen_session.forget(number)
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    titles = {"name": _("Nama"), "phone": _("WhatsApp"), "email": _("Surel"), "nik": "NIK"}
    pairs = [(title, value) for name, title in titles.items() if (value := getattr(kept.contact, name))]
    return make_response(
        render(
            "lapor/citizen/data.html",
            number=number,
            pairs=pairs,
            erased=erased_words(kept.erased_how) if kept.erased_at else "",
            looks=[words(each) for each in looks],
            months=int(str(setting("keep_complaint_months"))),
        )
    )


@public
def copy(number: str) -> Response:
    """The copy as a file. A POST, because taking it is written down."""
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    rate_limit("lapor.copy", number, COPIES, WINDOW)
    made = orjson.dumps(owndata.copy(ticket), option=orjson.OPT_INDENT_2)
    answer = make_response(made)
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="data-{number}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public
def forget(number: str) -> Response:
    """Destroy name and numbers; the report goes on, and number and PIN still open it."""
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    rate_limit("lapor.step", number, COPIES, WINDOW)
    gone = owndata.erase(ticket)
    flash(_("Nama dan nomor Anda sudah dihapus.") if gone else _("Tidak ada yang perlu dihapus."))
    return redirect(url_for("lapor_citizen.own_data", number=number), 303)


def latest(case: PublicView, own: ReporterView | None) -> dict[str, Any] | None:
    """For the own page: the newest looks, and the way to all; None for everybody else."""
    ticket = citizen_session.ticket_for(case.number) if own else None
    if ticket is None:
        return None
    looks = owndata.kept(ticket)[1]
    return {
        "looks": [words(each) for each in looks[:SHOWN]],
        "more": len(looks) > SHOWN,
        "number": case.number,
    }


def words(each: access.Look) -> dict[str, str]:
    """One look as a sentence: role and unit, never a person."""
    return {
        "who": each.by or str(_("Anda")),
        "what": look_title(each.what),
        "when": present.moment(each.at),
        "why": each.purpose,
    }


def erased_words(how: str) -> str:
    """Why nothing is kept any more."""
    said: dict[str, str] = {
        "reporter": _("Anda menghapusnya. Tidak ada yang bisa membacanya lagi."),
        "request": _("Dihapus atas permintaan Anda. Tidak ada yang bisa membacanya lagi."),
        "retention": _("Dihapus karena masa simpannya habis. Tidak ada yang bisa membacanya lagi."),
    }
    return said[how]
