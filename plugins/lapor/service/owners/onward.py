"""Disposisi lanjut: a unit hands its part to one below it or to a village, and stays responsible."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.contracts import AgencyRef, Done
from plugins.lapor.models import Assignment
from plugins.lapor.service.agencies import agency_choices, agency_ref, chosen
from plugins.lapor.service.case import Change, changing
from plugins.lapor.service.owners import parts
from plugins.lapor.service.owners.assign import add
from plugins.lapor.service.validate import optional, require
from superapp.sdk import FieldError, Invalid, directory

VILLAGES = frozenset({"kelurahan", "desa"})


def pass_on(
    complaint_id: UUID,
    *,
    version: int | None = None,
    part_version: int | None = None,
    agency_code: str,
    instruction: str,
    reason: str = "",
) -> Done:
    """Hand the own part onward with an instruction; the unit that does so still has to answer it.

    Raises Invalid for a unit that is neither below nor a village, or that has a part already.
    """
    unit = chosen(agency_code, external=False)
    told = require("instruction", instruction, most=2000)
    why = optional("reason", reason, most=500)
    with changing(complaint_id, "pass_on", version=version) as change:
        part = parts.part_of(change, version=part_version)
        _check(change, part, unit)
        made = add(change, unit.id, "delegate", told, above=part)
        made.why = why
        part.version += 1
        parts.take(change, part)
        giver = agency_ref(part.agency_id)
        change.parts = [part, made]
        change.data = {"agency": unit.name, "agency_code": unit.code, "by": giver.name if giver else ""}
    return change.done


def choices(agency_id: UUID) -> tuple[AgencyRef, ...]:
    """The units that this one may hand its part to today: all below it, and the villages."""
    return tuple(each for each in agency_choices(external=False) if _reaches(agency_id, each.id))


def _reaches(agency_id: UUID, other: UUID) -> bool:
    if other == agency_id:
        return False
    known = directory.agencies()
    return known[other].kind in VILLAGES or agency_id in _forebears(other)


def _forebears(agency_id: UUID) -> set[UUID]:
    known, found = directory.agencies(), set[UUID]()
    here = known[agency_id].parent_id
    while here is not None and here not in found:
        found.add(here)
        here = known[here].parent_id if here in known else None
    return found


def _check(change: Change, part: Assignment, unit: AgencyRef) -> None:
    if part.outside:
        remedy = _("Instansi luar meneruskannya sendiri. Catat kabarnya di sini.")
        raise Invalid(errors=[FieldError("agency", remedy, "choice")])
    if not _reaches(part.agency_id, unit.id):
        remedy = _("Pilih unit di bawah unit Anda, kelurahan, atau desa.")
        raise Invalid(errors=[FieldError("agency", remedy, "choice")])
    if parts.of_agency(change.assignments, unit.id) is not None:
        remedy = _("%(agency)s sudah memegang bagian laporan ini.", agency=unit.name)
        raise Invalid(errors=[FieldError("agency", remedy, "choice")])


def report_up(change: Change, part: Assignment) -> None:
    """The delegate is done: it tells the unit above, which answers the reporter."""
    over = parts.above(change.assignments, part)
    parts.begin(change, part)
    part.state, part.answered_at, part.answer_id = "answered", change.moment, change.event_id
    for each in over:
        each.version += 1
    giver = agency_ref(over[0].agency_id) if over else None
    change.kind, change.public, change.parts = "report_up", False, [part, *over]
    change.data = {"to": giver.name if giver else ""}


def hand_up(change: Change, part: Assignment, why: str) -> None:
    """The delegate gives it back to the unit above; the responsibility never moved, so nothing is counted."""
    over = parts.above(change.assignments, part)
    parts.end(change, part, "returned", why)
    for each in over:
        each.version += 1
    giver = agency_ref(over[0].agency_id) if over else None
    change.kind, change.public, change.parts = "hand_up", False, [part, *over]
    change.text, change.data = why, {"to": giver.name if giver else ""}
