"""A case that was not solved goes back to its unit: with priority, counted, and the second time upwards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.models import Assignment
from plugins.lapor.service import counters, seen
from plugins.lapor.service.case import Change
from plugins.lapor.service.owners import assign, parts
from plugins.lapor.service.time import clocks
from superapp.sdk import Forbidden

CLIMBS_AT = 2  # times "not solved", after which the coordinator decides
COUNTED = ("answers", "refused", "rejected", "no_work", "false")


def to_unit(change: Change, agency_code: str | None = None) -> None:
    """The units have an answered case again, or the named one alone, and its time limit runs on."""
    assign.hand_back(change, agency_code)
    change.case.priority = True


def give_again(change: Change) -> None:
    """The units that had a closed case have it again, with a new time limit and priority."""
    case = change.case
    case.closed_at, case.closed_how, case.rating = None, "", None
    change.finish("verify", "follow_up", "resolve", "confirm")
    clocks.start(change, "resolve")
    case.priority = True
    assign.give_again(change)


def refused_by_reporter(change: Change) -> None:
    """Count "not solved" against the unit; the second time the coordinator has to look."""
    change.case.unsolved += 1
    change.case.climbed = change.case.unsolved >= CLIMBS_AT
    change.data["unsolved"] = change.case.unsolved
    count(change, "refused")


def check_may_answer(change: Change) -> None:
    """After the second "not solved" a unit answers only once the coordinator has sent it on again.

    Raises Forbidden.
    """
    if change.case.climbed and not seen.may_step(change.actor, change.case, "lapor.dispose"):
        raise Forbidden(
            _("Pelapor sudah dua kali menyatakan belum selesai."),
            _("Koordinator yang memutuskan langkah berikutnya. Anda tetap bisa mencatat kemajuan."),
        )


def answered(change: Change, part: Assignment, *, no_work: bool) -> None:
    """A part was answered: it counts, and the case is no longer first in line once all of it is answered."""
    if change.to == "answered":
        change.case.priority, change.case.climbed = False, False
    count(change, "answers", [part])
    if no_work:
        count(change, "no_work", [part])


def count(change: Change, what: str, units: Sequence[Assignment] | None = None) -> None:
    """One more of `what` in this month for the unit of each of these parts; of those not answered if none
    are given. Whistle-blowing counts nowhere."""
    if change.case.whistle:
        return
    month = counters.month(change.moment, "")
    if units is None:
        units = [each for each in parts.owning(change.assignments) if each.state != "answered"]
    change.figures |= {figure(each.agency_id, what, month): 1 for each in units}


def figure(agency_id: UUID, what: str, month: str) -> str:
    """The counter of a unit; `month` as counters.month writes it."""
    return f"{month}{what}.{agency_id}"
