"""Open cases of a unit that closed: found, proposed a new owner, reviewed, and moved one by one.

Nothing moves without review. What was ticked is kept, so that a batch which was interrupted goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select

from plugins.lapor.contracts import AgencyRef
from plugins.lapor.models import Assignment, Complaint, MoveBatch, MoveItem, Reorganisation
from plugins.lapor.service import counters
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.case import draft_of
from plugins.lapor.service.owners.move import move_part
from plugins.lapor.service.owners.rules import today
from plugins.lapor.service.routing.route import matching
from plugins.lapor.service.validate import require
from plugins.lapor.states import OPEN
from superapp.sdk import (
    AppError,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    current_actor,
    defer,
    directory,
    now,
    session,
    work,
)

RIGHT = "lapor.dispose"
STUCK = "stuck"  # the counter that the daily job sets
MOST = 500  # of one batch; the next one takes the rest
SHOWN = 50


@dataclass(frozen=True, slots=True)
class ItemView:
    """One case of a batch: where it is to go, why, and what became of it."""

    id: UUID
    number: str
    title: str
    status: str
    to: AgencyRef | None
    why: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch under review or at work."""

    id: UUID
    agency: AgencyRef | None
    document: str
    applied: bool
    closed: bool
    totals: Mapping[str, int]
    items: tuple[ItemView, ...]
    next: UUID | None


def stuck() -> dict[UUID, int]:
    """How many open parts lie with each unit that has closed; whistle-blowers' cases are not among them."""
    gone = [each.id for each in directory.agencies().values() if not each.valid_on(today())]
    if not gone:
        return {}
    query = select(Assignment.agency_id, func.count()).join(Complaint, _of_case())
    found = query.where(*_open_parts(gone)).group_by(Assignment.agency_id)
    return {row[0]: int(row[1]) for row in session().execute(found)}


def note_stuck() -> int:
    """Let the desk's counter say how many there are; the daily job. Safe to repeat."""
    total = sum(stuck().values())
    with work():
        counters.add({STUCK: total - counters.read([STUCK])[STUCK]})
    return total


def prepare(agency_code: str) -> UUID:
    """The batch of a closed unit: the open one with what came since, or a new one.

    Raises NotFound for no unit, Invalid for one that still exists.
    """
    _may()
    unit = directory.agencies_by_code().get(agency_code)
    if unit is None:
        raise NotFound(_("Unit ini tidak ada."))
    if unit.valid_on(today()):
        raise Invalid(errors=[FieldError("agency", _("Unit ini masih ada."), "choice")])
    with work():
        query = select(MoveBatch).where(MoveBatch.agency_id == unit.id, MoveBatch.closed_at.is_(None))
        batch = session().scalars(query.with_for_update()).one_or_none()
        if batch is None:
            batch = MoveBatch(agency_id=unit.id, made_by=current_actor().name, document=_document(unit.id))
            session().add(batch)
            session().flush()
        _fill(batch)
    return batch.id


def view(batch_id: UUID, after: UUID | None = None) -> BatchView:
    """A batch with a part of its cases. Raises NotFound."""
    _may()
    batch = _batch(batch_id)
    count = select(MoveItem.state, func.count()).where(MoveItem.batch_id == batch_id)
    totals = {row[0]: int(row[1]) for row in session().execute(count.group_by(MoveItem.state))}
    ours = and_(Complaint.tenant_id == MoveItem.tenant_id, Complaint.id == MoveItem.complaint_id)
    query = select(MoveItem, Complaint).join(Complaint, ours).where(MoveItem.batch_id == batch_id)
    if after is not None:
        query = query.where(MoveItem.id > after)
    rows = session().execute(query.order_by(MoveItem.id).limit(SHOWN + 1)).all()
    return BatchView(
        batch.id,
        agency_ref(batch.agency_id),
        batch.document,
        batch.applied_at is not None,
        batch.closed_at is not None,
        totals,
        tuple(_item(item, case) for item, case in rows[:SHOWN]),
        rows[SHOWN - 1][0].id if len(rows) > SHOWN else None,
    )


def save(batch_id: UUID, choices: Mapping[UUID, tuple[bool, str]], *, document: str) -> None:
    """Keep what was ticked and corrected: by item, whether it moves and to which unit.

    Raises Invalid naming the row of an unknown unit, Conflict for a batch that is over.
    """
    _may()
    stands_on = require("document", document, most=500)
    with work():
        batch = _batch(batch_id, lock=True)
        if batch.closed_at is not None:
            raise Conflict(_("Pemindahan ini sudah selesai."))
        batch.document = stands_on
        for item in _locked(batch_id, choices):
            ticked, code = choices[item.id]
            if item.state not in ("listed", "approved"):
                continue
            unit = _target(item.id, code, batch.agency_id) if code else None
            if ticked and unit is None:
                raise Invalid(errors=[FieldError(f"to-{item.id}", _("Pilih unit tujuannya."), "required")])
            item.to_agency_id = unit.id if unit else None
            item.state = "approved" if ticked else "listed"


def apply(batch_id: UUID) -> int:
    """Let the worker move what was ticked; returns how many. Again: what is left of it goes on."""
    _may()
    with work():
        batch = _batch(batch_id, lock=True)
        count = select(func.count()).where(MoveItem.batch_id == batch_id, MoveItem.state == "approved")
        total = session().scalar(count) or 0
        if not total:
            raise Invalid(errors=[FieldError("items", _("Centang laporan yang dipindahkan."), "required")])
        batch.applied_at = now()
        defer("lapor.move", batch_id=str(batch_id), lock=f"move:{batch_id}")
    return total


def run(batch_id: UUID) -> None:
    """Move what was ticked, each case in a unit of work of its own that also marks it: killed, it goes on."""
    ticked = select(MoveItem.id).where(MoveItem.batch_id == batch_id, MoveItem.state == "approved")
    for item_id in session().scalars(ticked.order_by(MoveItem.id)).all():
        try:
            _move(item_id)
        except AppError as error:
            _skip(item_id, f"{error.title} {error.detail}".strip())
    left = select(func.count()).where(
        MoveItem.batch_id == batch_id, MoveItem.state.in_(("listed", "approved"))
    )
    with work():
        batch = _batch(batch_id, lock=True)
        if not session().scalar(left):
            batch.closed_at = now()
    note_stuck()


def _move(item_id: UUID) -> None:
    with work():
        item = session().scalars(select(MoveItem).where(MoveItem.id == item_id).with_for_update()).one()
        batch = _batch(item.batch_id)
        unit = agency_ref(item.to_agency_id)
        if item.state != "approved" or unit is None:
            return
        move_part(item.complaint_id, item.assignment_id, unit.code, document=batch.document, by=batch.made_by)
        item.state, item.done_at = "done", now()


def _skip(item_id: UUID, note: str) -> None:
    with work():
        item = session().scalars(select(MoveItem).where(MoveItem.id == item_id).with_for_update()).one()
        item.state, item.note, item.done_at = "skipped", note[:500], now()


def _may() -> None:
    if not current_actor().may(RIGHT):
        raise Forbidden()


def _batch(batch_id: UUID, *, lock: bool = False) -> MoveBatch:
    query = select(MoveBatch).where(MoveBatch.id == batch_id)
    found = session().scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound(_("Pemindahan ini tidak ada."))
    return found


def _locked(batch_id: UUID, choices: Mapping[UUID, Any]) -> Sequence[MoveItem]:
    query = select(MoveItem).where(MoveItem.batch_id == batch_id, MoveItem.id.in_(list(choices)))
    return session().scalars(query.order_by(MoveItem.id).with_for_update()).all()


def _target(item_id: UUID, code: str, giver: UUID) -> AgencyRef:
    unit = chosen(code, field=f"to-{item_id}")
    if unit.id == giver:
        raise Invalid(errors=[FieldError(f"to-{item_id}", _("Pilih unit lain."), "choice")])
    return unit


def _of_case() -> ColumnElement[bool]:
    return and_(Complaint.tenant_id == Assignment.tenant_id, Complaint.id == Assignment.complaint_id)


def _open_parts(agencies: Sequence[UUID]) -> tuple[Any, ...]:
    return (
        Assignment.active,
        Assignment.agency_id.in_(agencies),
        Complaint.status.in_(sorted(OPEN)),
        Complaint.whistle == "",
    )


def _fill(batch: MoveBatch) -> None:
    """Take in the parts that the batch does not have yet, each with its proposed owner."""
    had = select(MoveItem.assignment_id).where(MoveItem.batch_id == batch.id)
    query = select(Assignment, Complaint).join(Complaint, _of_case())
    query = query.where(*_open_parts([batch.agency_id]), Assignment.id.not_in(had))
    for part, case in session().execute(query.order_by(Complaint.due_at, Assignment.id).limit(MOST)):
        to, why = propose(case, batch.agency_id)
        session().add(
            MoveItem(batch_id=batch.id, assignment_id=part.id, complaint_id=case.id, to_agency_id=to, why=why)
        )


def propose(case: Complaint, giver: UUID) -> tuple[UUID | None, str]:
    """Who should have it now: by the reorganisation, else by today's rules; and why."""
    day = today()
    taker, document = follow(giver, case.category_code, day)
    if taker is not None:
        return taker, document
    for rule in matching(draft_of(case), day):
        if rule.agency_id != giver:
            return rule.agency_id, rule.document or rule.reason
    return None, ""


def follow(giver: UUID, category: str | None, day: date) -> tuple[UUID | None, str]:
    """The unit that has the matter of `giver` on `day` by the reorganisations, with the last document.

    A row for the category counts before one for all; a taker that closed in turn is followed on.
    """
    rows = list(session().scalars(select(Reorganisation).where(Reorganisation.on_date <= day)))
    here, since, document = giver, date.min, ""
    for _step in range(len(rows) + 1):
        onward = [
            row
            for row in rows
            if row.from_agency_id == here and row.on_date >= since and row.category_code in (None, category)
        ]
        unit = directory.agencies().get(here)
        if not onward or (here != giver and unit is not None and unit.valid_on(day)):
            break
        best = max(onward, key=lambda row: (row.category_code is not None, row.on_date))
        here, since, document = best.to_agency_id, best.on_date, best.document
    unit = directory.agencies().get(here)
    return (here, document) if here != giver and unit is not None and unit.valid_on(day) else (None, "")


def _document(agency_id: UUID) -> str:
    query = select(Reorganisation.document).where(Reorganisation.from_agency_id == agency_id)
    return session().scalars(query.order_by(Reorganisation.on_date.desc()).limit(1)).first() or ""


def _item(item: MoveItem, case: Complaint) -> ItemView:
    return ItemView(
        item.id,
        case.number,
        _("Laporan rahasia") if case.secret and not current_actor().may("lapor.secret") else case.title,
        case.status,
        agency_ref(item.to_agency_id),
        item.why,
        item.state,
        item.note,
    )
