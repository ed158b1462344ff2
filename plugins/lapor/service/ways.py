"""Where a whistle-blower's report goes: to the inspectorate alone, or over its head to the leader.

Decided after DOMAIN.md section 3, "never to the unit complained of": such a case is seen by the
inspectorate only. The coordinators of the desk do not see it either, because they belong to a unit
that may be the one complained of and sit beside all others; a city that wants them to investigate
gives them the role of the inspectorate. When the inspectorate itself is complained of, the case goes
to the leader. Nobody else learns that it exists: it lies in no box, no figure, no list and no search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor.clock import local_day
from plugins.lapor.service.reference import reference, valid_on
from plugins.lapor.settings import setting
from superapp.sdk import Actor, current_tenant, directory, now

Way = Literal["", "inspectorate", "leader"]
WHISTLE, LEADER = "lapor.whistle", "lapor.whistle.leader"


@dataclass(frozen=True, slots=True)
class Path:
    """The way of a case, and the unit it complains of when the reporter named one."""

    way: Way = ""
    accused: UUID | None = None


def path_to(accused: UUID | None) -> Path:
    """The way of a whistle-blower's report that complains of this unit, or of none that was named."""
    return Path("leader" if accused is not None and accused == inspectorate() else "inspectorate", accused)


def unit_of(way: str) -> UUID | None:
    """The unit that investigates on a way; None when the leader has none of their own."""
    return inspectorate() if way == "inspectorate" else _unit(str(setting("whistle_leader_unit")))


def inspectorate() -> UUID | None:
    """The unit that investigates: that of the settings, else the one that confidential matters go to."""
    named = _unit(str(setting("inspectorate")))
    if named is not None:
        return named
    known, today = reference(), local_day(now(), ZoneInfo(current_tenant().timezone))
    secret = {code for code, each in known.categories.items() if each.confidential}
    ruled = [each for each in known.rules if each.category_code in secret and valid_on(each, today)]
    return min(ruled, key=lambda each: -each.priority).agency_id if ruled else None


def ways_of(actor: Actor) -> tuple[Way, ...]:
    """The ways that this officer investigates. An officer of another unit never does, whatever the role."""
    if actor.kind == "system":
        return ("inspectorate", "leader")
    if actor.kind != "officer":
        return ()
    unit = inspectorate()
    ways: list[Way] = []
    if actor.may(WHISTLE) and actor.agency_id in (None, unit):
        ways.append("inspectorate")
    if actor.may(LEADER) and (unit is None or actor.agency_id != unit):
        ways.append("leader")
    return tuple(ways)


def _unit(code: str) -> UUID | None:
    found = directory.agencies_by_code().get(code) if code else None
    return found.id if found else None
