"""The registers that a government is connected with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, select, update

from plugins.lapor.contracts.outside import Destination, Mode, Step, Takes
from plugins.lapor.models import Assignment, DestinationRow, OutsideRef, ParcelRow
from plugins.lapor.service import outbox
from plugins.lapor.service.agencies import agency_named
from superapp.sdk import Agency, FieldError, Invalid, NotFound, audit, new_id, now, session, work

MODES: Final[tuple[Mode, ...]] = ("auto", "manual", "paused")


def connect(
    plugin: str,
    key: str,
    *,
    title: str,
    takes: Takes = "forwarded",
    agency_code: str = "",
    categories: Sequence[str] = (),
    steps: Sequence[Step] = (),
    identity: bool = False,
    repeatable: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> Destination:
    """Make a destination or change it; its id, mode, queue and numbers stay. Raises Invalid."""
    if agency_code and not agency_named(agency_code):
        raise Invalid(
            errors=[FieldError("agency_code", _("Unit luar dengan kode ini tidak ada."), "unknown")]
        )
    values = {
        "title": title,
        "takes": takes,
        "agency_code": agency_code,
        "categories": sorted(set(categories)),
        "steps": list(steps),
        "identity": identity,
        "repeatable": repeatable,
        "facts": dict(facts or {}),
    }
    with work() as unit:
        query = select(DestinationRow).where(DestinationRow.plugin == plugin, DestinationRow.key == key)
        row = unit.scalars(query.with_for_update(key_share=True)).one_or_none()
        if row is None:
            row = DestinationRow(id=new_id(), plugin=plugin, key=key, cursor={}, **values)
            unit.add(row)
        else:
            for name, value in values.items():
                setattr(row, name, value)
            if row.ended_at is not None:
                row.ended_at = None
                unit.flush()
                _has_again(row)
        unit.flush()
        audit.record(
            "lapor.outside_connected",
            "destination",
            row.id,
            plugin=plugin,
            title=title,
            takes=takes,
            agency=agency_code,
            identity=identity,
        )
        return view(row)


def _has_again(row: DestinationRow) -> None:
    """Connected once more: what it knew and still holds is with it, as before the break."""
    held = select(Assignment.complaint_id).join(
        Agency, and_(Agency.tenant_id == Assignment.tenant_id, Agency.id == Assignment.agency_id)
    )
    held = held.where(Assignment.active, Assignment.outside, Agency.code == row.agency_code)
    mine = (OutsideRef.destination_id == row.id, OutsideRef.complaint_id.in_(held))
    session().execute(update(OutsideRef).where(*mine).values(owner=True))


def disconnect(destination_id: UUID, *, reason: str) -> None:
    """End it: what still waits is dropped with the reason, numbers and log stay. Raises NotFound."""
    with work() as unit:
        row = one(destination_id, lock=True)
        row.ended_at, row.failures, row.rests_until = now(), 0, None
        left = (
            ParcelRow.destination_id == destination_id,
            ParcelRow.state.in_(("waiting", "unsure", "dead")),
        )
        unit.execute(
            update(ParcelRow).where(*left).values(state="dropped", cause_kind="ended", cause=reason[:500])
        )
        unit.execute(update(OutsideRef).where(OutsideRef.destination_id == row.id).values(owner=False))
        outbox.forget_unheard(row.id)
        audit.record("lapor.outside_disconnected", "destination", row.id, reason=reason[:500])


def set_mode(destination_id: UUID, mode: Mode) -> None:
    """By itself, by hand, or not at all; what waits stays where it is. Raises NotFound, Invalid."""
    if mode not in MODES:
        raise Invalid(errors=[FieldError("mode", _("Pilih otomatis, manual, atau jeda."), "choice")])
    with work():
        row = one(destination_id, lock=True)
        before, row.mode = row.mode, mode
        if mode == "auto":
            row.failures, row.rests_until = 0, None
        audit.record("lapor.outside_mode", "destination", row.id, before=before, after=mode)


def destinations(plugin: str = "") -> tuple[Destination, ...]:
    """The living ones, of one connector or all, by title."""
    query = select(DestinationRow).where(DestinationRow.ended_at.is_(None))
    if plugin:
        query = query.where(DestinationRow.plugin == plugin)
    return tuple(
        view(row) for row in session().scalars(query.order_by(DestinationRow.title, DestinationRow.id))
    )


def one(destination_id: UUID, *, lock: bool = False) -> DestinationRow:
    """A living destination's row, as it is in the database now. Raises NotFound."""
    query = select(DestinationRow).where(
        DestinationRow.id == destination_id, DestinationRow.ended_at.is_(None)
    )
    if lock:
        query = query.with_for_update(key_share=True)
    found = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound(_("Sambungan ini tidak ada."))
    return found


def view(row: DestinationRow) -> Destination:
    """A destination as connectors see it."""
    return Destination(
        id=row.id,
        plugin=row.plugin,
        key=row.key,
        title=row.title,
        mode=cast(Mode, row.mode),
        takes=cast(Takes, row.takes),
        agency_code=row.agency_code,
        categories=tuple(row.categories),
        steps=cast("tuple[Step, ...]", tuple(row.steps)),
        identity=row.identity,
        repeatable=row.repeatable,
        facts=dict(row.facts),
    )
