"""Likeness at the size of the largest tenant: `python -m tests.bench.bench_incidents` alone, or in `make bench`.

The hardest report there is: its cell and the six around it are full, its street is one of few, and its
text stands in every other report. 20 ms is the promise, for the citizen's look and for the desk's.
"""

from __future__ import annotations

import time

import h3
import psycopg

from plugins.lapor.service.alike import likeness, offers
from plugins.lapor.service.alike.marks import CELL_RESOLUTION, marks
from superapp.context import SYSTEM, tenant_scope
from superapp.sdk import now
from tests.bench.ground import Ground, admin_url, laid
from tests.bench.row import Row

SLUG, TIMES, GOAL_MS = "denpasar", 60, 20.0
TEXT = "Gelap sejak malam, warga meminta perbaikan lampu jalan mati secepatnya"
PLACE = {"lat": -8.62, "lng": 115.24, "address": "Jalan nomor 7"}
# A row for each complaint at once; the points of the seed are 7,700, so their cells are reckoned once each.
FILL = """
INSERT INTO lapor.likeness (tenant_id, complaint_id, cell, street, digest, band_a, band_b, category_code,
    lat, lng, words, spot, live, received_at)
SELECT c.tenant_id, c.id, p.cell, hashtextextended('street ' || right(c.number, 3), 0),
    hashtextextended(c.body, 0), hashtextextended(left(c.body, 20), 1), hashtextextended(left(c.body, 22), 2),
    c.category_code, c.lat, c.lng, lower(c.body), 'nomor ' || right(c.number, 2),
    c.status NOT IN ('closed', 'archived'), c.received_at
FROM lapor.complaint c JOIN points p ON p.lat = c.lat AND p.lng = c.lng
WHERE c.tenant_id = %(tenant)s ON CONFLICT DO NOTHING
"""


def rows(ground: Ground) -> list[Row]:
    """What one look costs, at p50 and p95, and how many reports it compared at most."""
    tenant = ground.tenant(SLUG)
    count = seeded(ground, tenant.id)
    with ground.app.app_context(), tenant_scope(tenant, SYSTEM):
        mine = marks(TEXT, category="LIGHT.OUT", at=now(), **PLACE)
        found = len(likeness.alike(mine, least=0.0))
        desk = _times(lambda: likeness.alike(mine, least=likeness.FOR_OFFICERS))
        words = _times(lambda: likeness.same_text(mine, since=now() - likeness.WINDOW))
        citizen = _times(lambda: offers.near(TEXT, category="LIGHT.OUT", **PLACE))
    return [
        _row(f"neighbours at {count / 1e6:.2g} M, desk", desk, f"{found} compared"),
        _row(f"neighbours at {count / 1e6:.2g} M, citizen", citizen, "offers in words"),
        _row(f"same text at {count / 1e6:.2g} M", words, ""),
    ]


def seeded(ground: Ground, tenant_id: int) -> int:
    """Give each complaint of the tenant its marks, once; how many there are."""
    with psycopg.connect(admin_url(ground), autocommit=True) as admin:
        points = admin.execute(
            "SELECT DISTINCT lat, lng FROM lapor.complaint WHERE tenant_id = %s AND lat IS NOT NULL",
            (tenant_id,),
        ).fetchall()
        have = admin.execute(
            "SELECT count(*) FROM lapor.likeness WHERE tenant_id = %s", (tenant_id,)
        ).fetchone()
        if not have or have[0] < len(points):
            admin.execute(
                "CREATE TEMP TABLE points (lat double precision, lng double precision, cell bigint)"
            )
            with admin.cursor().copy("COPY points FROM STDIN") as copy:
                for lat, lng in points:
                    copy.write_row((lat, lng, h3.str_to_int(h3.latlng_to_cell(lat, lng, CELL_RESOLUTION))))
            admin.execute(FILL.encode(), {"tenant": tenant_id})
            admin.execute("ANALYZE lapor.likeness")
        total = admin.execute(
            "SELECT count(*) FROM lapor.likeness WHERE tenant_id = %s", (tenant_id,)
        ).fetchone()
    return int(total[0]) if total else 0


def _times(look: object) -> list[float]:
    assert callable(look)
    look()
    found = []
    for _ in range(TIMES):
        started = time.perf_counter()
        look()
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


def _row(path: str, times: list[float], note: str) -> Row:
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    share = GOAL_MS / late if late else None
    return Row(
        path, f"{late:.1f} ms", f"{GOAL_MS:.0f} ms", share, 1.0, f"p95; p50 {middle:.1f} ms {note}".strip()
    )


def main() -> None:
    """Measure alone."""
    with laid() as ground:
        for row in rows(ground):
            print(row)


if __name__ == "__main__":
    main()
