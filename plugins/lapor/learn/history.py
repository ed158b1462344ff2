"""What there is to learn from: decided reports, and the example words of the categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Draft
from plugins.lapor.learn.trainer import Sample
from plugins.lapor.models import Category, Complaint, RoutingDecision
from plugins.lapor.service.reference import reference
from plugins.lapor.service.routing.route import matching
from plugins.lapor.service.routing.signs import Report
from superapp.sdk import current_tenant, directory, now, session

MOST: Final = 50_000
EXAMPLE_WEIGHT: Final = 0.3
WITH_UNIT: Final = ("dispositioned", "in_progress", "on_hold", "answered", "closed", "forwarded")
TAKEN_ON: Final = ("in_progress", "answered", "closed")


@dataclass(frozen=True, slots=True)
class Decided:
    """A sample, and when the report came."""

    sample: Sample
    at: datetime


def decided(most: int = MOST) -> list[Decided]:
    """The latest reports with the unit that owns them, in the order of time.

    Left out: secret and confidential ones, whistle-blowers' cases, and what the system sent on and
    no unit has taken up, because that would teach the model its own opinion.
    """
    alone = exists().where(
        RoutingDecision.tenant_id == Complaint.tenant_id,
        RoutingDecision.complaint_id == Complaint.id,
        RoutingDecision.how == "system",
        RoutingDecision.recalled_at.is_(None),
    )
    hidden = select(Category.code).where(Category.confidential)
    text = (Complaint.title, Complaint.body)
    facts = (Complaint.area_code, Complaint.channel, Complaint.category_code)
    query = (
        select(*text, *facts, Complaint.agency_id, Complaint.received_at, Complaint.routing)
        .where(
            Complaint.agency_id.is_not(None),
            Complaint.status.in_(WITH_UNIT),
            ~Complaint.secret,
            Complaint.whistle == "",
            or_(Complaint.category_code.is_(None), Complaint.category_code.not_in(hidden)),
            or_(~alone, Complaint.status.in_(TAKEN_ON)),
        )
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(most)
    )
    zone, known = ZoneInfo(current_tenant().timezone), directory.agencies()
    found = []
    for row in session().execute(query):
        unit = known.get(row.agency_id)
        if unit is None:
            continue
        category = "" if row.routing.get("guessed") else row.category_code or ""
        report = Report(f"{row.title}\n{row.body}", row.area_code or "", row.channel, category)
        found.append(Decided(Sample(report, unit.code, local_day(row.received_at, zone)), row.received_at))
    return found[::-1]


def examples(day: date | None = None) -> list[Sample]:
    """The example words of each category as reports of the unit that the rules name for it today.

    They are all there is at the beginning, and later still speak for units with few cases.
    """
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    known = directory.agencies()
    found = []
    for category in reference().categories.values():
        rules = matching(Draft("complaint", "", "", category=category.code), today)
        if category.confidential or not rules or rules[0].category_code is None:
            continue
        owner = known[rules[0].agency_id].code
        for text in (category.name, *category.examples, " ".join(category.examples)):
            found.append(Sample(Report(text), owner, day or today, EXAMPLE_WEIGHT))
    return found
