"""News that an undone step made untrue: kept back when it did not leave yet, set right when it did."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from plugins.lapor.events import CaseChanged, Mentioned, Undone
from plugins.lapor.models import CaseEvent, Complaint, Mention, UndoEntry
from plugins.lapor.service.kept.images import Change
from plugins.lapor.service.vault import letters
from plugins.lapor.settings import setting
from superapp.sdk import Message, Tenant, address, directory, notify, session, work

STATES = {
    "received": "menunggu diperiksa",
    "verified": "sudah diperiksa, menunggu diteruskan",
    "returned": "dicarikan unit yang berwenang",
    "dispositioned": "diteruskan ke unit",
    "in_progress": "dikerjakan",
    "on_hold": "menunggu",
    "answered": "dijawab, menunggu Anda",
    "closed": "selesai",
    "archived": "diarsipkan",
    "forwarded": "diteruskan ke instansi lain",
}
# Steps that reporters hear of; a correction for the others would be the first they hear.
HEARD = frozenset({"dispose", "hold", "answer", "archive", "forward"})


def told_here(tenant: Tenant, case: Complaint, event: CaseChanged) -> bool:
    """True when nothing more is to be said about an event: it was undone, or is news of the desk's own."""
    if isinstance(event, Undone):
        tell(tenant, case, event)
        return False
    if withheld(event):
        return True
    if isinstance(event, Mentioned):
        _to_mentioned(case, event)
        return True
    return False


def withheld(event: CaseChanged) -> bool:
    """True when the step behind this event was undone, so that nobody hears of it.

    Otherwise the step counts as told from here on: an undoing that comes later sends a correction.
    Both hold the row of the step, so one of the two always sees the other.
    """
    if isinstance(event, Undone) or not event.event_id:
        return False
    with work() as unit:
        query = select(UndoEntry).where(UndoEntry.event_id == UUID(event.event_id)).with_for_update()
        entry = unit.scalars(query).one_or_none()
        if entry is None:
            return False
        if entry.undone_at is None:
            entry.told = True
        return entry.undone_at is not None


def tell(tenant: Tenant, case: Complaint, event: Undone) -> None:
    """Say to everybody who heard of the undone steps that they do not hold."""
    told = _told(tenant, event)
    units = {unit for entry in told if entry.action == "dispose" for unit in _given_to(entry.changes)}
    with work():
        for unit_id in units:
            _to_unit(case, unit_id, event)
        if heard(tenant, event) and setting("notify_reporter"):
            _to_reporter(case, event)


def heard(tenant: Tenant, event: Undone) -> bool:
    """True when the reporter was told of a step that this undid."""
    return bool(HEARD & {entry.action for entry in _told(tenant, event)})


def _told(tenant: Tenant, event: Undone) -> list[UndoEntry]:
    line = session().get(CaseEvent, (tenant.id, UUID(event.event_id)))
    ids = [UUID(each) for each in (line.data.get("undone", ()) if line else ())]
    query = select(UndoEntry).where(UndoEntry.event_id.in_(ids), UndoEntry.told)
    return list(session().scalars(query))


def _to_mentioned(case: Complaint, event: Mentioned) -> None:
    """One message for each unit that a note names; what the note says stays at the desk."""
    named = select(Mention).where(Mention.event_id == UUID(event.event_id), Mention.agency_id.is_not(None))
    for row in session().scalars(named.order_by(Mention.id)):
        unit = directory.agencies().get(row.agency_id) if row.agency_id else None
        if unit is None or not unit.email:
            continue
        text = (
            f"Unit Anda disebut dalam catatan petugas.\n\n{case.number}\n{address('/meja/lapor/sebutan')}\n"
        )
        subject = f"{case.number}: unit Anda disebut"
        notify(Message("email", unit.email, subject, text, key=f"{event.event_id}:mention:{row.id}"))


def _given_to(changes: list[Change]) -> list[UUID]:
    """The units that the step gave the case to."""
    rows = [each["after"] for each in changes if each["table"] == "assignment" and each["before"] is None]
    return [UUID(row["agency_id"]) for row in rows if row and row.get("agency_id")]


def _to_unit(case: Complaint, unit_id: UUID, event: Undone) -> None:
    unit = directory.agencies().get(unit_id)
    if unit is None or not unit.email:
        return
    text = f"Penerusan {case.number} dibatalkan. Unit Anda tidak perlu menindaklanjutinya.\n"
    subject = f"{case.number}: penerusan dibatalkan"
    notify(Message("email", unit.email, subject, text, key=f"{event.event_id}:unit:{unit_id}"))


def _to_reporter(case: Complaint, event: Undone) -> None:
    letters.to_reporter(case, correction(case), f"{event.event_id}:reporter")


def correction(case: Complaint) -> str:
    """What a reporter is told when news that were sent do not hold."""
    return (
        "Kabar terakhir tentang laporan Anda tidak berlaku: petugas membatalkan langkah itu.\n"
        f"Keadaan sekarang: {STATES.get(case.status, case.status)}."
    )
