"""What officers decide about parcels: keyed in by hand, arrived after all, once more, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, exists, select

from plugins.lapor.contracts.outside import CardLine, Parcel, Pushed
from plugins.lapor.hookspecs import lapor_card
from plugins.lapor.models import Complaint, DestinationRow, Difference, ParcelRow
from plugins.lapor.service.case import locked
from plugins.lapor.service.outside import compose, destinations, outcome, sending
from plugins.lapor.service.seen import seen_by
from plugins.lapor.service.validate import require
from plugins.lapor.service.vault import access
from plugins.lapor.words import kind_title
from superapp.sdk import (
    Conflict,
    NotFound,
    audit,
    current_actor,
    current_tenant,
    first,
    now,
    session,
    work,
)

UNDECIDED: Final = ("waiting", "unsure", "dead")


def done_by_hand(destination_id: UUID, event_id: UUID, *, foreign_id: str = "") -> None:
    """It stands there now: keyed in by an officer, or an unsure one that arrived. Its number stays for life.

    Raises NotFound, Conflict while it is being sent or an earlier one of its case waits.
    """
    with work():
        case = locked(_one(destination_id, event_id).complaint_id)
        target, row = _undecided(destination_id, event_id)
        before = exists().where(
            ParcelRow.destination_id == destination_id,
            ParcelRow.complaint_id == row.complaint_id,
            ParcelRow.event_id < event_id,
            ParcelRow.state.in_(sending.OPEN_STATES),
        )
        if session().scalar(select(before)):
            raise Conflict(_("Yang lebih dahulu dari laporan ini belum selesai."))
        number = foreign_id.strip()
        if number:
            require("foreign_id", number, most=200)
        row.tries += 1
        outcome.settle(row, target, case, Pushed(foreign_id=number), how="manual")
        audit.record("lapor.outside_by_hand", "destination", target.id, parcel=str(event_id))


def again(destination_id: UUID, event_id: UUID) -> None:
    """Send a dead or unsure one once more, under its own id. Raises NotFound, Conflict."""
    with work():
        target, row = _undecided(destination_id, event_id)
        row.state, row.due_at, row.cause_kind = "waiting", now(), ""
        if target.mode == "auto":
            sending.nudge(target.id)
        audit.record("lapor.outside_again", "destination", target.id, parcel=str(event_id))


def skip(destination_id: UUID, event_id: UUID, *, reason: str) -> None:
    """Leave one out, with a reason; what comes after it goes on. Raises NotFound, Conflict, Invalid."""
    why = require("reason", reason, most=500)
    with work():
        target, row = _undecided(destination_id, event_id)
        row.state, row.cause_kind, row.cause = "dropped", "skipped", why
        if target.mode == "auto":
            sending.nudge(target.id)
        audit.record("lapor.outside_skipped", "destination", target.id, parcel=str(event_id), reason=why)


def settled(destination_id: UUID, complaint_id: UUID, kind: str, *, note: str) -> None:
    """An officer says that a difference is settled, and how. Raises NotFound, Invalid."""
    why = require("note", note, most=500)
    with work():
        query = select(Difference).where(
            Difference.destination_id == destination_id,
            Difference.complaint_id == complaint_id,
            Difference.kind == kind,
            Difference.resolved_at.is_(None),
        )
        row = session().scalars(query.with_for_update()).one_or_none()
        if row is None:
            raise NotFound(_("Perbedaan ini tidak ada, atau sudah beres."))
        row.resolved_at, row.note = now(), why
        audit.record("lapor.outside_settled", "destination", destination_id, kind=kind, reason=why)


def card(destination_id: UUID, event_id: UUID) -> tuple[CardLine, ...]:
    """A parcel as it would leave now, in the words of the other side's form. Raises NotFound.

    Names and numbers of the reporter stand in it only for who may open identities.
    """
    with work():
        target = destinations.one(destination_id)
        row = _one(destination_id, event_id)
        parcel = _as_sent(target, row)
    if parcel is None:
        return ()
    answer = first(lapor_card, tenant=current_tenant(), parcel=parcel)
    lines = answer.value if answer is not None else _plain(parcel)
    return tuple(line for line in lines if line.value)


def _as_sent(target: DestinationRow, row: ParcelRow) -> Parcel | None:
    """None for what must not leave (any more)."""
    case, ref, line = compose.about(row)
    if compose.stays(case, ref, target):
        return None
    shown = compose.wants_identity(destinations.view(target), case) and current_actor().may("lapor.identity")
    contact = compose.contact_of(case) if shown else None
    if contact is not None:
        access.note("open", case.id, target.title)
    return compose.parcel(row, target, case, ref, line, contact)


def _plain(parcel: Parcel) -> Sequence[CardLine]:
    case = parcel.case
    if parcel.step != "new":
        return [
            CardLine(_("Nomor di sana"), parcel.foreign_id),
            CardLine(_("Nomor kami"), case.number),
            CardLine(_("Keterangan"), parcel.text),
        ]
    place = f"{case.lat}, {case.lng}" if case.lat is not None else ""
    return [
        CardLine(_("Nomor kami"), case.number),
        CardLine(_("Jenis"), kind_title(case.kind)),
        CardLine(_("Judul"), case.title),
        CardLine(_("Isi"), case.body),
        CardLine(_("Kategori"), case.category),
        CardLine(_("Tempat"), case.address),
        CardLine(_("Koordinat"), place),
        *(CardLine(label, words) for label, words in case.answers),
        CardLine(_("Pelapor"), case.reporter.name if case.reporter else ""),
        CardLine(_("Telepon"), case.reporter.phone if case.reporter else ""),
    ]


def _undecided(destination_id: UUID, event_id: UUID) -> tuple[DestinationRow, ParcelRow]:
    target = destinations.one(destination_id)
    row = _one(destination_id, event_id, lock=True)
    if row.state == "sending":
        raise Conflict(_("Sedang dikirim. Tunggu hasilnya dahulu."))
    if row.state not in UNDECIDED:
        raise Conflict(_("Kiriman ini sudah selesai."))
    return target, row


def _one(destination_id: UUID, event_id: UUID, *, lock: bool = False) -> ParcelRow:
    query = (
        select(ParcelRow)
        .join(
            Complaint,
            and_(Complaint.tenant_id == ParcelRow.tenant_id, Complaint.id == ParcelRow.complaint_id),
        )
        .where(
            ParcelRow.destination_id == destination_id,
            ParcelRow.event_id == event_id,
            seen_by(current_actor()),
        )
    )
    query = query.with_for_update(of=ParcelRow) if lock else query
    found = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound(_("Kiriman ini tidak ada."))
    return found
