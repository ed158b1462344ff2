"""One deed over several cases: each in a unit of work of its own, and one undo for all that succeeded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts.desk import Outcome
from plugins.lapor.models import Complaint
from plugins.lapor.service import handle, triage
from plugins.lapor.service.agencies import agency_choices, agency_ref
from plugins.lapor.service.deskwork import macros
from plugins.lapor.service.deskwork.take import take
from plugins.lapor.service.kept import steps
from plugins.lapor.service.seen import seen_by
from superapp.sdk import AppError, Conflict, FieldError, Invalid, current_actor, session

MOST: Final = 100
GONE = "Laporan ini tidak ada atau bukan untuk Anda."


@dataclass(frozen=True, slots=True)
class Picked:
    """A case as it was picked: the version that the officer looked at."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class BulkDone:
    """How each case fared, and what undoes those that succeeded."""

    batch_id: UUID
    outcomes: tuple[Outcome, ...]


def do(action: str, picked: Sequence[Picked], values: Mapping[str, Any]) -> BulkDone:
    """Do an action on every picked case that allows it; the others say why not.

    Actions: verify, suggested, dispose (agency, instruction), hold (reason, until), archive
    (reason_code, rule, remedy), macro (macro), take. Raises Invalid for none or more than 100 cases, an
    unknown action, or values that would be wrong for every case.
    """
    run = DO.get(action)
    if run is None:
        raise Invalid(errors=[FieldError("do", "Pilih tindakan dari daftar.", "choice")])
    if not picked:
        raise Invalid(errors=[FieldError("id", "Pilih setidaknya satu laporan.", "required")])
    if len(picked) > MOST:
        raise Invalid(errors=[FieldError("id", f"Paling banyak {MOST} laporan sekaligus.", "length")])
    known = found(picked)
    with steps.one_batch() as batch:
        outcomes = [_one(run, each, known.get(each.number), values) for each in picked]
    return BulkDone(batch, tuple(outcomes))


def found(picked: Sequence[Picked]) -> dict[str, UUID]:
    """The ids of the picked cases that the actor may see, by number."""
    numbers = [each.number for each in picked]
    query = select(Complaint.number, Complaint.id).where(
        Complaint.number.in_(numbers), seen_by(current_actor())
    )
    return {row.number: row.id for row in session().execute(query)}


def titles(picked: Sequence[Picked]) -> dict[str, str]:
    """The titles of the picked cases that the actor may see, by number."""
    numbers = [each.number for each in picked][:MOST]
    query = select(Complaint.number, Complaint.title).where(
        Complaint.number.in_(numbers), seen_by(current_actor())
    )
    return {row.number: row.title for row in session().execute(query)}


def _one(
    run: Callable[[UUID, int, Mapping[str, Any]], object],
    each: Picked,
    complaint_id: UUID | None,
    values: Mapping[str, Any],
) -> Outcome:
    if complaint_id is None:
        return Outcome(UUID(int=0), each.number, False, GONE)
    try:
        run(complaint_id, each.version, values)
    except AppError as error:
        said = " ".join([error.title, error.detail, *(field.message for field in error.errors)])
        return Outcome(complaint_id, each.number, False, said.strip())
    return Outcome(complaint_id, each.number, True)


def _suggested(complaint_id: UUID, version: int, values: Mapping[str, Any]) -> object:
    case = session().scalars(select(Complaint).where(Complaint.id == complaint_id)).one()
    unit = agency_ref(case.suggested_id)
    if unit is None or case.bounces >= triage.BOUNCES_BEFORE_COORDINATOR:
        raise Conflict("Belum ada saran unit yang cukup yakin.", "Buka laporannya dan putuskan sendiri.")
    return _to(unit.code, complaint_id, version, "")


def _dispose(complaint_id: UUID, version: int, values: Mapping[str, Any]) -> object:
    return _to(str(values.get("agency", "")), complaint_id, version, str(values.get("instruction", "")))


def _to(code: str, complaint_id: UUID, version: int, told: str) -> object:
    if code in {each.code for each in agency_choices(external=True)}:
        return triage.forward(complaint_id, version=version, agency_code=code, text=told)
    units = [code] if code else []
    return triage.dispose(complaint_id, version=version, agency_codes=units, instruction=told)


def _hold(complaint_id: UUID, version: int, values: Mapping[str, Any]) -> object:
    until = values.get("until")
    return handle.hold(complaint_id, version=version, reason=str(values.get("reason", "")), until=until)


def _archive(complaint_id: UUID, version: int, values: Mapping[str, Any]) -> object:
    said = {name: str(values.get(name, "")) for name in ("reason_code", "rule", "remedy")}
    return triage.archive(complaint_id, version=version, **said)


DO: Final[Mapping[str, Callable[[UUID, int, Mapping[str, Any]], object]]] = {
    "verify": lambda case, version, values: triage.verify(case, version=version),
    "suggested": _suggested,
    "dispose": _dispose,
    "hold": _hold,
    "archive": _archive,
    "macro": lambda case, version, values: macros.apply(UUID(str(values["macro"])), case, version=version),
    "take": lambda case, version, values: take(case, version=version),
}
