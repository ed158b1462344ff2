"""Who has a case open now, and who writes in one of its forms.

A row lives two minutes after its last heart-beat; nobody has to leave. The lock is a soft one: whoever
writes first is named to the others, who may take over knowingly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, text, update

from plugins.lapor.contracts.desk import Present
from plugins.lapor.models import Presence
from plugins.lapor.service.agencies import agency_ref, short
from superapp.sdk import Conflict, FieldError, Invalid, current_actor, current_tenant, now, session, work

LIFE: Final = timedelta(minutes=2)
# Forms whose text two officers should not write at once.
GUARDED: Final = ("answer", "progress", "archive")

BEAT = text(
    """
INSERT INTO lapor.presence AS p
    (tenant_id, complaint_id, officer_id, actor_name, agency_id, seen_at, editing, editing_at)
VALUES (:tenant, :case, :officer, :name, CAST(:agency AS uuid), :now, :editing,
    CASE WHEN :editing <> '' THEN CAST(:now AS timestamptz) END)
ON CONFLICT (tenant_id, complaint_id, officer_id) DO UPDATE SET
    actor_name = excluded.actor_name, agency_id = excluded.agency_id, seen_at = excluded.seen_at,
    editing = CASE WHEN :keep AND p.seen_at > :dead THEN p.editing ELSE excluded.editing END,
    editing_at = CASE WHEN excluded.editing = p.editing AND p.seen_at > :dead THEN p.editing_at
        WHEN :keep AND p.seen_at > :dead THEN p.editing_at ELSE excluded.editing_at END
"""
)


def beat(complaint_id: UUID, editing: str | None = None) -> list[Present]:
    """Say that the actor has the case open, and which form they write in; None leaves that as it was.

    Returns the others, who wrote first first. Writing what another one writes already takes no lock: it
    stays with the first until they leave it or it is taken over. The caller has opened the case.
    """
    actor = current_actor()
    if actor.kind != "officer" or actor.id is None:
        return []
    if editing and editing not in GUARDED:
        raise Invalid(errors=[FieldError("editing", "Isian ini tidak dijaga.", "unknown")])
    others = present(complaint_id)
    taken = editing and holder_of(others, editing) is not None
    with work() as unit:
        values = {
            "tenant": current_tenant().id,
            "case": complaint_id,
            "officer": actor.id,
            "name": actor.name,
            "agency": actor.agency_id,
            "now": now(),
            "dead": now() - LIFE,
            "editing": "" if taken else editing or "",
            "keep": editing is None,
        }
        unit.execute(BEAT, values)
    return others


def present(complaint_id: UUID) -> list[Present]:
    """The others who have the case open, those who write first."""
    query = select(Presence).where(
        Presence.complaint_id == complaint_id,
        Presence.seen_at > now() - LIFE,
        Presence.officer_id != current_actor().id,
    )
    rows = session().scalars(query.order_by(Presence.editing_at.nulls_last(), Presence.officer_id).limit(20))
    return [_view(row) for row in rows]


def take_over(complaint_id: UUID, editing: str) -> None:
    """Write on in the place of whoever wrote; they are told at their next heart-beat."""
    with work() as unit:
        others = update(Presence).where(
            Presence.complaint_id == complaint_id,
            Presence.officer_id != current_actor().id,
            Presence.editing == editing,
        )
        unit.execute(others.values(editing="", editing_at=None))
        beat(complaint_id, editing)


def guard(complaint_id: UUID, action: str) -> None:
    """Raise Conflict naming who writes in this form now; taking over comes first."""
    holder = holder_of(present(complaint_id), action) if action in GUARDED else None
    if holder is not None:
        raise Conflict(
            f"{holder.who} sedang menulis di sini.", "Ambil alih dahulu bila Anda yang akan mengirim."
        )


def holder_of(others: list[Present], action: str) -> Present | None:
    """Who of the others writes in a form; the first of them."""
    return next((each for each in others if each.editing == action), None)


def leave(complaint_id: UUID) -> None:
    """Forget that the actor has the case open, once a form was sent or the page was left."""
    with work() as unit:
        mine = (Presence.complaint_id == complaint_id, Presence.officer_id == current_actor().id)
        unit.execute(delete(Presence).where(*mine))


def tidy() -> None:
    """Forget those whose heart stopped."""
    with work() as unit:
        unit.execute(delete(Presence).where(Presence.seen_at < now() - LIFE))


def _view(row: Presence) -> Present:
    unit = short(agency_ref(row.agency_id))
    who = f"{row.actor_name}, {unit}" if unit else row.actor_name
    return Present(row.officer_id, who, row.seen_at, row.editing, row.editing_at)
