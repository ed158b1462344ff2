"""What the fields of a case know beside what was typed: drafts, templates, and who else writes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.contracts import DeskView
from plugins.lapor.contracts.desk import TextDraftView
from plugins.lapor.desk.story import hour
from plugins.lapor.service.deskwork import drafts, presence, templates, wording
from plugins.lapor.service.deskwork.cases import opened
from superapp.sdk import Actor

# The text of a form that templates are written for.
BEGINS = {
    "answer-text": "answer",
    "progress-text": "progress",
    "ask-question": "ask",
    "archive-remedy": "archive",
    "dispose-instruction": "dispose",
    "note-text": "note",
}
WRITTEN = (*BEGINS, "hold-reason", "give_back-reason", "resume-text", "forward-text", "verify-note")


def facts(view: DeskView, actor: Actor) -> dict[str, Any]:
    """What the forms of a case know beside their fields: drafts, templates, who else writes."""
    if not actor.may("lapor.handle"):
        return {"drafts": {}, "templates": {}, "writers": {}, "others": []}
    others = presence.beat(view.id)
    writers = {each.editing: each for each in reversed(others) if each.editing}
    return {
        "drafts": {name: drawn(each) for name, each in drafts.drafts_of(view.id).items()},
        "templates": offered(view.id),
        "writers": writers,
        "others": others,
    }


def drawn(draft: TextDraftView) -> dict[str, Any]:
    """A draft with the words below its field."""
    by = _("Konsep Anda, %(when)s", when=hour(draft.at))
    if not draft.own:
        by = _("Konsep %(who)s, %(when)s", who=draft.by, when=hour(draft.at))
    return {"text": draft.text, "version": draft.version, "by": by}


def offered(complaint_id: UUID) -> dict[str, list[tuple[str, str, str]]]:
    """The templates that fit a case, by field: id, title and the text with its variables filled."""
    case = opened(complaint_id, "lapor.handle", lock=False)
    found: dict[str, list[tuple[str, str, str]]] = {}
    fitting = templates.fitting(case)
    values = wording.values_of(case) if fitting else {}
    for each in fitting:
        found.setdefault(each.field, []).append((str(each.id), each.title, wording.fill(each.body, values)))
    return found


def rescue(complaint_id: UUID, typed: Mapping[str, Any]) -> None:
    """Keep what was typed into a refused form, unless a colleague's draft stands there."""
    kept = drafts.drafts_of(complaint_id)
    for name, text in typed.items():
        if name in WRITTEN and isinstance(text, str) and text.strip():
            before = kept.get(name)
            if before is None or before.own:
                drafts.keep(complaint_id, name, text, None)
