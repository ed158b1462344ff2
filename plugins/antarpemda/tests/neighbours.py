"""A city and its province out of the two test governments, linked by consent of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import select

from plugins.antarpemda import links
from plugins.lapor import service
from plugins.lapor.contracts.outside import OUTSIDE
from plugins.lapor.models import Complaint, OutsideRef
from plugins.lapor.service import reference
from plugins.lapor.service.outside import numbers, sending
from superapp.context import SYSTEM, Tenant, at_time, tenant_scope
from superapp.jobs import across
from superapp.sdk import now, session, use
from superapp.tenancy import resolve

LETTERS = """
SELECT id, task_name, args FROM jobs.procrastinate_jobs
WHERE id > %s AND task_name LIKE 'superapp:letter%%' ORDER BY id
"""


@dataclass
class Pair:
    """`city` and `province`; `deliver` lets everything that waits arrive, minutes later."""

    app: Flask
    city: Tenant
    province: Tenant
    link: psycopg.Connection
    worker: Callable[[], None]
    passed: int = 0
    newest: int = 0  # the last letter that was read

    @contextmanager
    def at(self, tenant: Tenant) -> Iterator[None]:
        """Inside of this government, as its system, at the pair's own time."""
        with self.app.app_context(), tenant_scope(tenant, SYSTEM), at_time(self.time()):
            reference.forget()
            yield

    def time(self) -> datetime:
        """This pair's moment: each delivery takes it two minutes on."""
        return now() + timedelta(minutes=2 * self.passed)

    def deliver(self) -> None:
        """Letters and their answers, until nothing moves any more."""
        for _turn in range(2):
            self.passed += 1
            for tenant in (self.city, self.province):
                with self.at(tenant):
                    there = links.destination(self.other(tenant).slug)
                    if there is not None:
                        sending.deliver(there.id)
            self.post_round()

    def post_round(self) -> None:
        """Let what lies in the queue of letters be read, in order, as the worker does it."""
        task = {"superapp:letter": across.read, "superapp:letter_back": across.take_back}
        for _turn in range(10):
            rows = self.link.execute(LETTERS, (self.newest,)).fetchall()
            for number, name, args in rows:
                with at_time(self.time()):
                    task[name](self.app, **args)
                self.newest = number
            if not rows:
                return

    def work(self) -> None:
        """All of the city's and the province's jobs, as the worker does them, photos too."""
        self.worker()
        self.newest = self.link.execute("SELECT max(id) FROM jobs.procrastinate_jobs").fetchone()[0]  # type: ignore[index]

    def other(self, tenant: Tenant) -> Tenant:
        """The one across."""
        return self.province if tenant is self.city else self.city

    def consent(self, tenant: Tenant, **changes: object) -> None:
        """Say what this side consents to: by default both ways, all kinds, no names."""
        terms = {"send": True, "receive": True, "categories": [], "identity": False, "agency_code": "BPJN"}
        with self.at(tenant):
            links.consent(self.other(tenant).slug, **{**terms, **changes})  # type: ignore[arg-type]

    def ref(self, tenant: Tenant, complaint_id: UUID) -> OutsideRef | None:
        """Both numbers of a case, as one side keeps them."""
        there = links.destination(self.other(tenant).slug)
        return numbers.ref_of(there.id, complaint_id) if there else None

    def arrived(self) -> Complaint:
        """The newest case in the province."""
        return session().scalars(select(Complaint).order_by(Complaint.received_at.desc())).first()  # type: ignore[return-value]


def made(
    app: Flask, pair: tuple[Tenant, Tenant], link: psycopg.Connection, worker: Callable[[], None]
) -> Pair:
    """The first government as a city, the second as its province, not linked yet."""
    link.execute("UPDATE core.tenant SET region_code = '51' WHERE slug = %s", (pair[1].slug,))
    with app.app_context():
        resolve.forget()
        city, province = (resolve.by_slug(each.slug, fresh=True) for each in pair)
    assert city is not None and province is not None
    return Pair(app, city, province, link, worker)


def case_of(number: str) -> Complaint:
    """A case by its number."""
    return session().scalars(select(Complaint).where(Complaint.number == number)).one()


__all__ = ["OUTSIDE", "Pair", "case_of", "made", "service", "use"]
