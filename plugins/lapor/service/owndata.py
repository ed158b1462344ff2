"""A reporter's own data, by the ticket of one case: what is kept, who looked, a copy, and erasing it."""

from __future__ import annotations

from typing import Any

from plugins.lapor.service.track import opened_by
from plugins.lapor.service.vault import access, people, rights
from superapp.sdk import work


def kept(ticket: str) -> tuple[people.Kept, tuple[access.Look, ...]]:
    """What is kept for the case that a ticket opens, and who looked. Raises NotFound."""
    case = opened_by(ticket)
    return people.kept(case.id), access.looks_at(case.id)


def copy(ticket: str) -> dict[str, Any]:
    """The reporter's copy of the case that a ticket opens, with a line that it was taken. Raises NotFound."""
    case = opened_by(ticket)
    with work():
        access.note("copy", case.id)
    return rights.report(case, people.kept(case.id).contact)


def erase(ticket: str) -> bool:
    """Destroy the contact of the case that a ticket opens; PIN and case stay. False: there was none.

    Only this case's: who holds its PIN has shown nothing about others under the same number.
    """
    case = opened_by(ticket)
    with work():
        gone = people.forget(case.id, how="reporter")
        if gone:
            access.note("erase", case.id)
    return gone
