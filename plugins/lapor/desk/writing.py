"""Writing on a case: drafts that are never lost, templates that begin a text, who writes where at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts.desk import Present
from plugins.lapor.desk.beside import here_words
from plugins.lapor.desk.case import draw
from plugins.lapor.desk.inbox import asked
from plugins.lapor.desk.texts import BEGINS, WRITTEN, offered, rescue
from plugins.lapor.service.deskwork import drafts, presence
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.service.mention import suggestions
from superapp.sdk import Conflict, Invalid, permit, work


@permit("lapor.handle")
def keep(number: str) -> Response:
    """Keep the texts of a form as drafts; a program gets the versions, a person the case again."""
    complaint_id = queries.id_of(number)
    found: dict[str, int] = {}
    try:
        for name in request.form:
            if name in WRITTEN:
                draft = drafts.keep(complaint_id, name, request.form[name], _version(name))
                found[name] = draft.version if draft else 0
    except Conflict as error:
        return _both(number, complaint_id, error)
    if _program():
        return make_response(jsonify(versions=found))
    flash(_("Konsep disimpan."))
    return redirect(url_for(".case", number=number, **asked()), 303)


def _both(number: str, complaint_id: UUID, error: Conflict) -> Response:
    """Nobody's text is lost: the one that was sent stays in the form, the colleague's stands beside it."""
    kept = drafts.drafts_of(complaint_id)
    if _program():
        others = {
            name: {"text": each.text, "version": each.version, "by": each.by} for name, each in kept.items()
        }
        return make_response(jsonify(title=error.title, others=others), error.status)
    action = next((name.split("-")[0] for name in request.form if name in WRITTEN), "")
    typed = {name: request.form[name] for name in request.form if name in WRITTEN}
    theirs = [each.text for name, each in kept.items() if name in typed and typed[name] != each.text]
    page = draw(complaint_id, error=error, action=action, typed=typed, theirs=theirs)
    return make_response(page, error.status)


@permit("lapor.handle")
def begin(number: str) -> Response:
    """The case again, with a template's text added to what stands in its field."""
    complaint_id = queries.id_of(number)
    name = request.form.get("begin", "")
    action = name.split("-")[0]
    chosen = request.form.get(f"template-{name}", "")
    texts = {key: text for key, _title, text in offered(complaint_id).get(BEGINS.get(name, ""), ())}
    typed: dict[str, Any] = {key: request.form[key] for key in request.form if key.startswith(f"{action}-")}
    if chosen in texts:
        before = str(typed.get(name, "")).rstrip()
        typed[name] = f"{before}\n\n{texts[chosen]}" if before else texts[chosen]
    return make_response(draw(complaint_id, action=action, typed=typed, focus=name))


@permit("lapor.handle")
def take_over(number: str) -> Response:
    """Write on in place of a colleague; what was typed here is kept."""
    complaint_id = queries.id_of(number)
    action = request.form.get("action", "")
    if action not in presence.GUARDED:
        raise Invalid(_("Isian ini tidak dijaga."))
    with work():
        rescue(complaint_id, request.form)
        presence.take_over(complaint_id, action)
    flash(_("Anda mengambil alih. Rekan Anda melihatnya."))
    return redirect(url_for(".case", number=number, buka=action, **asked()), 303)


@permit("lapor.handle")
def beat(number: str) -> Response:
    """A heart-beat: who else is here, and whether the case moved on; for the script of the page."""
    complaint_id = queries.id_of(number)
    others = presence.beat(complaint_id, request.form.get("editing"))
    case = opened(complaint_id, "lapor.handle", lock=False)
    return make_response(jsonify(version=case.version, say=here_words(others), writers=_writers(others)))


@permit("lapor.handle")
def leave(number: str) -> Response:
    """The page was left."""
    presence.leave(queries.id_of(number))
    return make_response("", 204)


@permit("lapor.handle")
def names() -> Response:
    """What may follow an @ in a note; for the script of the page."""
    answer = make_response(jsonify(names=suggestions()))
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _writers(others: list[Present]) -> dict[str, str]:
    return {each.editing: each.who for each in reversed(others) if each.editing}


def _version(name: str) -> int | None:
    value = request.form.get(f"draft-{name}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _program() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
