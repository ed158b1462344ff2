"""Comparing both sides at night: what is unknown there, what stands otherwise, what waits too long.

A difference stays listed until both sides agree again or an officer says that it is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts.outside import Busy, CaseRef, Standing
from plugins.lapor.hookspecs import lapor_compare
from plugins.lapor.models import Complaint, Difference, OutsideRef, ParcelRow
from plugins.lapor.service.outside import destinations
from plugins.lapor.service.outside.numbers import as_ref
from plugins.lapor.states import OPEN
from superapp.sdk import NotFound, current_tenant, first, log, now, session, work

RECENT: Final = timedelta(days=90)
PATIENCE: Final = timedelta(days=2)
BATCH: Final = 200
Pair = tuple[OutsideRef, Complaint]


def compare(destination_id: UUID) -> None:
    """Look at every case between us and one register that is open or changed in the last 90 days."""
    began = now()
    after: UUID | None = None
    while True:
        with work():
            pairs = _pairs(destination_id, after)
        if not pairs:
            break
        after = pairs[-1][0].complaint_id
        if not _batch(destination_id, pairs):
            return
    with work():
        _settle_unseen(destination_id, began)
        destinations.one(destination_id, lock=True).compared_at = now()


def refs(destination_id: UUID, *, after: UUID | None = None, limit: int = BATCH) -> tuple[CaseRef, ...]:
    """Cases of both sides that are open here or changed in 90 days, by our id, from behind `after`."""
    return tuple(as_ref(ref, case) for ref, case in _pairs(destination_id, after, limit))


def _pairs(destination_id: UUID, after: UUID | None, limit: int = BATCH) -> list[Pair]:
    query = (
        select(OutsideRef, Complaint)
        .join(
            Complaint,
            and_(Complaint.tenant_id == OutsideRef.tenant_id, Complaint.id == OutsideRef.complaint_id),
        )
        .where(
            OutsideRef.destination_id == destination_id,
            or_(Complaint.status.in_(sorted(OPEN)), Complaint.updated_at > now() - RECENT),
            # What became secret is not asked for, because asking tells.
            Complaint.whistle == "",
            or_(~Complaint.secret, OutsideRef.came_from_there),
        )
    )
    if after is not None:
        query = query.where(OutsideRef.complaint_id > after)
    rows = session().execute(query.order_by(OutsideRef.complaint_id).limit(min(limit, BATCH)))
    return [(row[0], row[1]) for row in rows]


def _batch(destination_id: UUID, pairs: Sequence[Pair]) -> bool:
    """Compare some; False when the other side cannot be asked now."""
    try:
        with work():
            target = destinations.view(destinations.one(destination_id))
    except NotFound:
        return False
    refs = [as_ref(ref, case) for ref, case in pairs]
    known: Sequence[Standing] | None = None
    try:
        answer = first(lapor_compare, tenant=current_tenant(), destination=target, refs=refs)
        known = answer.value if answer is not None else None
    except Busy:
        return False
    except Exception:
        log.get(__name__).exception("connector_failed", plugin=target.plugin, step="compare")
        return False
    with work():
        for found in _differences(pairs, known):
            _note(destination_id, **found)
    return True


def _differences(pairs: Sequence[Pair], known: Sequence[Standing] | None) -> Iterable[dict[str, Any]]:
    by_foreign = {each.foreign_id: each for each in known or ()}
    for ref, case in pairs:
        about = {"complaint_id": case.id, "ours": case.status, "theirs": ""}
        if not ref.foreign_id:
            if ref.sent_at is not None and ref.sent_at < now() - PATIENCE:
                yield {**about, "kind": "no_number"}
        elif known is not None and ref.foreign_id not in by_foreign:
            yield {**about, "kind": "unknown_there"}
        elif known is not None:
            there = by_foreign[ref.foreign_id]
            if there.statuses and case.status not in there.statuses and not _on_its_way(ref):
                yield {**about, "kind": "state", "theirs": there.word}
        if _waits_long(ref):
            yield {**about, "kind": "waiting_long"}


def _on_its_way(ref: OutsideRef) -> bool:
    """True while something that they have not heard yet is going to be sent."""
    return bool(session().scalar(select(_parcels(ref, ("waiting", "sending")))))


def _waits_long(ref: OutsideRef) -> bool:
    old = _parcels(ref, ("waiting", "sending", "unsure", "dead"), before=now() - PATIENCE)
    return bool(session().scalar(select(old)))


def _parcels(ref: OutsideRef, states: Sequence[str], *, before: Any = None) -> Any:
    found = [
        ParcelRow.destination_id == ref.destination_id,
        ParcelRow.complaint_id == ref.complaint_id,
        ParcelRow.state.in_(states),
    ]
    if before is not None:
        found.append(ParcelRow.made_at < before)
    return exists().where(*found)


def _note(destination_id: UUID, *, complaint_id: UUID, kind: str, ours: str, theirs: str) -> None:
    made = insert(Difference).values(
        tenant_id=current_tenant().id,
        destination_id=destination_id,
        complaint_id=complaint_id,
        kind=kind,
        ours=ours,
        theirs=theirs[:200],
        since=now(),
        seen_at=now(),
    )
    again = made.on_conflict_do_update(
        index_elements=["tenant_id", "destination_id", "complaint_id", "kind"],
        set_={"ours": ours, "theirs": theirs[:200], "seen_at": now(), "resolved_at": None},
    )
    session().execute(again)


def _settle_unseen(destination_id: UUID, began: Any) -> None:
    """What was not found any more in a whole pass is settled."""
    session().execute(
        update(Difference)
        .where(
            Difference.destination_id == destination_id,
            Difference.resolved_at.is_(None),
            Difference.seen_at < began,
        )
        .values(resolved_at=now())
    )
