"""What every desk page begins with, in one round trip: counts of boxes, unread mentions, saved views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import text

from plugins.lapor.contracts import Box
from plugins.lapor.contracts.desk import ViewLink
from plugins.lapor.service.boxes import counted
from plugins.lapor.service.deskwork.views import BOXES, SHOWN
from plugins.lapor.service.incident import counts
from plugins.lapor.service.owners.batch import STUCK
from superapp.sdk import current_actor, current_tenant, session

LOOK = text(
    """
SELECT 'count' AS what, c.key AS name, sum(c.value)::bigint AS value, NULL::jsonb AS row
FROM lapor.counter c WHERE c.tenant_id = :tenant AND c.key = ANY(:keys) GROUP BY c.key
UNION ALL
SELECT 'unread', '', count(*), NULL FROM (
    SELECT 1 FROM lapor.mention m WHERE m.tenant_id = :tenant AND m.read_at IS NULL
      AND (m.agency_id = CAST(:agency AS uuid) OR m.role = ANY(:roles)) LIMIT 26) AS unread
UNION ALL
SELECT 'view', v.id::text, (v.first)::int, v.row FROM (
    SELECT s.id, to_jsonb(s) AS row, f.officer_id IS NOT NULL AS first
    FROM lapor.saved_view s
    LEFT JOIN lapor.first_view f
      ON f.tenant_id = s.tenant_id AND f.view_id = s.id AND f.officer_id = CAST(:officer AS uuid)
    WHERE s.tenant_id = :tenant AND (s.officer_id = CAST(:officer AS uuid) OR s.shared = 'desk'
      OR (s.shared = 'unit' AND s.agency_id = CAST(:agency AS uuid)))
    ORDER BY s.officer_id IS DISTINCT FROM CAST(:officer AS uuid), s.title, s.id LIMIT :shown) AS v
"""
)


@dataclass(frozen=True, slots=True)
class Start:
    """Counts by box, unread mentions (26 means more than 25), the officer's views, own ones first, and
    how many incidents run; `stuck` is how many cases lie with a closed unit."""

    counts: Mapping[Box, int]
    unread: int
    views: tuple[ViewLink, ...]
    incidents: int = 0
    stuck: int = 0


def look() -> Start:
    """All of it for this actor. Counters tell how many lie in a box; no case is read."""
    actor = current_actor()
    keys = {box: counted(box, actor) for box in BOXES}
    running = counts.counted(actor)
    values = {
        "tenant": current_tenant().id,
        "keys": sorted({STUCK, *running, *(key for each in keys.values() for key in each)}),
        "agency": actor.agency_id,
        "roles": list(actor.roles),
        "officer": actor.id if actor.kind == "officer" else None,
        "shown": SHOWN,
    }
    rows = session().execute(LOOK, values).all()
    found = {row.name: max(0, row.value) for row in rows if row.what == "count"}
    return Start(
        {cast(Box, box): sum(found.get(key, 0) for key in each) for box, each in keys.items()},
        next((row.value for row in rows if row.what == "unread"), 0),
        tuple(_view(row.row, bool(row.value)) for row in rows if row.what == "view"),
        sum(found.get(key, 0) for key in running),
        found.get(STUCK, 0),
    )


def _view(row: Mapping[str, str | Mapping[str, str]], first: bool) -> ViewLink:
    query = cast("Mapping[str, str]", row["query"])
    mine = str(row["officer_id"]) == str(current_actor().id)
    return ViewLink(UUID(str(row["id"])), str(row["title"]), str(row["shared"]), query, mine, first)
