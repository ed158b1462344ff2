"""One answer informs all: what is done with an incident's lead, done with each of its other reports.

The worker carries, a minute after an officer's step, when it cannot be taken back any more; and so no
officer ever waits for three hundred reporters. It looks which lines of
the lead's timeline a report has not had yet and does them in their order, each in a unit of work of its
own and marked with the line it came from: killed anywhere, it goes on without doing one twice.

What is carried: reading, handing over, giving back, holding for another institution, going on,
progress, answer, passing on to an outside owner, and archiving where the reason lies in the matter and
not in one report. What stays with each report: its number and PIN, its promise (clocks start and stop
with the step, their limits count from its own arrival), a question to its reporter, the confirmation.
Pictures are not copied: the lead's stay with the lead, where everybody may see them, so that a picture
of proof is never found twice.
"""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, select

from plugins.lapor.contracts import Status
from plugins.lapor.events import AFTER, AFTER_KIND
from plugins.lapor.models import CaseEvent, Complaint, Incident
from plugins.lapor.service.case import active_assignments
from plugins.lapor.service.incident.mirror import ACTION_OF, USUAL, follow, news, step
from plugins.lapor.service.kept.steps import WINDOW
from plugins.lapor.service.voice import CARRIED
from plugins.lapor.states import OPEN, TABLE, Action
from superapp.sdk import Actor, now, session, work

# Reasons that lie in the matter: they hold for whoever reports it.
OF_THE_MATTER: Final = frozenset({"not_public", "court"})
# Steps inside of the lead's units: the others get the same parts, without a word to their reporters.
PARTS_ONLY: Final = frozenset({"pass_on", "move"})
# How a report gets to where its incident already is: the fewest steps that lead there.
WAYS: Final[tuple[Action, ...]] = ("verify", "dispose", "forward", "progress", "answer")


def carry(incident_id: UUID) -> None:
    """Bring every voice of an incident up to its lead. Repeats do nothing."""
    incident = session().scalars(select(Incident).where(Incident.id == incident_id)).one_or_none()
    if incident is None or incident.dissolved_at is not None:
        return
    query = select(Complaint.id).where(Complaint.incident_id == incident_id, Complaint.id != incident.lead_id)
    for voice_id in session().scalars(query.order_by(Complaint.id)).all():
        for event_id in outstanding(incident, voice_id):
            with work():
                _carry_one(incident_id, voice_id, event_id)


def outstanding(incident: Incident, voice_id: UUID) -> list[UUID]:
    """The lines of the lead that this voice has not had yet and that stand for good, the oldest first."""
    joined = session().scalars(select(Complaint.joined_id).where(Complaint.id == voice_id)).one()
    since = max(joined, incident.led_id) if joined else incident.led_id
    query = select(CaseEvent).where(
        CaseEvent.complaint_id == incident.lead_id,
        CaseEvent.id > since,
        CaseEvent.type.in_(["undo", *AFTER, *AFTER_KIND]),
    )
    lines = list(session().scalars(query.order_by(CaseEvent.id)))
    if lines and lines[-1].actor_kind == "officer" and lines[-1].at > now() - WINDOW:
        lines.pop()
    undone = {each for line in lines if line.type == "undo" for each in line.data.get("undone", ())}
    had = undone | set(session().scalars(_had(voice_id)))
    return [line.id for line in lines if str(line.id) not in had and is_for_all(line)]


def _had(voice_id: UUID) -> Select[str]:
    """The lines of leads that a voice has had."""
    return select(CaseEvent.data["lead_event"].astext).where(
        CaseEvent.complaint_id == voice_id, CaseEvent.data.has_key("lead_event")
    )


def is_for_all(line: CaseEvent) -> bool:
    """True for a step that concerns the matter and not one reporter alone."""
    if ACTION_OF.get(line.type, line.type) not in CARRIED or line.actor_kind == "reporter":
        return False
    if line.type == "archive":
        return line.data.get("reason_code") in OF_THE_MATTER
    return not (line.type == "hold" and line.data.get("waiting_for") == "reporter")


def _carry_one(incident_id: UUID, voice_id: UUID, event_id: UUID) -> None:
    incident = session().scalars(select(Incident).where(Incident.id == incident_id)).one()
    lead = session().scalars(select(Complaint).where(Complaint.id == incident.lead_id)).one()
    line = session().scalars(select(CaseEvent).where(CaseEvent.id == event_id)).one()
    voice = session().scalars(select(Complaint).where(Complaint.id == voice_id).with_for_update()).one()
    if voice.incident_id != incident_id or voice.status not in OPEN:
        return
    if str(event_id) in set(session().scalars(_had(voice_id))):
        return  # a second worker was quicker
    action = ACTION_OF.get(line.type, cast(Action, line.type))
    if action != "resume" and voice.status == "on_hold" and voice.waiting_for == "institution":
        step(voice_id, "resume", lead, None)
        session().refresh(voice)
    if action in PARTS_ONLY:
        follow(voice, lead, line)
    elif (voice.status, action) in TABLE and _fits(voice, action):
        step(voice_id, action, lead, line)
    elif line.public and line.text:
        news(voice, line)


def _fits(voice: Complaint, action: Action) -> bool:
    """False for going on with a report that waits for its own reporter's answer."""
    return not (action == "resume" and voice.waiting_for == "reporter")


def align(case_id: UUID, lead: Complaint, line: CaseEvent | None, actor: Actor) -> None:
    """Bring a report that has just come in to where its incident stands, inside of work()."""
    case = session().scalars(select(Complaint).where(Complaint.id == case_id)).one()
    for action in way(case, lead):
        told = line if line is not None and line.type == action else None
        step(case_id, action, lead, told, actor)


def way(case: Complaint, lead: Complaint) -> tuple[Action, ...]:
    """The steps that take a case to the state of the lead; none where it has to stay where it is.

    A case that waits for its own reporter, or is answered, has gone its own way and is left there.
    """
    goal = cast("Status", lead.held_from or lead.status)
    held = lead.status == "on_hold" and lead.waiting_for == "institution"
    first: tuple[Action, ...] = ()
    start = cast(Status, case.status)
    if case.status == "on_hold":
        if case.waiting_for == "reporter":
            return ()
        first, start = ("resume",), cast(Status, case.held_from)
    if start == "answered" or start not in OPEN:
        return ()
    found = _shortest(start, goal)
    if start == goal and (start, "dispose") in TABLE and _has_other_units(case, lead):
        found = ("dispose", *(_shortest("dispositioned", goal) or ()))
    return () if found is None else (*first, *found, *(("hold",) if held else ()))


def _has_other_units(case: Complaint, lead: Complaint) -> bool:
    here, there = ({each.agency_id for each in active_assignments(one.id)} for one in (case, lead))
    return here != there or case.agency_id != lead.agency_id


def _shortest(start: Status, goal: Status) -> tuple[Action, ...] | None:
    ways: dict[Status, tuple[Action, ...]] = {start: ()}
    edge = [start]
    while edge:
        here = edge.pop(0)
        if here == goal:
            return ways[here]
        for action in WAYS:
            arrow = TABLE.get((here, action))
            if arrow is None or arrow.to in {"SAME", "HELD"}:
                continue
            there = USUAL.get(action, cast(Status, arrow.to))
            if there in ways:
                continue
            ways[there] = (*ways[here], action)
            edge.append(there)
    return None
