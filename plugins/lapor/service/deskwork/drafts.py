"""Texts being written: kept for each case and field, shared by the colleagues of a unit, never lost.

A draft belongs to a unit; an officer without a unit has it alone. `version` grows with each keeping:
who keeps over a text that he has not seen is refused, and sees both.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from plugins.lapor.contracts.desk import TextDraftView
from plugins.lapor.models import CaseEvent, TextDraft
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.validate import BODY_MAX, fault
from superapp.sdk import Actor, Conflict, FieldError, Invalid, current_actor, now, session, work

FIELD: Final = re.compile(r"[a-z_]{2,30}-[a-z_]{2,30}")
KEEP: Final = timedelta(days=30)
# Where the text of a step is typed, to be put back when the step is undone.
TYPED_IN: Final = {
    "answer": "answer-text",
    "progress": "progress-text",
    "note": "note-text",
    "give_back": "give_back-reason",
    "archive": "archive-remedy",
    "resume": "resume-text",
    "forward": "forward-text",
    "verify": "verify-note",
}


def owner_of(actor: Actor) -> UUID | None:
    """Whose drafts an actor shares."""
    return (actor.agency_id or actor.id) if actor.kind == "officer" else None


def drafts_of(complaint_id: UUID) -> dict[str, TextDraftView]:
    """The drafts on a case that the actor shares, by the name of their field."""
    owner = owner_of(current_actor())
    if owner is None:
        return {}
    query = select(TextDraft).where(TextDraft.complaint_id == complaint_id, TextDraft.owner_id == owner)
    return {row.field: _view(row) for row in session().scalars(query)}


def keep(complaint_id: UUID, field: str, text: str, version: int | None) -> TextDraftView | None:
    """Keep a text; an empty one forgets the draft. None when there is none afterwards.

    Raises Conflict when a colleague kept another text since `version`, Invalid for an odd one. The
    caller has made sure that the actor may see the case.
    """
    actor = current_actor()
    owner = owner_of(actor)
    if FIELD.fullmatch(field) is None or owner is None or actor.id is None:
        raise Invalid(errors=[FieldError("field", "Isian ini tidak punya konsep.", "unknown")])
    if len(text) > BODY_MAX or fault(text):
        raise Invalid(errors=[FieldError(field, f"Paling panjang {BODY_MAX} huruf biasa.", "length")])
    with work():
        row = _row(complaint_id, owner, field)
        if row is not None and row.text != text and version is not None and row.version != version:
            raise Conflict("Rekan Anda menyimpan konsep lain.", "Kedua tulisan ditampilkan.")
        if not text.strip():
            if row is not None:
                session().delete(row)
            return None
        if row is None:
            row = TextDraft(complaint_id=complaint_id, owner_id=owner, field=field, version=0)
            session().add(row)
        row.text, row.version, row.updated_at = text, row.version + 1, now()
        row.officer_id, row.actor_name, row.agency_id = actor.id, actor.name, actor.agency_id
        session().flush()
        return _view(row)


def forget(complaint_id: UUID, action: str) -> None:
    """Drop the drafts of a form that was sent; belongs inside of the step's unit of work."""
    owner = owner_of(current_actor())
    if owner is not None:
        sent = delete(TextDraft).where(TextDraft.complaint_id == complaint_id, TextDraft.owner_id == owner)
        session().execute(sent.where(TextDraft.field.startswith(f"{action}-", autoescape=True)))


def put_back(complaint_id: UUID, event: CaseEvent) -> None:
    """Give the text of an undone step back to the form it was typed into."""
    field, text = TYPED_IN.get(event.type), event.text
    if event.type == "hold":
        asked = event.data.get("waiting_for") == "reporter"
        field = "ask-question" if asked else "hold-reason"
    if event.type == "dispose":
        field, text = "dispose-instruction", str(event.data.get("instruction", ""))
    owner = owner_of(current_actor())
    if field and text.strip() and owner and _row(complaint_id, owner, field) is None:
        keep(complaint_id, field, text, None)


def tidy() -> None:
    """Forget drafts that nobody touched for a month."""
    with work() as unit:
        unit.execute(delete(TextDraft).where(TextDraft.updated_at < now() - KEEP))


def _row(complaint_id: UUID, owner: UUID, field: str) -> TextDraft | None:
    query = select(TextDraft).where(
        TextDraft.complaint_id == complaint_id, TextDraft.owner_id == owner, TextDraft.field == field
    )
    return session().scalars(query.with_for_update()).one_or_none()


def _view(row: TextDraft) -> TextDraftView:
    unit = agency_ref(row.agency_id)
    by = f"{row.actor_name}, {unit.short_name or unit.name}" if unit else row.actor_name
    return TextDraftView(
        row.field, row.text, row.version, by, row.updated_at, row.officer_id == current_actor().id
    )
