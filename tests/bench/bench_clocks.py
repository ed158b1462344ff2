"""100,000 open clocks reckoned anew by one worker: `python -m tests.bench.bench_clocks` alone, or in `make bench`.

Every clock moves, because a new day off lies within all of them: the dearest recount there is.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import psycopg

from superapp.context import SYSTEM, tenant_scope
from superapp.sdk import at_time, session, work
from tests.bench.ground import Ground, admin_url, laid
from tests.bench.row import Row

SLUG = "besar"
CASES, SECONDS = 50_000, 60.0
MOMENT = datetime(2026, 3, 9, 2, tzinfo=UTC)
DAY_OFF = date(2026, 3, 12)
CLEAR = """
DELETE FROM lapor.rung_sent WHERE tenant_id = %(tenant)s;
DELETE FROM lapor.event WHERE tenant_id = %(tenant)s AND type = 'clock_moved';
DELETE FROM lapor.deadline WHERE tenant_id = %(tenant)s;
DELETE FROM lapor.recount WHERE tenant_id = %(tenant)s;
DELETE FROM core.holiday WHERE tenant_id = %(tenant)s AND day = '2026-03-12';
DELETE FROM jobs.procrastinate_jobs WHERE args->>'tenant_id' = '%(tenant)s'
"""
OPEN = """
UPDATE lapor.complaint SET status = 'in_progress', closed_at = NULL, closed_how = '', overdue = false
WHERE tenant_id = %(tenant)s AND id IN (
    SELECT id FROM lapor.complaint WHERE tenant_id = %(tenant)s ORDER BY id LIMIT %(cases)s)
"""
CLOCKS = """
INSERT INTO lapor.deadline (tenant_id, id, complaint_id, step, authority, amount, unit, started_at, due_at, due_on)
SELECT tenant_id, gen_random_uuid(), id, step, 'national', amount, 'wd', began, began + interval '1 second', began::date
FROM (SELECT c.tenant_id, c.id, l.step, l.amount,
             timestamptz '2026-03-09 02:00+00' - (row_number() OVER (ORDER BY c.id) %% 3) * interval '20 minutes' AS began
      FROM lapor.complaint c, (VALUES ('follow_up', 5), ('resolve', 14)) AS l(step, amount)
      WHERE c.tenant_id = %(tenant)s ORDER BY c.id LIMIT %(clocks)s) AS made
"""


def rows(ground: Ground) -> list[Row]:
    """Seed, let everything settle once, add a day off, and measure the walk that follows."""
    tenant = ground.tenant(SLUG)
    with psycopg.connect(admin_url(ground), autocommit=True) as admin:
        given = {"tenant": tenant.id, "cases": CASES, "clocks": CASES * 2}
        for statement in [*CLEAR.split(";\n"), OPEN, CLOCKS]:
            admin.execute(statement.encode(), given)
        admin.execute("ANALYZE lapor.deadline, lapor.complaint")
    with ground.app.app_context(), tenant_scope(tenant, SYSTEM):
        with at_time(MOMENT):
            _walk()
        with at_time(MOMENT + timedelta(minutes=5)):
            _day_off()
            seconds, busy, seen, moved = _walk()
    rate = seen / seconds
    note = f"{seen} clocks, {moved} moved, in {seconds:.1f} s ({busy:.1f} s busy); goal {SECONDS:.0f} s"
    share = rate * SECONDS / CASES / 2
    return [Row("clocks reckoned anew", f"{rate:.0f}/s", f"{CASES * 2 / SECONDS:.0f}/s", share, 1.0, note)]


def _walk() -> tuple[float, float, int, int]:
    """Ask for a run and do it; seconds, those that the worker itself was busy, clocks seen and moved."""
    from plugins.lapor.service.time import recount

    recount.keep_up()
    run = recount.latest()
    assert run is not None
    started, begun = time.perf_counter(), time.process_time()
    recount.walk(run.id)
    seconds, busy = time.perf_counter() - started, time.process_time() - begun
    session().expire_all()
    done = recount.latest()
    assert done is not None
    assert done.done_at is not None
    return seconds, busy, done.seen, done.moved


def _day_off() -> None:
    from superapp.tenancy.models import Holiday

    with work() as unit:
        unit.add(Holiday(day=DAY_OFF, name="Hari uji", kind="local", document="bench"))


def main() -> None:
    """The row alone."""
    with laid() as ground:
        for row in rows(ground):
            print(row)


if __name__ == "__main__":
    main()
