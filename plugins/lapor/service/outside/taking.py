"""What other registers tell: each piece of news once, only forward, never lost.

News that cannot change the case (too late, not allowed in its state, from a register that only has a
copy) are kept, and the case's officers read them as a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Done, Draft, Status
from plugins.lapor.contracts.outside import Arrival, CaseRef, Taken
from plugins.lapor.models import (
    ArrivalRow,
    Assignment,
    CaseEvent,
    Complaint,
    DestinationRow,
    OutsideRef,
    Reporter,
)
from plugins.lapor.service import close, codes
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import locked
from plugins.lapor.service.outbox import heard_from
from plugins.lapor.service.outside import destinations, sending
from plugins.lapor.service.owners import outside as owners
from plugins.lapor.service.submit import submit
from superapp.sdk import AppError, Conflict, current_tenant, log, now, session, work

# News of who has the case, as `owners.outside.hear` writes them down. A question of theirs is for the
# reporter to read and to answer, as every word of progress is.
OF_THE_OWNER: Final = {
    "progress": "progress",
    "question": "progress",
    "answer": "answer",
    "closing": "closing",
    "return": "return",
}
LONGEST_TEXT: Final = 5000


class _Kept(Exception):
    """It stays news and changes nothing; the message says why."""


def take(destination_id: UUID, arrival: Arrival) -> Taken:
    """Take in one piece of news, as the system. Each id of a destination counts once.

    Never raises for what the other side told: what cannot be applied is kept with the reason.
    Raises NotFound for a destination that is no more.
    """
    target = destinations.one(destination_id)
    try:
        return _take(target, arrival)
    except (_Kept, AppError) as error:
        why = error.args[0] if isinstance(error, _Kept) else _reason(error)
        return _keep(target, arrival, str(why))


def _take(target: DestinationRow, arrival: Arrival) -> Taken:
    with work(), heard_from(target.id):
        known = _claim(target, arrival, applied=True)
        if known is not None:
            return known
        if arrival.draft is not None:
            return _new(target, arrival, arrival.draft)
        ref = _ref(target.id, arrival)
        if ref is None:
            raise _Kept(_("Laporan ini tidak pernah ada di antara kedua pihak."))
        case = locked(ref.complaint_id)
        _note_arrival(target, arrival, case.id)
        sending.learn_number(ref, arrival.foreign_id, arrival.second_id)
        ref.heard_at, ref.last_word = now(), arrival.word or ref.last_word
        if arrival.news == "number":
            if ref.sent_at is None:
                ref.sent_at = now()
            sending.tell_sent(case, target, ref)
            return Taken(case.id, case.number, applied=True)
        if ref.newest_at is not None and arrival.at < ref.newest_at:
            raise _Kept(_("Kabar ini terlambat: yang lebih baru sudah berlaku."))
        _apply(target, ref, case, arrival)
        ref.newest_at = arrival.at
        return Taken(case.id, case.number, applied=True)


def _claim(target: DestinationRow, arrival: Arrival, *, applied: bool, why: str = "") -> Taken | None:
    """Write the arrival down; what is known of it when it came before."""
    made = insert(ArrivalRow).values(
        tenant_id=current_tenant().id,
        destination_id=target.id,
        arrival_id=arrival.id[:300],
        foreign_id=arrival.foreign_id[:200],
        news="new" if arrival.draft is not None else arrival.news or "",
        word=arrival.word[:200],
        text=_tidy(arrival.draft.title if arrival.draft else arrival.text),
        at=arrival.at,
        taken_at=now(),
        applied=applied,
        why=why[:500],
    )
    fresh = session().execute(made.on_conflict_do_nothing().returning(ArrivalRow.arrival_id)).first()
    if fresh is not None:
        return None
    row = _row(target.id, arrival.id)
    number = ""
    if row.complaint_id is not None:
        query = select(Complaint.number).where(Complaint.id == row.complaint_id)
        number = session().scalars(query).one()
    return Taken(row.complaint_id, number, applied=row.applied, repeated=True, why=row.why)


def _row(destination_id: UUID, arrival_id: str) -> ArrivalRow:
    query = select(ArrivalRow).where(
        ArrivalRow.destination_id == destination_id, ArrivalRow.arrival_id == arrival_id[:300]
    )
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def _note_arrival(target: DestinationRow, arrival: Arrival, complaint_id: UUID) -> None:
    _row(target.id, arrival.id).complaint_id = complaint_id


def _keep(target: DestinationRow, arrival: Arrival, why: str) -> Taken:
    """Keep what changes nothing, and let the case's officers read it."""
    with work() as unit:
        known = _claim(target, arrival, applied=False, why=why)
        if known is not None:
            return known
        ref = _ref(target.id, arrival) if arrival.draft is None else None
        if ref is None:
            log.get(__name__).info("arrival_kept", destination=str(target.id), news=arrival.news or "new")
            return Taken(None, why=why)
        case = locked(ref.complaint_id)
        _note_arrival(target, arrival, case.id)
        sending.learn_number(ref, arrival.foreign_id, arrival.second_id)
        ref.heard_at, ref.last_word = now(), arrival.word or ref.last_word
        unit.add(
            CaseEvent(
                complaint_id=case.id,
                type="outside_kept",
                from_status=case.status,
                to_status=case.status,
                actor_kind="system",
                public=False,
                text=_tidy(arrival.text),
                data={
                    "from": target.title,
                    "why": why,
                    "heard": arrival.news,
                    "heard_on": arrival.at.isoformat(),
                },
                at=now(),
            )
        )
        return Taken(case.id, case.number, why=why)


def _new(target: DestinationRow, arrival: Arrival, draft: Draft) -> Taken:
    """A case of theirs becomes ours; the same number of theirs is the same case."""
    if not arrival.foreign_id:
        raise _Kept(_("Nomor laporan di sana tidak disebut."))
    known = _ref(target.id, arrival)
    if known is not None:
        case = session().scalars(select(Complaint).where(Complaint.id == known.complaint_id)).one()
        _note_arrival(target, arrival, case.id)
        return Taken(case.id, case.number, applied=False, repeated=True)
    receipt = submit(draft, arrival.photos, idempotency_key=f"outside:{target.id}:{arrival.foreign_id}"[:200])
    session().add(
        OutsideRef(
            destination_id=target.id,
            complaint_id=receipt.id,
            foreign_id=arrival.foreign_id[:200],
            second_id=arrival.second_id[:200],
            came_from_there=True,
            sent_at=now(),
            heard_at=now(),
            newest_at=arrival.at,
            last_word=arrival.word,
        )
    )
    session().flush()
    _note_arrival(target, arrival, receipt.id)
    return Taken(receipt.id, receipt.number, applied=True)


def _ref(destination_id: UUID, arrival: Arrival) -> OutsideRef | None:
    """The case that the news are about: only one that is between both sides."""
    named = []
    if arrival.foreign_id:
        named.append(OutsideRef.foreign_id == arrival.foreign_id[:200])
    if arrival.number:
        ours = select(Complaint.id).where(Complaint.number == arrival.number)
        named.append(OutsideRef.complaint_id.in_(ours))
    if not named:
        return None
    query = select(OutsideRef).where(OutsideRef.destination_id == destination_id, or_(*named))
    found = session().scalars(query, execution_options={"populate_existing": True}).all()
    by_number = [each for each in found if each.foreign_id == arrival.foreign_id[:200] and arrival.foreign_id]
    return next(iter(by_number or found), None)


def _apply(target: DestinationRow, ref: OutsideRef, case: Complaint, arrival: Arrival) -> None:
    part = sending.outside_part(target, case) if ref.owner else None
    if part is not None and arrival.news in OF_THE_OWNER:
        _hear(target, ref, case, part, arrival)
        return
    of_reporter = OF_THE_REPORTER.get(str(arrival.news))
    if ref.came_from_there and of_reporter is not None:
        of_reporter(case, arrival)
        return
    if ref.came_from_there:
        raise _Kept(_("Kabar ini hanya untuk dibaca: laporannya ditangani di sini."))
    raise _Kept(_("Di sana laporan ini hanya salinan."))


def _hear(
    target: DestinationRow, ref: OutsideRef, case: Complaint, part: Assignment, arrival: Arrival
) -> None:
    unit = agency_ref(part.agency_id)
    heard = OF_THE_OWNER[str(arrival.news)]
    if case.status == "answered":
        raise _Kept(_("Laporan ini sudah dijawab dan menunggu pelapor."))
    owners.hear(
        case.id,
        heard=heard,
        text=_tidy(arrival.text) or arrival.word or _SAID[heard](target.title),
        source=(f"{target.title}, {arrival.who}" if arrival.who else target.title)[:200],
        agency_code=unit.code if unit else None,
        external_id=ref.foreign_id[:100],
        photos=arrival.photos,
    )
    if heard == "return":
        ref.owner = False


_SAID: Final[Mapping[str, Callable[[str], str]]] = {
    "progress": lambda title: _("%(title)s menanganinya.", title=title),
    "answer": lambda title: _("%(title)s menyatakan selesai.", title=title),
    "closing": lambda title: _("%(title)s menutup laporan ini.", title=title),
    "return": lambda title: _("%(title)s mengembalikan laporan ini.", title=title),
}


def _ticket(case: Complaint) -> str:
    salt = session().scalars(select(Reporter.salt).where(Reporter.complaint_id == case.id)).one()
    return codes.ticket(case.id, bytes(salt))


def _reply(case: Complaint, arrival: Arrival) -> Done:
    return close.reply(_ticket(case), text=_tidy(arrival.text) or arrival.word, photos=arrival.photos)


def _solved(case: Complaint, arrival: Arrival) -> Done:
    rating = arrival.data.get("rating")
    given = rating if isinstance(rating, int) and rating in range(1, 6) else None
    return close.confirm(_ticket(case), solved=True, rating=given, text=_tidy(arrival.text)[:2000])


def _unsolved(case: Complaint, arrival: Arrival) -> Done:
    why = _tidy(arrival.text)[:2000] or _("Pelapor menyatakan belum selesai.")
    if case.status in ("closed", "archived"):
        return close.reopen(_ticket(case), reason=why)
    return close.confirm(_ticket(case), solved=False, text=why)


def _withdrawn(case: Complaint, arrival: Arrival) -> Done:
    return close.withdraw(_ticket(case), reason=_tidy(arrival.text)[:2000])


def _closed_there(case: Complaint, arrival: Arrival) -> Done:
    if case.status != "answered":
        raise Conflict(_("Di sana sudah ditutup, di sini belum dijawab."))
    return _solved(case, arrival)


# News of the reporter, who sits there when the case came from there.
OF_THE_REPORTER: Final[Mapping[str, Callable[[Complaint, Arrival], Done]]] = {
    "reply": _reply,
    "solved": _solved,
    "unsolved": _unsolved,
    "withdrawn": _withdrawn,
    "closing": _closed_there,
}


def _reason(error: AppError) -> str:
    """What was wrong, in words for the destination's log."""
    told = [f"{each.field}: {each.message}" for each in getattr(error, "errors", ())]
    return "; ".join(told) or " ".join(filter(None, (error.title, error.detail)))


def _tidy(text: str) -> str:
    """Their words without what no page can show."""
    kept = "".join(c for c in text if c in "\n\t" or c.isprintable())
    return kept.strip()[:LONGEST_TEXT]


def ref(destination_id: UUID, *, foreign_id: str = "", number: str = "") -> CaseRef | None:
    """The case that they call `foreign_id` or we `number`; None when it was never between us."""
    found = _ref(destination_id, Arrival("", now(), foreign_id=foreign_id, number=number))
    if found is None:
        return None
    case = session().scalars(select(Complaint).where(Complaint.id == found.complaint_id)).one()
    return as_ref(found, case)


def as_ref(row: OutsideRef, case: Any) -> CaseRef:
    """A case that both sides know, as connectors see it."""
    status: Status = case.status
    return CaseRef(
        complaint_id=row.complaint_id,
        number=case.number,
        status=status,
        foreign_id=row.foreign_id,
        second_id=row.second_id,
        owner=row.owner,
        came_from_there=row.came_from_there,
        sent_at=row.sent_at,
        heard_at=row.heard_at,
        last_word=row.last_word,
    )
