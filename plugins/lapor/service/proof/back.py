"""A case that was not solved goes back to its unit: with priority, counted, and the second time upwards."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.models import Assignment
from plugins.lapor.service import counters, seen
from plugins.lapor.service.case import Change
from plugins.lapor.service.time import clocks
from superapp.sdk import Forbidden, session

CLIMBS_AT = 2  # times "not solved", after which the coordinator decides
COUNTED = ("answers", "refused", "rejected", "no_work", "false")


def to_unit(change: Change) -> None:
    """The unit has an answered case again and its time limit runs on, as if it had not answered."""
    change.finish("confirm")
    clocks.take_back_answer(change.case.id)
    for each in change.assignments:
        each.answered_at = None
    change.case.priority = True


def give_again(change: Change) -> None:
    """The unit that owned a closed case owns it again, with a new time limit and priority."""
    case = change.case
    case.closed_at, case.closed_how, case.rating = None, "", None
    change.finish("verify", "follow_up", "resolve", "confirm")
    clocks.start(change, "resolve")
    case.priority = True
    if case.agency_id is not None:
        again = Assignment(complaint_id=case.id, agency_id=case.agency_id, assigned_at=change.moment)
        session().add(again)
        change.assignments = [again]


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


def answered(change: Change, *, no_work: bool) -> None:
    """An answer was given: it is no longer first in line, and it counts."""
    change.case.priority, change.case.climbed = False, False
    count(change, "answers")
    if no_work:
        count(change, "no_work")


def count(change: Change, what: str) -> None:
    """One more of `what` for the unit that owns the case, in this month; whistle-blowing counts nowhere."""
    if change.case.agency_id is not None and not change.case.whistle:
        change.figures[figure(change.case.agency_id, what, counters.month(change.moment, ""))] = 1


def figure(agency_id: UUID, what: str, month: str) -> str:
    """The counter of a unit; `month` as counters.month writes it."""
    return f"{month}{what}.{agency_id}"
