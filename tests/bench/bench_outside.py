"""10,000 deliveries of one government beside 50 of another: `python -m tests.bench.bench_outside`, or in `make bench`.

The real worker sends them to a register on this machine that answers at once. The limit is one client
that posts the same bodies over one connection and remembers nothing. BENCH_PARCELS sizes the large one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.jobs.worker import drain
from superapp.plugin import lifecycle, registry
from superapp.sdk import session, work
from tests.bench.ground import Ground, admin_url, laid
from tests.bench.row import Row
from tests.core.plugins_made import plugin

LARGE, SMALL = "besar", "banjarmasin"
PARCELS, FEW = int(os.environ.get("BENCH_PARCELS", "10000")), 50
SMALL_GOAL = 60.0  # seconds: the few must not wait for the many
CLEAR = """
DELETE FROM lapor.event WHERE tenant_id = %(tenant)s AND type = 'sent_outside';
DELETE FROM lapor.arrival WHERE tenant_id = %(tenant)s;
DELETE FROM lapor.difference WHERE tenant_id = %(tenant)s;
DELETE FROM lapor.parcel WHERE tenant_id = %(tenant)s;
DELETE FROM lapor.outside_ref WHERE tenant_id = %(tenant)s;
DELETE FROM jobs.procrastinate_jobs WHERE args->>'tenant_id' = '%(tenant)s'
"""
QUEUE = """
WITH picked AS (
    SELECT e.id, e.complaint_id FROM lapor.event e
    JOIN lapor.complaint c ON c.tenant_id = e.tenant_id AND c.id = e.complaint_id
    WHERE e.tenant_id = %(tenant)s AND e.type = 'received' AND NOT c.secret AND c.whistle = ''
    ORDER BY e.at LIMIT %(many)s
), refs AS (
    INSERT INTO lapor.outside_ref (tenant_id, destination_id, complaint_id, made_at)
    SELECT %(tenant)s, %(there)s, complaint_id, now() FROM picked
)
INSERT INTO lapor.parcel
    (tenant_id, destination_id, event_id, complaint_id, step, owner, state, made_at, due_at)
SELECT %(tenant)s, %(there)s, id, complaint_id, 'new', false, 'waiting', now(), now() FROM picked
"""


class Register(BaseHTTPRequestHandler):
    """Takes everything and gives it a number."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def do_POST(self) -> None:
        """Answer at once."""
        told = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = orjson.dumps({"id": f"B-{told['number']}"})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclass(slots=True)
class Drained:
    """Seconds for all, and after how many the last of the few was there."""

    seconds: float
    few: float
    sent: int


def rows(ground: Ground) -> list[Row]:
    """Queue, drain with the real worker, and post the same with nothing around it."""
    _empty_queue(ground)
    with _register() as url, _connected(ground, url):
        large, small = _queue(ground, LARGE, PARCELS), _queue(ground, SMALL, FEW)
        plan = _plan(ground, large)
        drained = _drain(ground, large, small)
        bare = _bare(url)
    rate = drained.sent / drained.seconds
    note = f"{drained.sent} sent in {drained.seconds:.0f} s; next one found by {plan}"
    told = f"the {FEW} of a small government beside {PARCELS} of another; goal {SMALL_GOAL:.0f} s"
    share = SMALL_GOAL / max(drained.few, 0.01)
    return [
        Row("deliveries to a register", f"{rate:.0f}/s", f"{bare:.0f}/s", rate / bare, None, note),
        Row("small beside large, last one", f"{drained.few:.1f} s", "", min(share, 1.0), 1.0, told),
    ]


def _empty_queue(ground: Ground) -> None:
    """Forget what other rows left to do: the worker would do all of it first."""
    with psycopg.connect(admin_url(ground), autocommit=True) as admin:
        admin.execute("SET search_path = jobs")  # its triggers name their tables without a schema
        admin.execute("DELETE FROM procrastinate_events")
        admin.execute("DELETE FROM procrastinate_jobs WHERE status <> 'doing'")


@contextmanager
def _register() -> Iterator[str]:
    """The other side, in a process of its own so that it takes none of the worker's time."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bench_outside", "serve"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _connected(ground: Ground, url: str) -> Iterator[None]:
    """Both governments with a connector that keeps its connection."""
    import httpx2

    from plugins.lapor.contracts.outside import Parcel, Pushed

    client = httpx2.Client(trust_env=False, timeout=10)

    def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
        answer = client.post(url, content=_body(parcel.case.number, parcel.case.title, parcel.case.body))
        return Pushed(str(answer.json()["id"]))

    kept = ground.app.extensions["superapp_plugins"]
    with tempfile.TemporaryDirectory() as folder, client:
        made = plugin(Path(folder), "kantor", requires="lapor", lapor_push=lapor_push)
        ground.app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
        try:
            yield
        finally:
            for slug in (LARGE, SMALL):
                tenant = ground.tenant(slug)
                with ground.app.app_context(), tenant_scope(tenant, SYSTEM):
                    lifecycle.disable(tenant, "kantor")
            ground.app.extensions["superapp_plugins"] = kept


def _body(number: str, title: str, body: str) -> bytes:
    return orjson.dumps({"number": number, "title": title, "body": body})


def _queue(ground: Ground, slug: str, many: int) -> tuple[str, UUID]:
    from plugins.lapor.service.outside import destinations, sending

    tenant = ground.tenant(slug)
    with ground.app.app_context(), tenant_scope(tenant, SYSTEM):
        lifecycle.enable(tenant, "kantor")
        there = destinations.connect("kantor", "ukur", title="Ukur", takes="all", steps=["new"])
        with psycopg.connect(admin_url(ground), autocommit=True) as admin:
            given: dict[str, Any] = {"tenant": tenant.id, "many": many, "there": there.id}
            for statement in [*CLEAR.split(";\n"), QUEUE]:
                admin.execute(statement.encode(), given)
            admin.execute("ANALYZE lapor.parcel, lapor.outside_ref")
        with work():
            sending.nudge(there.id)
    return slug, there.id


def _plan(ground: Ground, large: tuple[str, UUID]) -> str:
    """By which index the next one is found under Row Level Security. Raises RuntimeError for none."""
    from plugins.lapor.service.outside.sending import next_due
    from superapp.sdk import now

    slug, destination_id = large
    with ground.app.app_context(), tenant_scope(ground.tenant(slug), SYSTEM):
        query = next_due(destination_id, now())
        bound = session().connection()
        compiled = query.compile(dialect=bound.dialect, compile_kwargs={"literal_binds": True})
        lines = bound.exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%")).scalars().all()
        session().rollback()
    plan = "\n".join(lines)
    if "Seq Scan on parcel" in plan:
        raise RuntimeError(plan)
    return " and ".join(sorted(set(re.findall(r"using (parcel\w+)", plan))))


def _drain(ground: Ground, large: tuple[str, UUID], small: tuple[str, UUID]) -> Drained:
    started, clock = time.time(), time.perf_counter()
    drain(ground.app)
    seconds = time.perf_counter() - clock
    told = "SELECT count(*), extract(epoch FROM max(sent_at)) FROM lapor.parcel WHERE state = 'sent' AND destination_id = %s"
    with psycopg.connect(admin_url(ground)) as admin:
        many = admin.execute(told, (large[1],)).fetchone()
        few = admin.execute(told, (small[1],)).fetchone()
    assert many is not None
    assert few is not None
    if (many[0], few[0]) != (PARCELS, FEW):
        raise RuntimeError(f"{many[0]} of {PARCELS} and {few[0]} of {FEW} were sent")
    return Drained(seconds, float(few[1]) - started, many[0] + few[0])


def _bare(url: str, many: int = 2000) -> float:
    """Posts a second by one client, one after the other."""
    import httpx2

    text = "Gelap sejak malam, warga meminta perbaikan secepatnya"
    with httpx2.Client(trust_env=False, timeout=10) as client:
        started = time.perf_counter()
        for n in range(many):
            client.post(url, content=_body(f"BSR-2026-{n:06d}", "Lampu jalan mati", text)).json()
        return many / (time.perf_counter() - started)


def serve() -> None:
    """The other side alone: prints its port and answers until it is ended."""
    from http.server import ThreadingHTTPServer

    server: HTTPServer = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    print(server.server_port, flush=True)
    server.serve_forever()


def main() -> None:
    """The rows alone."""
    with laid() as ground:
        for row in rows(ground):
            print(row)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
