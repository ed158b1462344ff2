"""Several cases at once: picked in the list, done each by itself, undone together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts.desk import Outcome
from plugins.lapor.desk.deeds import actions, past
from plugins.lapor.desk.inbox import asked
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.undo import tell_batch
from plugins.lapor.service.coach import reasons
from plugins.lapor.service.deskwork import bulk, macros
from plugins.lapor.service.deskwork.bulk import BulkDone, Picked
from superapp.sdk import FieldError, Invalid, current_actor, permit, render

PICKED = re.compile(r"([A-Z]{2,6}-\d{4}-\d{6,8}):(\d{1,9})")
# Actions that need words or a choice first; the others go at once.
ASKS = ("dispose", "hold", "archive", "macro")
FIELDS = ("agency", "instruction", "reason", "until", "reason_code", "rule", "remedy", "macro")


@permit("lapor.handle")
def act() -> Response:
    """Do an action on the picked cases; one that needs words shows its form first."""
    action, picked = request.form.get("do", ""), chosen()
    if one := request.form.get("suggested", ""):
        action, picked = "suggested", parse([one])
    if action in ASKS and request.form.get("go") != "1" and picked:
        return make_response(form(action, picked))
    try:
        done = bulk.do(action, picked, values())
    except Invalid as error:
        if action in ASKS and picked:
            return make_response(form(action, picked, error), error.status)
        flash(" ".join(each.message for each in error.errors) or error.title, "error")
        return redirect(_list(), 303)
    return _told(action, done)


def chosen() -> list[Picked]:
    """The picked cases of the form, each once."""
    return parse(request.form.getlist("id"))


def parse(marks: list[str]) -> list[Picked]:
    """`DPS-2026-000123:4` is a case and the version that was looked at; other marks are left out."""
    found = [PICKED.fullmatch(mark) for mark in dict.fromkeys(marks)]
    return [Picked(hit[1], int(hit[2])) for hit in found if hit]


def values() -> dict[str, Any]:
    """What was typed. Raises Invalid for a day that is none."""
    given: dict[str, Any] = {name: request.form.get(name, "") for name in FIELDS}
    try:
        given["until"] = date.fromisoformat(given["until"]) if given["until"].strip() else None
    except ValueError:
        raise Invalid(
            errors=[FieldError("until", _("Tulis tanggal seperti 2026-03-27."), "format")]
        ) from None
    return given


def form(action: str, picked: list[Picked], error: Invalid | None = None) -> str:
    """The words that an action needs, above the list of what it will be done to."""
    named = dict(actions(current_actor())).get(action, "")
    return render(
        "lapor/desk/bulk.html",
        action=action,
        title=_("%(action)s: %(count)s laporan", action=named, count=len(picked)),
        picked=[(f"{each.number}:{each.version}", short_number(each.number)) for each in picked],
        titles=bulk.titles(picked),
        typed=request.form,
        errors={each.field: each.message for each in (error.errors if error else ())},
        summary=[{"field": each.field, "message": each.message} for each in (error.errors if error else ())],
        units=[(each.code, each.name) for each in queries.agency_choices()] if action == "dispose" else [],
        reasons=list(reasons.titles("archive").items()),
        macros=[(str(each.id), each.title) for each in macros.macros()] if action == "macro" else [],
        kept=_kept(),
        back_url=_list(),
    )


def _told(action: str, done: BulkDone) -> Response:
    failed = [each for each in done.outcomes if not each.ok]
    good = len(done.outcomes) - len(failed)
    what = dict(actions(current_actor())).get(action, action)
    if not failed:
        numbers = short_number(done.outcomes[0].number) if good == 1 else _("%(count)s laporan", count=good)
        tell_batch(done.batch_id, f"{numbers}: {past(action)}")
        return redirect(_list(), 303)
    title = _("%(action)s: %(done)s dari %(all)s berhasil", action=what, done=good, all=len(done.outcomes))
    undo_url = url_for(".undo", batch_id=done.batch_id) if good else ""
    page = render(
        "lapor/desk/outcomes.html",
        title=title,
        outcomes=[_shown(each) for each in done.outcomes],
        undo_url=undo_url,
        back_url=_list(),
    )
    return make_response(page, 200 if good else 409)


def _shown(each: Outcome) -> Mapping[str, Any]:
    return {"number": each.number, "ok": each.ok, "why": each.why}


def _kept() -> dict[str, Any]:
    box = {"box": request.args["box"]} if "box" in request.args else {}
    return box | asked()


def _list() -> str:
    return url_for(".inbox", **_kept())
