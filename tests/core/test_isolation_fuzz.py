"""A stateful fuzz over tenants, transactions and threads: after 25,000 switches no row has moved."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update

from superapp.context import Tenant, platform_scope, tenant_scope
from superapp.db.engine import session
from superapp.db.work import work
from superapp.tenancy.models import Holiday

SWITCHES = 25_600
THREADS = 4
START = date(2040, 1, 1)


class Walk:
    """One thread's walk: its own days, its own model of what each tenant must see."""

    def __init__(self, app: Flask, tenants: list[Tenant], number: int) -> None:
        self.app, self.tenants = app, tenants
        self.random = random.Random(number)
        self.first = START + timedelta(days=number * 40)
        self.days = [self.first + timedelta(days=i) for i in range(12)]
        self.model: dict[int, dict[date, str]] = {tenant.id: {} for tenant in tenants}

    def run(self, switches: int) -> int:
        with self.app.app_context():
            for _ in range(switches):
                tenant = self.random.choice(self.tenants)
                step = self.random.choice(
                    [self.write, self.change, self.remove, self.read, self.read_raw, self.fail, self.platform]
                )
                step(tenant)
        return switches

    def write(self, tenant: Tenant) -> None:
        day = self.random.choice(self.days)
        mark = f"{tenant.slug}"
        if day in self.model[tenant.id]:
            return self.read(tenant)
        with tenant_scope(tenant), work() as opened:
            if self.random.random() < 0.5:
                opened.add(Holiday(day=day, name="fuzz", document=mark))
            else:
                row = {"tenant_id": tenant.id, "day": day, "name": "fuzz", "document": mark}
                opened.execute(insert(Holiday).values(kind="local", stops_clock=True, **row))
        self.model[tenant.id][day] = mark
        return None

    def change(self, tenant: Tenant) -> None:
        mark = f"{tenant.slug}-{self.random.randrange(100)}"
        with tenant_scope(tenant), work() as opened:
            # No tenant in the condition: the walls alone have to keep it inside.
            opened.execute(update(Holiday).where(Holiday.day.in_(self.days)).values(document=mark))
        self.model[tenant.id] = dict.fromkeys(self.model[tenant.id], mark)

    def remove(self, tenant: Tenant) -> None:
        day = self.random.choice(self.days)
        with tenant_scope(tenant), work() as opened:
            if self.random.random() < 0.5:
                opened.execute(delete(Holiday).where(Holiday.day == day))
            else:
                opened.execute(text("DELETE FROM core.holiday WHERE day = :day"), {"day": day})
        self.model[tenant.id].pop(day, None)

    def read(self, tenant: Tenant) -> None:
        with tenant_scope(tenant):
            rows = session().execute(select(Holiday).where(Holiday.day.in_(self.days))).scalars()
            assert {row.day: row.document for row in rows} == self.model[tenant.id]

    def read_raw(self, tenant: Tenant) -> None:
        query = text("SELECT day, document, tenant_id FROM core.holiday WHERE day = ANY(:days)")
        with tenant_scope(tenant):
            rows = session().execute(query, {"days": self.days}).all()
        assert {row.tenant_id for row in rows} <= {tenant.id}
        assert {row.day: row.document for row in rows} == self.model[tenant.id]

    def fail(self, tenant: Tenant) -> None:
        with pytest.raises(ZeroDivisionError), tenant_scope(tenant), work() as opened:
            opened.execute(update(Holiday).where(Holiday.day.in_(self.days)).values(document="lost"))
            _ = 1 / 0

    def platform(self, tenant: Tenant) -> None:
        with platform_scope("fuzz"):
            assert session().execute(select(func.count()).select_from(Holiday)).scalar_one() == 0


@pytest.mark.slow
def test_no_row_crosses_over_in_25_600_switches(app: Flask, tenant_a: Tenant, tenant_b: Tenant) -> None:
    walks = [Walk(app, [tenant_a, tenant_b], number) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        done = sum(pool.map(lambda walk: walk.run(SWITCHES // THREADS), walks))
    assert done >= 25_000
