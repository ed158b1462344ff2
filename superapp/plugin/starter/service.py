"""What can be done. No request in here, one commit for each deed."""

from __future__ import annotations

from flask_babel import gettext as _
from plugins.contoh.models import Note
from sqlalchemy import select

from superapp.sdk import FieldError, Invalid, audit, session, work

LIMIT = 500  # characters, CHECKed by the table too


def write(text: str) -> None:
    """Keep a note. Raises Invalid for an empty or too long one."""
    clean = text.strip()
    if not clean or len(clean) > LIMIT or "\x00" in clean:
        said = _("Isi catatan, paling banyak %(limit)s huruf.", limit=LIMIT)
        raise Invalid(errors=[FieldError("text", said)])
    with work() as unit:
        note = Note(text=clean)
        unit.add(note)
        unit.flush()
        audit.record("contoh.write", "note", note.id)


def latest(count: int = 20) -> list[str]:
    """The newest notes of the open tenant."""
    return list(session().scalars(select(Note.text).order_by(Note.id.desc()).limit(count)))
