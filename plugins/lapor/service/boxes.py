"""Boxes of the desk as conditions: which cases lie in them, and under which counters they are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from plugins.lapor.contracts import Filters
from plugins.lapor.models import Assignment, Complaint
from plugins.lapor.service import counters
from plugins.lapor.service.reference import reference
from plugins.lapor.service.seen import ALL, SECRET, seen_plainly
from plugins.lapor.service.track import tidy_number
from plugins.lapor.service.ways import ways_of
from plugins.lapor.states import STATUSES, UNVERIFIED
from superapp.sdk import Actor, current_tenant, directory, now, session

FOUND_MOST = 500
# As the partial indexes say it, or they would not be used.
IS_OPEN: ColumnElement[bool] = literal_column("lapor.complaint.status NOT IN ('closed', 'archived')", Boolean)
LIST: Final = (
    *("priority", "unsolved"),
    *("due_step", "due_unit", "rung", "rung_who"),
    *("id", "number", "title", "status", "kind", "category_code", "area_code", "address", "channel"),
    *(
        "agency_id",
        "suggested_id",
        "received_at",
        "updated_at",
        "due_from",
        "due_at",
        "overdue",
        "waiting_for",
    ),
    *(
        "waiting_for",
        "closed_at",
        "closed_how",
        "bounces",
        "anonymous",
        "secret",
        "whistle",
        "version",
        "question",
        "routing",
    ),
)


def columns() -> Sequence[Any]:
    """What a list shows: no row is loaded for it."""
    return [getattr(Complaint, name) for name in LIST]


def parts(box: str, actor: Actor, filters: Filters = Filters()) -> tuple[Select[Any], ...]:
    """The cases of a box as the actor may see them, narrowed, as queries that each walk one index.

    Those that come first are not among them: see `urgent`.
    What is over is shown only to one who asks for a state or searches. No case is in two parts.
    """
    query = narrowed(select(*columns()), filters).where(~Complaint.priority)
    if box != "overdue" and not (filters.status or filters.search.strip()):
        query = query.where(IS_OPEN)
    return () if box == "priority" else tuple(query.where(inside) for inside in _inside(box, actor))


def urgent(box: str, actor: Actor, filters: Filters = Filters()) -> Select[Any]:
    """The cases of a box that come before all others: refused by their reporters, or falsely closed.

    One query for all ways into the box, because they are few and have an index of their own.
    """
    query = narrowed(select(*columns()), filters).where(Complaint.priority, IS_OPEN)
    return query.where(or_(*_inside(box, actor)))


def counted(box: str, actor: Actor) -> list[str]:
    """The counters that together say how many open cases of a box the actor may see."""
    if box == "mine":
        return [f"mine:{actor.id}"] if actor.id else []
    return _counted_plain(box, actor) + _counted_investigating(box, actor)


def _counted_investigating(box: str, actor: Actor) -> list[str]:
    """The counters of the whistle-blowers' cases that the actor investigates."""
    names = {"all": "open"} | {name: name for name in ("unverified", "overdue", "priority")}
    if actor.agency_id:
        names["agency"] = f"agency:{actor.agency_id}"
    ways = ways_of(actor) if box in names else ()
    return [f"{names[box]}.{way}" for way in ways]


def _counted_plain(box: str, actor: Actor) -> list[str]:
    if box in ("agency", "referral"):
        return [f"{box}:{actor.agency_id}"] if actor.agency_id else []
    if not actor.may(ALL):
        prefixes = {"overdue": ["overdue"], "priority": ["priority"], "all": ["agency", "referral"]}.get(
            box, []
        )
        return [f"{prefix}:{actor.agency_id}" for prefix in prefixes if actor.agency_id]
    name = "open" if box == "all" else box
    return [name, name + counters.HIDDEN] if actor.may(SECRET) else [name]


def narrowed(query: Select[Any], filters: Filters) -> Select[Any]:
    """The query with the filters that are set; an unknown value finds nothing."""
    conditions: list[ColumnElement[bool]] = []
    if filters.category:
        codes = [
            c for c in reference().categories if c == filters.category or c.startswith(f"{filters.category}.")
        ]
        conditions.append(Complaint.category_code.in_(codes))
    if filters.area:
        codes = [c for c in directory.areas() if c == filters.area or c.startswith(f"{filters.area}.")]
        conditions.append(Complaint.area_code.in_(codes))
    if filters.channel:
        conditions.append(Complaint.channel == filters.channel)
    if filters.status == "open":
        conditions.append(IS_OPEN)
    elif filters.status:
        conditions.append(Complaint.status == filters.status if filters.status in STATUSES else false())
    if filters.agency:
        unit = directory.agencies_by_code().get(filters.agency)
        conditions.append(Complaint.agency_id == unit.id if unit else false())
    if filters.reporter:
        flags: dict[str, ColumnElement[bool]] = {
            "anonymous": Complaint.anonymous.is_(True),
            "secret": Complaint.secret.is_(True),
        }
        conditions.append(flags.get(filters.reporter, false()))
    if filters.search.strip():
        conditions.append(_search(filters.search.strip()))
    return query.where(and_(*conditions)) if conditions else query


def _inside(box: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    ways = ways_of(actor) if actor.kind != "system" else ()
    open_to = Complaint.whistle.in_(("", *ways))
    if box in ("mine", "agency", "referral"):
        own = {"mine": _of_officer, "agency": _of_agency, "referral": _copies}[box](actor)
        return tuple(and_(inside, open_to) for inside in own)
    inside: ColumnElement[bool] = true()
    if box == "unverified":
        inside = Complaint.status.in_(sorted(UNVERIFIED))
    if box == "overdue":
        inside = and_(Complaint.overdue)
    plain = [and_(inside, seen_plainly(actor))]
    if box == "unverified" and actor.may(ALL):
        returned = and_(Complaint.open_returns > 0, Complaint.status.not_in(sorted(UNVERIFIED)))
        plain.append(and_(returned, seen_plainly(actor)))
    if box in ("overdue", "priority") and actor.agency_id and not actor.may(ALL):
        plain = [and_(each, Complaint.id.not_in(_held(actor, ("referral",)))) for each in plain]
    # What is investigated is few and has an index of its own.
    return (*plain, and_(inside, Complaint.whistle.in_(ways))) if ways else tuple(plain)


def _copies(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What the unit only got a copy of."""
    return (Complaint.id.in_(_held(actor, ("referral",))) if actor.agency_id else false(),)


def _of_officer(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What the officer took up as the leading unit's, and parts of other cases; never the same."""
    if actor.id is None:
        return (false(),)
    parts = select(Assignment.complaint_id).where(Assignment.active, Assignment.officer_id == actor.id)
    other = or_(Complaint.officer_id.is_(None), Complaint.officer_id != actor.id)
    return Complaint.officer_id == actor.id, and_(Complaint.id.in_(parts), other)


def _of_agency(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What the unit leads, and what it shares with the leading one: few, and never the same."""
    if actor.agency_id is None:
        return (false(),)
    other = or_(Complaint.agency_id.is_(None), Complaint.agency_id != actor.agency_id)
    shared = Complaint.id.in_(_held(actor, ("co_owner", "delegate")))
    return Complaint.agency_id == actor.agency_id, and_(shared, other)


def _held(actor: Actor, roles: tuple[str, ...]) -> Select[Any]:
    """The cases of which the actor's unit has a part of these roles now."""
    return select(Assignment.complaint_id).where(
        Assignment.active, Assignment.agency_id == actor.agency_id, Assignment.role.in_(roles)
    )


def _search(words: str) -> ColumnElement[bool]:
    """By number when it looks like one, else by words: the index is reached through lapor.search alone.

    It is asked once and first: a box has several parts, and each would search anew.
    """
    digits = re.fullmatch(r"(?:[A-Za-z]{2,6}-?\d{4}-?)?(\d{1,8})", words)
    if digits is None:
        hits = select(func.lapor.search(words[:200], FOUND_MOST).column_valued("hit"))
        return Complaint.id.in_(session().scalars(hits).all())
    tenant, moment = current_tenant(), now()
    if words.isdigit():
        years = range(moment.year - 2, moment.year + 2)
        numbers = [f"{tenant.short_code}-{year}-{int(digits[1]):06d}" for year in years]
    else:
        numbers = [tidy_number(words)]
    return Complaint.number.in_(numbers)
