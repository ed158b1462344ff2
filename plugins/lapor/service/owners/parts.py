"""The parts of a case: whose they are, how far they are, and what state of the case follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.contracts import Status
from plugins.lapor.models import Assignment, Complaint, DeadlineRow
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import Change
from plugins.lapor.service.time import clocks
from plugins.lapor.service.ways import ways_of
from superapp.sdk import Actor, Conflict, FieldError, Forbidden, Invalid

ALL = "lapor.all"
OWNING = frozenset({"owner", "co_owner"})


def owning(parts: Iterable[Assignment]) -> list[Assignment]:
    """The active parts that have to be answered, the leading one first."""
    found = [each for each in parts if each.active and each.role in OWNING]
    return sorted(found, key=lambda each: each.role != "owner")


def lead(parts: Iterable[Assignment]) -> Assignment | None:
    """The part of the unit that leads; None when nobody has the case."""
    return next(iter(owning(parts)), None)


def of_agency(parts: Iterable[Assignment], agency_id: UUID | None) -> Assignment | None:
    """A unit's active part, referrals too."""
    if agency_id is None:
        return None
    return next((each for each in parts if each.active and each.agency_id == agency_id), None)


def below(parts: Iterable[Assignment], part: Assignment) -> list[Assignment]:
    """The active parts that were handed onward from this one, at any depth, the nearest first."""
    found: list[Assignment] = []
    waiting = [part.id]
    known = [each for each in parts if each.active]
    while waiting:
        above = waiting.pop(0)
        here = [each for each in known if each.parent_id == above]
        found += here
        waiting += [each.id for each in here]
    return found


def above(parts: Iterable[Assignment], part: Assignment) -> list[Assignment]:
    """The parts from which this one came, the nearest first; the last one stays responsible."""
    by_id = {each.id: each for each in parts}
    found: list[Assignment] = []
    here = by_id.get(part.parent_id) if part.parent_id else None
    while here is not None and here not in found:
        found.append(here)
        here = by_id.get(here.parent_id) if here.parent_id else None
    return found


def outcome(case: Complaint, parts: Iterable[Assignment]) -> Status:
    """The state that follows from the parts.

    Answered when each owning unit has answered and nothing that was given back waits for a decision;
    forwarded while all that is missing is with outside owners.
    """
    found = owning(parts)
    if case.whistle and not found:
        return "dispositioned" if case.status == "received" else "in_progress"
    missing = [each for each in found if each.state != "answered"]
    if not missing:
        return "answered" if found and not case.open_returns else "returned"
    if all(each.outside for each in missing):
        return "forwarded"
    begun = any(each.state in {"working", "answered"} for each in found)
    return "in_progress" if begun else "dispositioned"


def settle(change: Change) -> None:
    """Let the state follow from the parts; the reporter's clock starts with the last answer."""
    change.to = outcome(change.case, change.assignments)
    if change.to == "answered":
        change.finish("follow_up", "verify", "resolve")
        if not change.running("confirm"):
            clocks.start(change, "confirm")


def part_of(change: Change, agency_code: str | None = None, *, version: int | None = None) -> Assignment:
    """The part that a step is about: the actor's own, or for the whole desk the one it names.

    Raises Invalid naming `agency` when the desk has to name one, Forbidden when the actor's unit has
    no part of its own, Conflict when the part was changed after the caller looked.
    """
    actor, parts = change.actor, change.assignments
    part = of_agency(parts, actor.agency_id)
    if agency_code:
        part = _named(change, agency_code)
    elif part is None or part.role == "referral":
        part = _only(change)
    check_version(part, version)
    return part


def check_version(part: Assignment, version: int | None) -> None:
    """Raise Conflict when somebody changed this part after the caller looked."""
    if version is not None and version != part.version:
        raise Conflict(
            _("Bagian ini sudah berubah sejak Anda membukanya."),
            _("Sekarang versi %(version)s. Muat ulang lalu putuskan lagi.", version=part.version),
        )


def whole_desk(actor: Actor, case: Complaint | None = None) -> bool:
    """True for one who works on the cases of all units, or who investigates this whistle-blower's case."""
    if case is not None and case.whistle:
        return actor.kind == "system" or case.whistle in ways_of(actor)
    return actor.kind == "system" or actor.may(ALL)


def without_units(change: Change) -> bool:
    """True for a case that its investigator works on without any unit having it."""
    return bool(change.case.whistle) and not owning(change.assignments)


def named(parts: Sequence[Assignment], code: str) -> Assignment:
    """The part of the unit of this code. Raises Invalid naming `agency` when it has none."""
    for part in parts:
        ref = agency_ref(part.agency_id)
        if part.active and part.role != "referral" and ref is not None and ref.code == code:
            return part
    remedy = _("Unit %(code)s tidak memegang laporan ini.", code=code)
    raise Invalid(errors=[FieldError("agency", remedy, "unknown")])


def _named(change: Change, code: str) -> Assignment:
    part = named(change.assignments, code)
    if not whole_desk(change.actor, change.case) and part.agency_id != change.actor.agency_id:
        raise Forbidden(_("Bagian ini milik unit lain."), _("Unit itu sendiri yang mengisinya."))
    return part


def _only(change: Change) -> Assignment:
    if not whole_desk(change.actor, change.case):
        raise Forbidden(_("Unit Anda tidak memegang laporan ini."), _("Tulis catatan untuk unit itu."))
    found = owning(change.assignments)
    if len(found) != 1:
        remedy = _("Sebut bagian unit mana yang dimaksud.")
        raise Invalid(errors=[FieldError("agency", remedy, "required")])
    return found[0]


def end(change: Change, part: Assignment, how: str, why: str = "") -> None:
    """Take a part from its unit, and with it all that was handed onward from it."""
    for each in (part, *below(change.assignments, part)):
        each.active, each.state = False, "ended"
        each.ended_at, each.ended_how, each.ended_why = change.moment, how, why
        each.version += 1
        stop(change, each, "follow_up")


def end_all(change: Change, how: str) -> None:
    """Take a case from all units that have it."""
    for each in change.assignments:
        if each.active:
            end(change, each, how)
    change.case.open_returns = 0


def own_rows(change: Change, part: Assignment, *steps: str) -> list[DeadlineRow]:
    """The part's own running clocks; one that names no unit is the case's, and the leading unit's."""
    mine = (part.agency_id, None) if part.role == "owner" else (part.agency_id,)
    return [row for row in change.running(*steps) if row.agency_id in mine]


def stop(change: Change, part: Assignment, *steps: str) -> None:
    """Stop the part's own clocks of these steps."""
    for row in own_rows(change, part, *steps):
        row.done_at = change.moment


def begin(change: Change, part: Assignment) -> None:
    """The unit has begun: its clock for the first follow-up is over, and that of those above it."""
    for each in (part, *above(change.assignments, part)):
        if each.state == "given":
            each.state = "working"
        stop(change, each, "follow_up")


def take(change: Change, part: Assignment) -> None:
    """The officer who works on a part has it among the own tasks from now on."""
    actor = change.actor
    if actor.kind == "officer" and part.agency_id == actor.agency_id:
        part.officer_id = actor.id
        if part.role == "owner":
            change.case.officer_id = actor.id


def set_lead(change: Change) -> None:
    """The case lies with the leading unit; when that one is gone, the next one leads."""
    first = lead(change.assignments)
    if first is not None and first.role != "owner":
        first.role = "owner"
    change.case.agency_id = first.agency_id if first else None
    change.case.officer_id = first.officer_id if first else None


def start_own(change: Change, part: Assignment) -> None:
    """Start a unit's clock for its first follow-up. An outside owner is under other rules."""
    if not part.outside and not own_rows(change, part, "follow_up"):
        clocks.start(change, "follow_up", agency_id=part.agency_id)
