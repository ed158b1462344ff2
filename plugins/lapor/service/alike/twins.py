"""Two reports of the same text that lie with different units: never without somebody having noticed.

Before a case is handed over, the officer is told where the same text already lies, and goes on only
with a reason that is kept. What got past that (two doors, two days, a unit that changed) is found by a
daily job and stands on the page of incidents until it is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from rapidfuzz import fuzz
from sqlalchemy import and_, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from plugins.lapor.models import Complaint, Twin
from plugins.lapor.service.agencies import agency_ref, short
from plugins.lapor.service.alike.likeness import SAME_TEXT, same_text
from plugins.lapor.service.alike.marks import marks_of
from superapp.sdk import (
    Actor,
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    current_actor,
    current_tenant,
    now,
    session,
)

WINDOW: Final = timedelta(days=60)
LOOK_BACK: Final = timedelta(days=45)
MOST: Final = 5_000
NAMED: Final = 3

# Each report against the newest few of its digest and bands; pairs of one incident or one unit are none.
PAIRS = text(
    """
SELECT DISTINCT a.complaint_id AS one, b.complaint_id AS other, a.words AS first, b.words AS second
FROM lapor.likeness a
JOIN lapor.complaint ca ON ca.tenant_id = :tenant AND ca.id = a.complaint_id
CROSS JOIN LATERAL (
    (SELECT complaint_id, words FROM lapor.likeness
     WHERE tenant_id = :tenant AND digest = a.digest AND digest IS NOT NULL
       AND received_at > a.received_at - :window
     ORDER BY received_at DESC LIMIT :few)
    UNION (SELECT complaint_id, words FROM lapor.likeness
     WHERE tenant_id = :tenant AND band_a = a.band_a AND band_a IS NOT NULL
       AND received_at > a.received_at - :window
     ORDER BY received_at DESC LIMIT :few)
    UNION (SELECT complaint_id, words FROM lapor.likeness
     WHERE tenant_id = :tenant AND band_b = a.band_b AND band_b IS NOT NULL
       AND received_at > a.received_at - :window
     ORDER BY received_at DESC LIMIT :few)
) AS b
JOIN lapor.complaint cb ON cb.tenant_id = :tenant AND cb.id = b.complaint_id
WHERE a.tenant_id = :tenant AND a.received_at > :since AND a.digest IS NOT NULL
  AND b.complaint_id <> a.complaint_id
  AND ca.agency_id <> cb.agency_id AND ca.status <> 'archived' AND cb.status <> 'archived'
  AND ca.secret = cb.secret AND ca.whistle = '' AND cb.whistle = ''
  AND (ca.incident_id IS NULL OR ca.incident_id IS DISTINCT FROM cb.incident_id)
LIMIT :most
"""
)


def judged(case: Complaint, units: Sequence[UUID], reason: str) -> dict[str, Any]:
    """What the line of a disposition has to tell about twins; keeps them as settled by `reason`.

    Raises Invalid naming where the same text lies when that is another unit and no reason is given.
    Belongs inside of work().
    """
    others = elsewhere(case, units)
    if not others:
        return {}
    where = [(other.number, short(agency_ref(other.agency_id))) for other in others[:NAMED]]
    if not reason.strip():
        named = ", ".join(f"{number} ({unit})" for number, unit in where)
        told = _(
            "Teks yang sama ada di unit lain: %(named)s. Gabungkan, atau tulis mengapa unitnya berbeda.",
            named=named,
        )
        raise Invalid(errors=[FieldError("apart", told, "same_text")])
    for other in others:
        _keep(case.id, other.id, 100, how="apart", reason=reason.strip()[:500])
    return {"apart": reason.strip()[:500], "apart_from": [number for number, _ in where]}


def elsewhere(case: Complaint, units: Sequence[UUID]) -> list[Complaint]:
    """Reports of the same text in the last 60 days that lie with none of these units, the newest first."""
    if case.whistle:
        return []
    found = same_text(marks_of(case), without=case.id, since=now() - WINDOW)
    if not found:
        return []
    query = select(Complaint).where(
        Complaint.id.in_([each.id for each in found]),
        Complaint.agency_id.is_not(None),
        Complaint.agency_id.not_in(list(units)),
        Complaint.status != "archived",
        Complaint.secret == case.secret,
        Complaint.whistle == "",
    )
    if case.incident_id is not None:
        query = query.where(or_(Complaint.incident_id.is_(None), Complaint.incident_id != case.incident_id))
    return list(session().scalars(query.order_by(Complaint.received_at.desc(), Complaint.id)))


def find() -> int:
    """Look through the last weeks for twins with different units; those that are none any more are
    settled. Returns how many pairs were found. Belongs inside of work()."""
    _settle_by_themselves()
    values = {
        "tenant": current_tenant().id,
        "since": now() - LOOK_BACK,
        "window": WINDOW,
        "few": 10,
        "most": MOST,
    }
    pairs = {}
    for row in session().execute(PAIRS, values):
        alike = fuzz.ratio(row.first, row.second)
        if alike >= SAME_TEXT * 100:
            pairs[min(row.one, row.other), max(row.one, row.other)] = round(alike)
    for (one, other), alike in sorted(pairs.items()):
        _keep(one, other, alike)
    return len(pairs)


def settle(one: UUID, other: UUID, *, reason: str, actor: Actor | None = None) -> None:
    """Say why both may lie with different units. Raises NotFound, Invalid without a reason, Conflict
    when it was settled already. Belongs inside of work()."""
    actor = actor or current_actor()
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", _("Tulis mengapa unitnya berbeda."), "required")])
    query = select(Twin).where(Twin.one_id == min(one, other), Twin.other_id == max(one, other))
    twin = session().scalars(query.with_for_update()).one_or_none()
    if twin is None:
        raise NotFound(_("Pasangan ini tidak ada."))
    if twin.settled_at is not None:
        raise Conflict(_("Pasangan ini sudah diperiksa."))
    twin.settled_at, twin.how, twin.reason = now(), "apart", reason.strip()[:500]
    twin.settled_by, twin.settled_name = actor.id, actor.name


def _keep(one: UUID, other: UUID, alike: int, *, how: str = "", reason: str = "") -> None:
    actor, moment = current_actor(), now()
    settled = {"settled_at": moment, "settled_by": actor.id, "settled_name": actor.name} if how else {}
    query = insert(Twin).values(
        tenant_id=current_tenant().id,
        one_id=min(one, other),
        other_id=max(one, other),
        likeness=alike,
        found_at=moment,
        how=how,
        reason=reason,
        **settled,
    )
    if how:
        again = {"how": how, "reason": reason, **settled}
        query = query.on_conflict_do_update(
            index_elements=["tenant_id", "one_id", "other_id"], set_=again, where=Twin.settled_at.is_(None)
        )
    else:
        query = query.on_conflict_do_nothing()
    session().execute(query)


def _settle_by_themselves() -> None:
    """A pair that came into one incident, or to one unit, needs nobody any more."""
    first, second = aliased(Complaint), aliased(Complaint)
    pairs = (
        select(Twin.one_id, Twin.other_id, first.incident_id, first.agency_id == second.agency_id)
        .join(first, first.id == Twin.one_id)
        .join(second, second.id == Twin.other_id)
        .where(
            Twin.settled_at.is_(None),
            or_(first.incident_id == second.incident_id, first.agency_id == second.agency_id),
        )
    )
    for one, other, incident, same_unit in session().execute(pairs).all():
        how = "same_unit" if same_unit and incident is None else "gathered"
        pair = and_(Twin.one_id == one, Twin.other_id == other)
        session().execute(update(Twin).where(pair).values(how=how, settled_at=now(), settled_name="sistem"))
