"""make bench: each path beside its limit, measured in the same run on this machine.

The limit of a path that writes or reads is exactly the SQL it sends, replayed by pgbench as the
app's role; that of a page from memory is a bare Flask behind the same gunicorn. The client runs on
the same cores, which counts against us. BENCH_ROWS (default 1,000,000) sizes the largest tenant.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import subprocess
import sys
import time

import orjson

from superapp.context import SYSTEM, tenant_scope
from superapp.db.binaries import find_binaries
from superapp.db.work import work
from tests.bench import (
    bench_clocks,
    bench_dispatch,
    bench_incidents,
    bench_open311,
    bench_outside,
    bench_routing,
    limits,
    load,
    seed,
)
from tests.bench.ground import VAR, Ground, admin_url, laid, served
from tests.bench.row import Row

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))


def main() -> None:
    """Measure, print the table, leave nothing running."""
    started = time.perf_counter()
    with laid() as ground:
        rows = [
            *_static(ground),
            *_reads(ground),
            *_submit(ground),
            *_tenants(ground),
            *_process(ground),
            *bench_incidents.rows(ground),
            *bench_clocks.rows(ground),
            *bench_outside.rows(ground),
            *bench_open311.rows(ground),
        ]
    print(f"\n  {'path':<34}{'ours':>12}{'limit':>12}{'share':>6}{'goal':>5}")
    for row in rows:
        print(row)
    bench_routing.main()
    bench_dispatch.main()
    print(f"\nmeasured in {time.perf_counter() - started:.0f} s")


def _facts(name: str, facts: load.Facts, limit: float, goal: float | None, note: str = "") -> Row:
    if facts.good < 0.99:
        note = f"{note} statuses {facts.statuses}".strip()
    tail = f"p95 {facts.p95 * 1000:.1f} ms, {facts.size} B"
    return Row(
        name, f"{facts.rate:.0f}/s", f"{limit:.0f}/s", facts.rate / limit, goal, f"{tail} {note}".strip()
    )


def _static(ground: Ground) -> list[Row]:
    """Pages from memory beside a bare Flask, and 304s."""
    host = ground.tenant("denpasar").host
    with served("tests.bench.ground:hello()", ground.environ) as port:
        hello = load.run(port, lambda n: load.get(host, "/"), SECONDS)
    rows = [Row("hello (bare Flask)", f"{hello.rate:.0f}/s", "", None, None)]
    with served("wsgi:application", ground.environ) as port:
        for name, path in (("home", "/"), ("public list", "/lapor/daftar"), ("news", "/berita/")):
            load.run(port, lambda n, path=path: load.get(host, path), 1.0)
            facts = load.run(port, lambda n, path=path: load.get(host, path), SECONDS)
            rows.append(_facts(name, facts, hello.rate, 0.9))
        number = _some_number(ground, "denpasar")
        path = f"/lapor/lacak/{number}"
        etag = _etag(port, host, path)
        facts = load.run(port, lambda n: load.get(host, path, If_None_Match=etag), SECONDS)
        rows.append(_facts("track page, unchanged (304)", facts, hello.rate, 0.8))
    return rows


def _reads(ground: Ground) -> list[Row]:
    """Tracking and inbox at three sizes of a tenant."""
    rows = []
    with served("wsgi:application", ground.environ) as port:
        for slug, size in (("banjarmasin", "1 k"), ("besar", "100 k"), ("denpasar", "1 M")):
            cookie = _officer(ground, slug)
            # The query differs each time: the same address again would come from memory.
            track = f"/lapor/lacak/{_some_number(ground, slug)}?x={{n}}"
            rows.append(_read(ground, port, slug, f"track at {size}", track, "", 0.15))
            rows.append(_read(ground, port, slug, f"inbox at {size}", "/meja/lapor/?box=all", cookie, 0.10))
            search = _read(
                ground, port, slug, f"search at {size}", "/meja/lapor/?box=all&q=kata7", cookie, None
            )
            rows.append(search)
    return rows


def _read(ground: Ground, port: int, slug: str, name: str, path: str, cookie: str, goal: float | None) -> Row:
    host = ground.tenant(slug).host
    headers = {"Cookie": cookie} if cookie else {}
    client = ground.app.test_client(use_cookies=False)
    client.get(path.format(n=-1), headers={"Host": host, **headers})
    with limits.captured() as sent:
        answer = client.get(path.format(n=-2), headers={"Host": host, **headers})
    if answer.status_code != 200:
        return Row(name, f"{answer.status_code}", "", None, goal, "did not answer 200")
    data = [statement for statement in sent if "core.rate" not in statement]
    limit = limits.rate(_binaries(), ground.urls.app, limits.script(data), VAR)
    load.run(port, lambda n: load.get(host, path.format(n=f"warm{n}"), **headers), 1.0)
    facts = load.run(port, lambda n: load.get(host, path.format(n=n), **headers), SECONDS)
    queries = sum(not statement.startswith("BEGIN") for statement in data)
    return _facts(name, facts, limit, goal, f"{queries} queries")


def _submit(ground: Ground) -> list[Row]:
    """Reports through the API: routing, clock, idempotency, events and counters included."""
    tenant = ground.tenant("denpasar")
    counter = itertools.count()

    def make(n: int) -> bytes:
        who = f"10.{n % 200}.{n // 200 % 250}.{random.randrange(250)}"
        key = f"bench-{os.getpid()}-{next(counter)}-{time.monotonic_ns()}"
        return load.post(
            tenant.host,
            "/api/v1/lapor/complaints",
            orjson.dumps(REPORT),
            Idempotency_Key=key,
            X_Forwarded_For=who,
        )

    client = ground.app.test_client(use_cookies=False)
    headers = {
        "Host": tenant.host,
        "X-Forwarded-For": "10.1.2.3",
        "Idempotency-Key": "warm-" + os.urandom(8).hex(),
    }
    client.post("/api/v1/lapor/complaints", json=REPORT, headers=headers)
    headers["Idempotency-Key"] = key = "limit-" + os.urandom(8).hex()
    with limits.captured() as sent:
        answer = client.post("/api/v1/lapor/complaints", json=REPORT, headers=headers)
    if answer.status_code != 201:
        return [Row("submit", str(answer.status_code), "", None, 0.25, answer.get_data(as_text=True)[:80])]
    data = [statement for statement in sent if "core.rate" not in statement]
    fresh = {uuid for text in data if "INSERT INTO lapor.complaint" in text for uuid in _uuids(text)}
    script = limits.script(data, fresh=fresh - _agencies(ground)).replace(
        f"'{key}'", "'limit-' || :r0 || :r1"
    )
    limit = limits.rate(_binaries(), ground.urls.app, script, VAR)
    with served("wsgi:application", ground.environ) as port:
        load.run(port, make, 1.0)
        facts = load.run(port, make, SECONDS)
    trips = len(data) + 1
    return [_facts("submit", facts, limit, 0.25, f"{trips} round trips with COMMIT")]


REPORT = {
    "kind": "complaint",
    "title": "Lampu jalan mati tiga tiang",
    "body": "Lampu jalan mati tiga tiang berturut-turut sejak Minggu malam, gelap sekali.",
    "category": "LIGHT.OUT",
    "location": {"lat": -8.65, "lng": 115.21, "address": "Jalan Gatot Subroto, depan SPBU"},
}


def _uuids(text: str) -> set[str]:
    return {match[1].replace("-", "") for match in limits.UUID.finditer(text)}


def _agencies(ground: Ground) -> set[str]:
    import psycopg

    with psycopg.connect(admin_url(ground)) as admin:
        return {row[0].hex for row in admin.execute("SELECT id FROM core.agency")}


def _tenants(ground: Ground) -> list[Row]:
    """A thousand governments beside three, and what resolving one costs."""
    import psycopg

    from superapp.tenancy import resolve

    host = ground.tenant("denpasar").host
    with psycopg.connect(admin_url(ground), autocommit=True) as admin:
        admin.execute(
            "DELETE FROM core.tenant_plugin WHERE tenant_id IN (SELECT id FROM core.tenant WHERE slug LIKE 'bench-%')"
        )
        admin.execute("DELETE FROM core.tenant WHERE slug LIKE 'bench-%'")
        with served("wsgi:application", ground.environ) as port:
            load.run(port, lambda n: load.get(host, "/lapor/lacak"), 1.0)
            few = load.run(port, lambda n: load.get(host, "/lapor/lacak"), SECONDS)
        seed.tenants(admin, 1000)
    hosts = [f"bench-{n}.localhost" for n in range(1, 1001)]
    with served("wsgi:application", ground.environ) as port:
        # Copies live until something changes: each process reads each government once, which takes a while.
        load.run(port, lambda n: load.get(hosts[n % 1000], "/lapor/lacak"), 5 * SECONDS)
        many = load.run(port, lambda n: load.get(hosts[n % 1000], "/lapor/lacak"), SECONDS)
    cold, warm = [], []
    with ground.app.app_context():
        for name in hosts:
            for times in (cold, warm):
                started = time.perf_counter()
                resolve.by_host(name)
                times.append(time.perf_counter() - started)
    cold.sort()
    warm.sort()
    return [
        _facts("1,000 tenants beside 3", many, few.rate, 0.9),
        Row("resolve a tenant, cold p50", f"{cold[500] * 1000:.2f} ms", "2 ms", None, None),
        Row("resolve a tenant, warm p50", f"{warm[500] * 1e6:.2f} us", "1 us", None, None),
    ]


def _process(ground: Ground) -> list[Row]:
    """How long until the first answer, and how much memory a web process takes."""
    script = (
        "import re,time;t=time.perf_counter();import wsgi;"
        "c=wsgi.application.test_client();c.get('/healthz');"
        "status=open('/proc/self/status').read();"  # ru_maxrss would tell the peak of the parent, too
        "print(time.perf_counter()-t,int(re.search(r'VmHWM:\\s+(\\d+)',status)[1])/1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=ground.environ, capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    return [
        Row("first answer of a process", f"{seconds:.2f} s", "3 s", None, None),
        Row("memory of a web process", f"{megabytes:.0f} MB", "130 MB", None, None),
        Row(
            "memory of this process",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
            "",
            None,
            None,
        ),
    ]


def _officer(ground: Ground, slug: str) -> str:
    from superapp.identity import sessions
    from superapp.identity.officers import ensure_officer
    from superapp.identity.permit import cookie_name

    with ground.app.app_context(), tenant_scope(ground.tenant(slug), SYSTEM):
        officer, _ = ensure_officer(
            "koordinator", "Koordinator", "coordinator", password="only on this machine", second_factor=False
        )
        with work():
            token = sessions.start(officer.id, verified=True)
        return f"{cookie_name()}={token}"


def _some_number(ground: Ground, slug: str) -> str:
    return f"{ground.tenant(slug).short_code}-2026-000011"


def _etag(port: int, host: str, path: str) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    etag = connection.getresponse().headers.get("ETag", "")
    connection.close()
    return etag


def _binaries() -> object:
    return find_binaries().folder


if __name__ == "__main__":
    main()
