"""What officers do beside a case's steps: ticks, links, macros, mentions."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries, service
from plugins.lapor.desk.beside import action_title
from plugins.lapor.desk.case import draw, wanted_version
from plugins.lapor.desk.inbox import asked
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.story import hour
from plugins.lapor.desk.undo import tell
from plugins.lapor.service.deskwork import checklist, links, macros, mentions
from superapp.sdk import Conflict, Forbidden, Invalid, current_actor, permit, render

HANDLE = "lapor.handle"


@permit(HANDLE)
def tick(number: str) -> Response:
    """Tick an item of the checklist, or take its tick away."""
    complaint_id, done = queries.id_of(number), request.form.get("done") == "1"
    checklist.tick(complaint_id, _uuid("item"), done=done)
    tell(complaint_id, _("Butir dicentang.") if done else _("Centang dihapus."))
    return _case(number, "periksa")


@permit(HANDLE)
def link(number: str) -> Response:
    """Link another case to this one."""
    complaint_id = queries.id_of(number)
    try:
        links.link(complaint_id, request.form.get("link-number", ""), request.form.get("link-kind", ""))
    except (Invalid, Conflict) as error:
        typed = {name: request.form.get(name, "") for name in ("link-number", "link-kind")}
        return make_response(draw(complaint_id, error=error, action="link", typed=typed), error.status)
    tell(complaint_id, _("Laporan dihubungkan."))
    return _case(number, "hubungan")


@permit(HANDLE)
def unlink(number: str) -> Response:
    """Take a link away."""
    complaint_id = queries.id_of(number)
    links.unlink(complaint_id, _uuid("link"))
    tell(complaint_id, _("Hubungan dihapus."))
    return _case(number, "hubungan")


@permit(HANDLE)
def macro(number: str) -> str:
    """What a macro would do to this case, before it does it."""
    complaint_id = queries.id_of(number)
    macro_id = _asked_macro()
    return render(
        "lapor/desk/macro_plan.html",
        view=service.desk_view(complaint_id),
        number=number,
        kept=asked(),
        macro=next((each for each in macros.macros() if each.id == macro_id), None),
        planned=[_planned(each) for each in macros.plan(macro_id, complaint_id)],
    )


@permit(HANDLE)
def run_macro(number: str) -> Response:
    """Do a macro's steps, all or none."""
    complaint_id, macro_id = queries.id_of(number), _uuid("macro")
    try:
        macros.apply(macro_id, complaint_id, version=wanted_version())
    except (Invalid, Conflict, Forbidden) as error:
        return make_response(draw(complaint_id, error=error, action="macro"), error.status)
    tell(complaint_id, f"{short_number(number)}: {_('makro dijalankan')}")
    return _case(number)


@permit("lapor.inbox")
def mentioned() -> str:
    """Notes that name the actor's unit or role; looking at them does not mark them."""
    return render(
        "lapor/desk/mentions.html",
        rows=[
            {
                "number": each.number,
                "short": short_number(each.number),
                "title": each.title,
                "text": each.text,
                "meta": f"{each.by} · {hour(each.at)}",
                "read": each.read,
                "opened": each.opened,
            }
            for each in mentions.mentions()
        ],
    )


@permit("lapor.inbox")
def read_all() -> Response:
    """Mark all of them as read."""
    mentions.read()
    return redirect(url_for(".mentioned"), 303)


def _planned(each: macros.Planned) -> tuple[str, str]:
    title = action_title(each.action)
    return (f"{title}: {each.detail}" if each.detail else title), each.text


def _asked_macro() -> UUID:
    try:
        return UUID(request.args.get("makro", ""))
    except ValueError:
        raise Invalid(_("Pilih makronya dahulu.")) from None


def _uuid(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise Invalid(_("Formulir ini tidak lengkap."), _("Muat ulang laporan lalu coba lagi.")) from None


def _case(number: str, anchor: str = "") -> Response:
    actor = current_actor()
    if not actor.may("lapor.inbox"):
        return redirect(url_for(".inbox"), 303)
    return redirect(url_for(".case", number=number, _anchor=anchor or None, **asked()), 303)
