"""Handing a case to units: each its own instruction, and nothing lost of what the others did already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import AgencyRef, Order
from plugins.lapor.models import Assignment
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.case import Change
from plugins.lapor.service.owners import parts
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import optional
from superapp.sdk import FieldError, Invalid, directory, session

MOST_UNITS = 10
HIDDEN = "instruction"  # kept with the line for the one who takes it back; no view shows it
Unit = tuple[AgencyRef, Order]


def orders(
    agency_codes: Sequence[str], instruction: str, units: Iterable[Order], referrals: Iterable[str]
) -> list[Unit]:
    """All units once, the leading one first, with tidy instructions; a unit that owns gets no copy beside.

    `instruction` goes to each of `agency_codes`. Raises Invalid for no unit that owns, an unknown or
    closed one, too many, or an instruction that is too long.
    """
    asked = [Order(code, instruction) for code in agency_codes]
    asked += list(units)
    asked += [Order(code, referral=True) for code in referrals]
    found: dict[UUID, Unit] = {}
    for each in sorted(asked, key=lambda order: order.referral):
        ref = chosen(each.agency_code)
        told = optional("instruction", each.instruction, most=2000)
        found.setdefault(ref.id, (ref, Order(ref.code, told, each.referral)))
    if all(order.referral for _ref, order in found.values()):
        raise Invalid(errors=[FieldError("agency", _("Pilih unit yang menangani."), "required")])
    if len(found) > MOST_UNITS:
        remedy = _("Paling banyak %(count)s unit.", count=MOST_UNITS)
        raise Invalid(errors=[FieldError("agency", remedy, "range")])
    return list(found.values())


def assign(change: Change, units: Sequence[Unit]) -> None:
    """Make the parts of a case those of `units`; the first one leads.

    A unit that has its part already keeps it with its clock and answer; a new instruction hands an
    answered part out again. The others end as replaced.
    """
    wanted = {ref.id: order for ref, order in units}
    for part in list(change.assignments):
        if part.active and not _stays(part, wanted):
            parts.end(change, part, "replaced")
    session().flush()  # the ended ones have to leave the unique index first
    before = {part.agency_id: part.instruction for part in change.assignments if part.active}
    for place, (ref, order) in enumerate(units):
        role = "referral" if order.referral else "owner" if place == 0 else "co_owner"
        held = parts.of_agency(change.assignments, ref.id)
        if held is None:
            add(change, ref.id, role, order.instruction)
        else:
            _keep(change, held, role, order.instruction)
    change.case.open_returns, change.case.climbed = 0, False
    change.finish("verify")
    parts.set_lead(change)
    change.data = told(units)
    change.data["told"] = [
        ref.code
        for ref, order in units
        if ref.id not in before or order.instruction not in ("", before[ref.id])
    ]


def add(
    change: Change,
    agency_id: UUID,
    role: str,
    instruction: str = "",
    *,
    state: str = "given",
    above: Assignment | None = None,
) -> Assignment:
    """A new part, with the unit's clock when it has to answer it. `above` is where it was passed on from."""
    unit = directory.agencies()[agency_id]
    part = Assignment(
        complaint_id=change.case.id,
        agency_id=agency_id,
        role=role,
        state="informed" if role == "referral" else state,
        instruction=instruction,
        active=True,
        version=1,
        outside=unit.is_external and role in parts.OWNING,
        parent_id=above.id if above else None,
        from_agency_id=change.actor.agency_id if above else None,
        assigned_at=change.moment,
        heard_at=change.moment if unit.is_external else None,
    )
    session().add(part)
    session().flush()
    change.assignments.append(part)
    if role in parts.OWNING and state == "given":
        parts.start_own(change, part)
    return part


def told(units: Sequence[Unit]) -> dict[str, object]:
    """What the timeline says of a disposition: names; instructions stay with their units."""
    owners = [ref for ref, order in units if not order.referral]
    if not owners:
        return {}
    return {
        "agency": owners[0].name,
        "agency_code": owners[0].code,
        "others": [ref.name for ref in owners[1:]],
        "referrals": [ref.name for ref, order in units if order.referral],
        HIDDEN: units[0][1].instruction,
    }


def names(found: Iterable[Assignment]) -> list[str]:
    """The units of parts."""
    return [ref.name for each in found if (ref := agency_ref(each.agency_id)) is not None]


def _stays(part: Assignment, wanted: dict[UUID, Order]) -> bool:
    if part.role == "delegate":
        return part.agency_id not in wanted
    order = wanted.get(part.agency_id)
    return order is not None and order.referral == (part.role == "referral")


def _keep(change: Change, part: Assignment, role: str, instruction: str) -> None:
    part.role = role
    if not instruction or instruction == part.instruction:
        return
    part.instruction = instruction
    if part.state == "answered":
        hand_again(change, [part])


def hand_again(change: Change, found: Sequence[Assignment]) -> None:
    """Give answered parts back to their units: not solved, or something new to do."""
    for part in found:
        part.state, part.answered_at, part.answer_id = "working", None, None
        part.version += 1
    change.finish("confirm")
    clocks.take_back_answer(change.case.id)


def hand_back(change: Change, agency_code: str | None = None) -> list[Assignment]:
    """An answered case goes back to its units: to all of them, or to the one that is named.

    Returns the parts that are open again. Raises Invalid for a unit that has none.
    """
    found = parts.owning(change.assignments)
    again = [parts.named(found, agency_code)] if agency_code else found
    hand_again(change, again)
    parts.settle(change)
    change.data["units"] = names(again)
    return again


def give_again(change: Change) -> list[Assignment]:
    """The units that had a closed case have it again, each with its role; the desk when there are none."""
    case = change.case
    query = select(Assignment).where(Assignment.complaint_id == case.id, Assignment.ended_how == "closed")
    ended = list(session().scalars(query.order_by(Assignment.ended_at.desc(), Assignment.assigned_at)))
    last = [each for each in ended if each.ended_at == ended[0].ended_at and each.role != "delegate"]
    made = [add(change, each.agency_id, each.role, each.instruction, state="working") for each in last]
    parts.set_lead(change)
    if parts.owning(change.assignments) or case.whistle:
        parts.settle(change)
    else:
        change.to = "received"
        clocks.start(change, "verify")
    return [each for each in made if each.role in parts.OWNING]
