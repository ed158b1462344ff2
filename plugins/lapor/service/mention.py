"""Naming a unit or a role in a note: `@DLHK`, `@koordinator`.

A coordinator's mention lets the unit read the case: until the unit is given a part of it, the mention
itself is the right to read, never to act. A secret case is opened to nobody this way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from plugins.lapor.contracts import AgencyRef
from plugins.lapor.events import Mentioned
from plugins.lapor.models import Complaint, Mention
from plugins.lapor.service.agencies import agency_choices
from plugins.lapor.service.kept import images
from superapp.sdk import Actor, FieldError, Invalid, emit, new_id, session

NAMED: Final = re.compile(r"(?<![\w@.])@([A-Za-z][A-Za-z0-9_.-]{1,39})")
ROLES: Final = {
    "koordinator": "coordinator",
    "penghubung": "liaison",
    "operator": "operator",
    "pimpinan": "leader",
    "pemeriksa": "auditor",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Who was named: a unit, or a role by its code."""

    unit: AgencyRef | None = None
    role: str = ""


def named(text: str) -> list[Named]:
    """The units and roles in a text, each once. Raises Invalid naming a word that is neither."""
    units = {each.code.lower(): each for each in agency_choices(external=False)}
    found: dict[str, Named] = {}
    for word in NAMED.findall(text):
        name = word.rstrip(".-_").lower()
        if name in units:
            found[name] = Named(units[name])
        elif name in ROLES:
            found[name] = Named(role=ROLES[name])
        else:
            raise Invalid(errors=[FieldError("text", _unknown(word, [*units, *ROLES]), "unknown")])
    return list(found.values())


def record(
    case: Complaint, event_id: UUID, text: str, actor: Actor, sees: Sequence[UUID]
) -> list[images.Change]:
    """Keep whom a note names and tell them; `sees` are the units that have the case.

    Raises Invalid when a secret case would be opened to a unit. Belongs inside of the note's work.
    """
    targets = named(text)
    rows = [_row(case, event_id, each, actor, sees) for each in targets]
    session().add_all(rows)
    if rows:
        session().flush()
        emit(Mentioned(str(case.id), case.number, case.status, str(event_id)))
    return [images.added("mention", {"id": row.id}) for row in rows]


def opened_to(actor: Actor) -> ColumnElement[bool]:
    """Cases that a mention lets this actor's unit read, as a condition on Complaint."""
    each = aliased(Mention)  # lists of mentions ask this, too
    named = select(each.id).where(
        each.tenant_id == Complaint.tenant_id,
        each.complaint_id == Complaint.id,
        each.agency_id == actor.agency_id,
        each.opens,
    )
    return and_(named.exists(), ~Complaint.secret, Complaint.whistle == "")


def is_opened_to(actor: Actor, case: Complaint) -> bool:
    """True when a mention lets this actor read the case."""
    if actor.agency_id is None or case.secret or case.whistle:
        return False
    query = select(Mention.id).where(
        Mention.complaint_id == case.id, Mention.agency_id == actor.agency_id, Mention.opens
    )
    return session().scalars(query.limit(1)).first() is not None


def suggestions() -> list[tuple[str, str]]:
    """What may follow the @: name as it is written, and its title."""
    units = [(each.code, each.name) for each in agency_choices(external=False)]
    return [*units, *((name, name.capitalize()) for name in ROLES)]


def _row(case: Complaint, event_id: UUID, target: Named, actor: Actor, sees: Sequence[UUID]) -> Mention:
    unit = target.unit.id if target.unit else None
    has_it = unit is None or unit == case.agency_id or unit in sees
    if (case.secret or case.whistle) and not has_it:
        name = target.unit.code if target.unit else ""
        told = f"Laporan ini rahasia. {name} tidak menanganinya, jadi tidak bisa disebut di sini."
        raise Invalid(errors=[FieldError("text", told, "secret")])
    opens = not has_it and actor.may("lapor.dispose")
    return Mention(
        id=new_id(), complaint_id=case.id, event_id=event_id, agency_id=unit, role=target.role, opens=opens
    )


def _unknown(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word.lower(), known, n=1)
    hint = f" Maksud Anda @{close[0].upper()}?" if close else " Pilih kode unit, atau @koordinator."
    return f"Tidak ada unit atau peran @{word}.{hint}"
