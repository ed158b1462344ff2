"""Opening who reported: with a right, for a purpose, and so that the reporter reads of it.

A whistle-blower's identity takes two: one officer asks, another grants within a day, and the one who
asked may look once within the hour. Each of these steps is a line that the reporter sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Contact
from plugins.lapor.models import Complaint, VaultRequest
from plugins.lapor.service import seen
from plugins.lapor.service.case import UNKNOWN, active_assignments, locked
from plugins.lapor.service.kept import steps
from plugins.lapor.service.line import write_line
from plugins.lapor.service.validate import require
from plugins.lapor.service.vault import access, people
from superapp.sdk import Actor, Conflict, Forbidden, NotFound, audit, current_actor, now, session, work

DECIDE_WITHIN, LOOK_WITHIN = timedelta(hours=24), timedelta(hours=1)
State = Literal["asked", "granted", "refused", "opened", "ended"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to see a whistle-blower's identity. `mine` is True for the officer who asked."""

    id: UUID
    complaint_id: UUID
    number: str
    purpose: str
    state: State
    role: str
    asked_at: datetime
    ends_at: datetime
    mine: bool


def reveal(complaint_id: UUID, *, purpose: str) -> Contact:
    """Open who reported, for a purpose that is written down and that the reporter reads.

    Raises Forbidden without the right, Conflict for a whistle-blower, whom one officer alone never opens.
    """
    why = require("purpose", purpose, most=500)
    with work():
        case = _judged(complaint_id)[0]
        if case.whistle:
            raise Conflict(
                _("Identitas ini dibuka oleh dua petugas."), _("Minta persetujuan petugas lain dahulu.")
            )
        return _open(case, why)


def ask(complaint_id: UUID, *, purpose: str) -> None:
    """Ask another officer to let this one see who blew the whistle. Raises Conflict while a wish is open."""
    why = require("purpose", purpose, most=500)
    with work():
        case, actor = _judged(complaint_id)
        if not case.whistle:
            raise Conflict(_("Laporan ini tidak memerlukan persetujuan."), _("Buka dengan alasan."))
        if _current(case.id, actor) is not None:
            raise Conflict(_("Permintaan Anda masih berjalan."), _("Tunggu keputusan petugas lain."))
        moment = now()
        session().add(
            VaultRequest(
                complaint_id=case.id,
                purpose=why,
                asked_by=actor.id,
                asked_role=actor.name,
                asked_at=moment,
                ends_at=moment + DECIDE_WITHIN,
            )
        )
        access.note("ask", case.id, why)
        _audit("lapor.reveal.ask", case)


def decide(request_id: UUID, *, grant: bool) -> None:
    """Grant or refuse another officer's wish.

    Raises NotFound for one that is not theirs to see, Forbidden for the own one, Conflict when it was
    decided or its day is over.
    """
    with work():
        wish, case, actor = _wish(request_id)
        if wish.asked_by == actor.id:
            raise Forbidden(
                _("Permintaan sendiri tidak bisa disetujui sendiri."), _("Petugas lain yang memutuskan.")
            )
        if wish.state != "asked" or wish.ends_at <= now():
            raise Conflict(_("Permintaan ini sudah diputuskan atau lewat waktunya."))
        wish.state = "granted" if grant else "refused"
        wish.decided_by, wish.decided_role, wish.decided_at = actor.id, actor.name, now()
        wish.ends_at = now() + LOOK_WITHIN
        access.note("grant" if grant else "refuse", case.id, wish.purpose)
        _audit("lapor.reveal.decide", case)


def look(request_id: UUID) -> tuple[UUID, Contact]:
    """Look once, after another officer granted it: the case and who reported it.

    Raises Forbidden for anybody but the one who asked, Conflict when it was not granted, was opened
    before or its hour is over.
    """
    with work():
        wish, case, actor = _wish(request_id)
        if wish.asked_by != actor.id:
            raise Forbidden(_("Hanya yang meminta yang boleh membuka."))
        if wish.state != "granted" or wish.ends_at <= now():
            raise Conflict(
                _("Izin ini belum ada, sudah dipakai, atau lewat waktunya."), _("Ajukan permintaan baru.")
            )
        wish.state = "opened"
        return case.id, _open(case, wish.purpose)


def wishes(complaint_id: UUID | None = None) -> list[Wish]:
    """Wishes that are open or granted and not used, of one case or of all that the actor may see."""
    actor = current_actor()
    query = (
        select(VaultRequest, Complaint.number)
        .join(Complaint, Complaint.id == VaultRequest.complaint_id)
        .where(
            VaultRequest.state.in_(("asked", "granted")), VaultRequest.ends_at > now(), seen.seen_by(actor)
        )
    )
    if complaint_id is not None:
        query = query.where(VaultRequest.complaint_id == complaint_id)
    rows = session().execute(query.order_by(VaultRequest.asked_at, VaultRequest.id).limit(200))
    return [
        Wish(
            row.id,
            row.complaint_id,
            number,
            row.purpose,
            row.state,  # type: ignore[arg-type]
            row.asked_role,
            row.asked_at,
            row.ends_at,
            row.asked_by == actor.id,
        )
        for row, number in rows
        if row.state == "asked" or row.asked_by == actor.id
    ]


def _judged(complaint_id: UUID) -> tuple[Complaint, Actor]:
    """The locked case and the officer, who may see it and holds the right. Raises NotFound, Forbidden."""
    actor, case = current_actor(), locked(complaint_id)
    if not seen.may_see(actor, case, [each.agency_id for each in active_assignments(complaint_id)]):
        raise NotFound(UNKNOWN)
    if not actor.may(seen.IDENTITY) or (case.whistle and actor.id is None):
        raise Forbidden()
    return case, actor


def _wish(request_id: UUID) -> tuple[VaultRequest, Complaint, Actor]:
    query = select(VaultRequest).where(VaultRequest.id == request_id).with_for_update()
    wish = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if wish is None:
        raise NotFound(_("Permintaan ini tidak ada."))
    return (wish, *_judged(wish.complaint_id))


def _current(complaint_id: UUID, actor: Actor) -> VaultRequest | None:
    query = select(VaultRequest).where(
        VaultRequest.complaint_id == complaint_id,
        VaultRequest.asked_by == actor.id,
        VaultRequest.state.in_(("asked", "granted")),
        VaultRequest.ends_at > now(),
    )
    return session().scalars(query.limit(1)).first()


def _open(case: Complaint, purpose: str) -> Contact:
    """Open a contact and write down who, when and why; after all judging."""
    actor = current_actor()
    write_line(case, "reveal", actor=actor)
    steps.cannot(case, "reveal", None, "Identitas yang sudah terlihat tidak bisa dilupakan.")
    access.note("open", case.id, purpose)
    _audit("lapor.reveal", case)
    return people.kept(case.id).contact


def _audit(action: str, case: Complaint) -> None:
    """The host's trail is read by the admin, who must not learn that a whistle was blown."""
    if case.whistle:
        audit.record(action)
    else:
        audit.record(action, "complaint", case.id, number=case.number)
