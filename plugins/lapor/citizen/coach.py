"""Help while a report is written, and what its reporter may answer and correct afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import jsonify, make_response, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from plugins.lapor import queries, service
from plugins.lapor.assets import ROOT
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.contracts import Question, Upload
from plugins.lapor.service.coach.hints import hints
from superapp.sdk import public, rate_limit, render

PREFIX = "a-"
CODES_MOST, VALUES_MOST = 60, 60  # a form that sends more was not made by us
ASKS, ASK_WINDOW = 120, 60
TEXT_MOST = 600
SURE_ENOUGH = 2


def typed_answers(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was typed into a category's questions, by code; as a form sends it, judged later."""
    names = [name for name in form if name.startswith(PREFIX)][:CODES_MOST]
    return {name.removeprefix(PREFIX): form.getlist(name)[:VALUES_MOST] for name in names}


def sent_files(files: MultiDict[str, FileStorage]) -> dict[str, list[Upload]]:
    """The pictures that answer a question, by code; an empty field is left out."""
    found = {}
    for name in [name for name in files if name.startswith(PREFIX)][:CODES_MOST]:
        if chosen := citizen_form.uploads(files.getlist(name)):
            found[name.removeprefix(PREFIX)] = chosen
    return found


def meant(category: str, text: str) -> str:
    """The category that the form is about: the chosen one, else the one that the words speak for clearly."""
    if category:
        return category
    found = queries.guess(text[:TEXT_MOST].replace("\x00", ""))
    return found[0].category.code if found and found[0].strength >= SURE_ENOUGH else ""


@public
def coach() -> Response:
    """For the form's script: hints for what was written, and the questions of the kind it is about.

    `teks`, `jenis`, `tempat` (1 when a place is filled in); `ada` names the kind whose questions the
    form shows already, so that they are sent again only for another one.
    """
    rate_limit("lapor.coach", request.remote_addr or "", ASKS, ASK_WINDOW)
    text = request.args.get("teks", "")[:TEXT_MOST].replace("\x00", "")
    category = meant(request.args.get("jenis", "")[:60], text)
    found = hints(text, category or None, placed=bool(request.args.get("tempat")))
    answer: dict[str, Any] = {
        "hints": [{"code": each.code, "text": each.text} for each in found],
        "category": category,
    }
    if request.args.get("ada", "-") != category:
        answer["questions"] = fields(service.questions_of(category or None))
    return jsonify(answer)


@public
def worker() -> Response:
    """The script that opens the form without a line. Its address decides what it may answer for: /lapor/."""
    response = make_response((ROOT / "static" / "sw.js").read_bytes())
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


def fields(
    listed: Iterable[Question],
    answers: Mapping[str, list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """The questions as fields of a form; "" when there are none."""
    asked = tuple(listed)
    if not asked:
        return ""
    return render(
        "lapor/_question_fields.html", listed=asked, answers=answers or {}, errors=errors or {}, prefix=PREFIX
    )


def links(errors: Mapping[str, str], listed: Iterable[Question]) -> dict[str, str]:
    """What the summary on top of a form says about each question."""
    labels = {f"{PREFIX}{each.code}": each.label for each in listed}
    return {name: _("Jawab: %(label)s", label=labels[name]) for name in errors if name in labels}
