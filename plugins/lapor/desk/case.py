"""A case on one page: the citizen's words, the next step, what is known, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask_babel import gettext as _

from plugins.lapor import queries, service
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.contracts import Box, Contact, DeskView
from plugins.lapor.contracts.desk import Since
from plugins.lapor.desk import coach, evidence, owners, reporter, story, texts
from plugins.lapor.desk.differ import compare
from plugins.lapor.desk.inbox import asked, asked_box, box_titles
from plugins.lapor.desk.panels import panels
from plugins.lapor.desk.steps import ORDER, briefing, first_choice, next_step, until
from plugins.lapor.desk.suggesting import proven
from plugins.lapor.service.coach import reasons
from plugins.lapor.words import status_title
from superapp.sdk import AppError, Invalid, current_actor, permit, render

WEEK_SECONDS = 604_800


@permit("lapor.inbox")
def page(number: str) -> str:
    """The case of this number, as far as the actor may see it; `buka` names a form to open."""
    asked_for = request.args.get("buka", "")
    return draw(queries.id_of(number), action=asked_for if asked_for in ORDER else "")


def draw(
    complaint_id: UUID,
    *,
    error: AppError | None = None,
    action: str = "",
    typed: Mapping[str, Any] | None = None,
    contact: Contact | None = None,
    focus: str = "",
    theirs: Sequence[str] = (),
    changed: Since | None = None,
) -> str:
    """The page. After a refused step: with the error, that action's form open, what was typed, and what
    changed since the form was opened. `theirs` are a colleague's drafts of what was typed here."""
    actor, view = current_actor(), service.desk_view(complaint_id)
    writes = texts.facts(view, actor)
    step, box = next_step(view, actor), asked_box(actor)
    kept: dict[str, Any] = ({"box": box} if "box" in request.args else {}) | asked()
    return render(
        "lapor/desk/case.html",
        view=view,
        case=view.case,
        step=step,
        forms=form_choices(step.form, *step.beside, *step.more)
        | evidence.answer_choices(view)
        | (coach.ready(view) if "ask" in (*step.beside, *step.more) else {}),
        status=status_title(view.case.status),
        words=story.marked_words(view.case.body, story.spoken(view)),
        suggestions=story.suggestion_rows(view.suggestions),
        first_choice=first_choice(view),
        proven=proven(view) if step.form == "dispose" else "",
        briefing=[*briefing(view, actor), *owners.briefing(view, actor)],
        owners=owners.form_facts(view, actor),
        fix_until=until(view, "resolve"),
        contact=contact or view.contact,
        contact_facts=story.contact_facts(contact or view.contact),
        revealed=contact is not None,
        reporter=reporter.facts(view, actor, typed or {}),
        may_note=actor.may("lapor.handle") or bool(view.whistle),
        error=error,
        errors=field_errors(error, action),
        wrong={each["field"]: each["message"] for each in field_errors(error, action)},
        action=action,
        typed=typed or {},
        focus=focus,
        writes=writes,
        begins=texts.BEGINS,
        drafted={name.split("-")[0] for name in writes["drafts"]},
        theirs=compare(typed or {}, theirs),
        changed=story.changed(changed) if changed else None,
        lost=lost_words(typed or {}, action, (step.form, *step.beside, *step.more)),
        panels=panels(view, actor),
        **told(view),
        **around(complaint_id, box, kept),
    )


def told(view: DeskView) -> dict[str, Any]:
    """What is known and what happened, ready for the macros."""
    return {
        "facts": [*story.facts(view), *evidence.facts(view)],
        "shots": story.shots(each for each in view.case.photos if each.stage == "report"),
        "unshown": story.missing_photos(view.case.photos),
        "clock_words": story.clock_words(view),
        "timeline": story.steps(view),
        "latest": story.latest(view),
        "notes": story.notes(view),
    }


def around(complaint_id: UUID, box: Box, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The way back to the list, and its neighbours in it."""
    before, after = queries.neighbours(complaint_id, box)
    return {
        "back_url": url_for(".inbox", **{"box": box, **kept}),
        "back_title": box_titles()[box],
        "before_url": url_for(".case", number=before, **kept) if before else "",
        "after_url": url_for(".case", number=after, **kept) if after else "",
        "kept": kept,
    }


def form_choices(*actions: str) -> dict[str, Any]:
    """The lists that the forms of these actions choose from; only what is needed."""
    choices: dict[str, Any] = {}
    if {"dispose", "give_back"} & set(actions):
        choices["units"] = [(each.code, each.name) for each in queries.agency_choices(external=False)]
    if {"forward", "give_back"} & set(actions):
        choices["outside"] = [(each.code, each.name) for each in queries.agency_choices(external=True)]
    if "archive" in actions:
        choices["archive_reasons"] = list(reasons.titles("archive").items())
    if "give_back" in actions:
        choices["return_reasons"] = list(reasons.titles("return").items())
    if "hold" in actions:
        choices["hold_reasons"] = list(reasons.titles("hold").items())
    if "verify" in actions:
        listed = citizen_form.choices()
        choices |= {"categories": listed.categories, "areas": listed.areas}
    return choices


def field_errors(error: AppError | None, action: str) -> list[dict[str, str]]:
    """Errors by the name that the field has on the page: "text" of an answer is "answer-text"."""
    if error is None:
        return []
    return [{"field": f"{action}-{each.field}", "message": each.message} for each in error.errors]


def lost_words(typed: Mapping[str, Any], action: str, shown: tuple[str, ...]) -> list[str]:
    """What was typed into a form that is not offered any more, so that it can be copied."""
    if not action or action in {*shown, "note", "ask", "mark", "release"}:
        return []
    return [value for value in typed.values() if isinstance(value, str) and " " in value.strip()]


@permit("lapor.inbox")
def photo(photo_id: UUID) -> Response:
    """A photo of a case that the actor may see; `size=thumb` gives the small one."""
    size: Literal["full", "thumb"] = "thumb" if request.args.get("size") == "thumb" else "full"
    data, mimetype = service.open_photo(photo_id, size)
    answer = make_response(data)
    answer.headers["Content-Type"] = mimetype
    answer.headers["Cache-Control"] = f"private, max-age={WEEK_SECONDS}, immutable"
    return answer


def wanted_version() -> int:
    """The version that the officer looked at. Raises Invalid when the form carries none."""
    value = request.form.get("version", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Invalid(_("Formulir ini tidak lengkap."), _("Muat ulang laporan lalu coba lagi."))
    return int(value)
