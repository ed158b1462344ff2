"""GeoReport beside its bare limits: `python -m tests.bench.bench_open311` alone, or in `make bench`.

The limit of a path is the SQL that it sends, replayed by pgbench; that of a list from memory is a bare
Flask. The address of a list or request differs each time, else it would come from memory, too.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable
from urllib.parse import urlencode

from superapp.context import SYSTEM, tenant_scope
from superapp.db.binaries import find_binaries
from superapp.identity import keys
from superapp.plugin.registry import registry
from tests.bench import limits, load
from tests.bench.ground import VAR, Ground, laid, served
from tests.bench.row import Row

SLUG, SECONDS = "denpasar", float(os.environ.get("BENCH_SECONDS", "4"))
POST_GOAL, READ_GOAL, KEPT_GOAL = 0.25, 0.10, 0.9
FORM = {
    "service_code": "LIGHT.OUT",
    "description": "Lampu jalan mati tiga tiang berturut-turut sejak Minggu malam, gelap sekali.",
    "address_string": "Jalan Gatot Subroto, depan SPBU",
    "lat": "-8.65",
    "long": "115.21",
    "attribute[lamps]": "3",
}
SAFE = {"X_Forwarded_Proto": "https"}  # as the proxy before it says
PAGE = "/open311/v2/requests.json?page_size=50"


def rows(ground: Ground) -> list[Row]:
    """POST, a list of 50, one request, and the list from memory."""
    host = ground.tenant(SLUG).host
    number = f"{ground.tenant(SLUG).short_code}-2026-000011"
    key = _key(ground)
    with served("tests.bench.ground:hello()", ground.environ) as port:
        hello = load.run(port, lambda n: load.get(host, "/"), SECONDS)
    with served("wsgi:application", ground.environ) as port:
        return [
            _sent(ground, port, key),
            _read(ground, port, "Open311 list of 50", f"{PAGE}&x={{n}}"),
            _read(ground, port, "Open311 one request", f"/open311/v2/requests/{number}.json?x={{n}}"),
            _row(
                "Open311 list of 50 from memory",
                _run(port, lambda n: load.get(host, PAGE, **SAFE)),
                hello.rate,
                KEPT_GOAL,
            ),
        ]


def _key(ground: Ground) -> str:
    """A key that may report; nobody is held to so few a minute here."""
    from superapp.plugin import lifecycle

    tenant = ground.tenant(SLUG)
    with ground.app.app_context(), tenant_scope(tenant, SYSTEM):
        lifecycle.save_settings(tenant, "open311", {"per_minute": 100_000})
        return keys.create(f"bench {os.urandom(4).hex()}", ["open311.write"], 30, registry().permissions)[1]


def _run(port: int, make: Callable[[int], bytes]) -> load.Facts:
    load.run(port, make, 1.0)
    return load.run(port, make, SECONDS)


def _read(ground: Ground, port: int, name: str, path: str) -> Row:
    host = ground.tenant(SLUG).host
    client = ground.app.test_client(use_cookies=False)
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    client.get(path.format(n=-1), headers=headers)
    with limits.captured() as sent:
        answer = client.get(path.format(n=-2), headers=headers)
    if answer.status_code != 200:
        return Row(name, str(answer.status_code), "", None, READ_GOAL, "did not answer 200")
    data = [statement for statement in sent if "core.rate" not in statement]
    limit = limits.rate(find_binaries().folder, ground.urls.app, limits.script(data), VAR)
    facts = _run(port, lambda n: load.get(host, path.format(n=n), X_Forwarded_For=_reader(n), **SAFE))
    return _row(name, facts, limit, READ_GOAL)


def _sent(ground: Ground, port: int, key: str) -> Row:
    tenant, counter = ground.tenant(SLUG), itertools.count()
    form = urlencode({**FORM, "api_key": key}).encode()
    client = ground.app.test_client(use_cookies=False)
    headers = {"Host": tenant.host, "X-Forwarded-Proto": "https"}
    for _ in range(2):
        with limits.captured() as sent:
            answer = client.post("/open311/v2/requests.json", data={**FORM, "api_key": key}, headers=headers)
    if answer.status_code != 200:
        said = answer.get_data(as_text=True)[:80]
        return Row("Open311 POST", str(answer.status_code), "", None, POST_GOAL, said)
    data = [statement for statement in sent if "core.rate" not in statement]
    made = {
        match[1].replace("-", "")
        for text in data
        if "INSERT INTO lapor." in text
        for match in limits.UUID.finditer(text)
    }
    script = limits.script(data, fresh=made - _known(ground))
    limit = limits.rate(find_binaries().folder, ground.urls.app, script, VAR)

    def make(n: int) -> bytes:
        unique = f"{os.getpid()}-{next(counter)}-{time.monotonic_ns()}"
        plain = load.post(
            tenant.host,
            "/open311/v2/requests.json",
            form,
            Idempotency_Key=unique,
            X_Forwarded_For=_reader(n),
            **SAFE,
        )
        return plain.replace(b"application/json", b"application/x-www-form-urlencoded", 1)

    return _row("Open311 POST", _run(port, make), limit, POST_GOAL, f"{len(data) + 1} round trips")


def _known(ground: Ground) -> set[str]:
    """Ids that are referred to, not made: units, the key, questions."""
    import psycopg

    from tests.bench.ground import admin_url

    tables = ("core.agency", "core.api_key", "lapor.question")
    with psycopg.connect(admin_url(ground)) as admin:
        asked = " UNION ALL ".join(f"SELECT id FROM {table}" for table in tables)
        return {row[0].hex for row in admin.execute(asked.encode())}


def _reader(n: int) -> str:
    return f"10.{n % 200}.{n // 200 % 250}.{random.randrange(250)}"


def _row(name: str, facts: load.Facts, limit: float, goal: float, note: str = "") -> Row:
    if facts.good < 0.99:
        note = f"{note} statuses {facts.statuses}".strip()
    told = f"p95 {facts.p95 * 1000:.1f} ms, {facts.size} B {note}".strip()
    return Row(name, f"{facts.rate:.0f}/s", f"{limit:.0f}/s", facts.rate / limit, goal, told)


def main() -> None:
    """Measure alone."""
    with laid() as ground:
        for row in rows(ground):
            print(row)


if __name__ == "__main__":
    main()
