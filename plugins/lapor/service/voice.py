"""What being part of an incident means for a step: asked by `case.changing` around every one.

A step of a unit on a report that another one leads is refused and points to the lead, for two reasons:
two units must not answer one hole in the road differently, and the officer should know that the answer
will reach everybody. It is not sent on silently: the officer looked at another case's words and photos.
What concerns one report alone stays possible on it: setting its kind right, asking its reporter,
archiving it. A report whose lead is answered or over stands alone again, so that "not solved yet" of
one voice has somewhere to go; the reporter's own steps are always their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.models import Complaint, Incident
from plugins.lapor.service.kept.steps import WINDOW
from plugins.lapor.states import OPEN, Action
from superapp.sdk import Actor, Conflict, current_actor, defer, now, session

# What a step on the lead does for all. A question goes to one reporter only and stops one clock only;
# reasons for archiving are judged in incident/carry.py.
CARRIED: Final = frozenset(
    {
        *("verify", "dispose", "give_back", "hold", "resume", "progress", "answer", "archive", "forward"),
        *("hear", "reject_proof", "pass_on", "move"),
    }
)
ALONE: Final = frozenset({"verify", "archive"})
LEADS: Final = OPEN - {"answered"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A report's place in its incident, before the step."""

    incident_id: UUID
    lead_id: UUID
    lead_number: str
    lead_status: str
    leads: bool
    was_open: bool
    waited_for: str

    @property
    def alone(self) -> bool:
        """True when steps belong to this report itself."""
        return self.leads or self.lead_status not in LEADS


def place_of(case: Complaint) -> Voice | None:
    """Where a case stands in its incident; None for one of its own, without a query."""
    if case.incident_id is None:
        return None
    query = (
        select(Incident.lead_id, Complaint.number, Complaint.status)
        .join(Complaint, Complaint.id == Incident.lead_id)
        .where(Incident.id == case.incident_id)
    )
    lead_id, number, status = session().execute(query).one()
    return Voice(
        case.incident_id,
        lead_id,
        number,
        status,
        lead_id == case.id,
        case.status in OPEN,
        case.waiting_for,
    )


def check(voice: Voice | None, case: Complaint, action: Action, actor: Actor) -> None:
    """Raise Conflict for an officer's step that belongs to the incident's lead."""
    if voice is None or voice.alone or actor.kind not in ("officer", "api") or action in ALONE:
        return
    if action == "hold" and case.waiting_for == "reporter":
        return
    if action == "resume" and voice.waited_for == "reporter":
        return
    raise Conflict(
        _("Laporan ini ditangani bersama laporan utama %(number)s.", number=voice.lead_number),
        _("Lakukan langkahnya di sana, dan semua pelapor mendapat kabar. Atau pisahkan laporan ini."),
    )


def pass_on(voice: Voice | None, case: Complaint, action: Action, *, by_reporter: bool) -> None:
    """Let the worker carry a step of the lead to the others, and see whether the incident is over."""
    if voice is None:
        return
    told = voice.leads and action in CARRIED and not by_reporter
    if told or voice.was_open != (case.status in OPEN):
        # An officer may take a step back for a minute: what is undone then has reached nobody else.
        later = now() + WINDOW if current_actor().kind == "officer" else None
        defer("lapor.carry", incident_id=str(voice.incident_id), at=later)
