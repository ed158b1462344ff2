"""What the worker knows: pass an event on, tell one plugin, run one job, rescue the stalled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from superapp import log
from superapp.context import SYSTEM, Tenant, now, tenant_scope
from superapp.db.work import work
from superapp.identity import rate, sessions
from superapp.jobs import across, events
from superapp.plugin.contracts import Event
from superapp.plugin.gate import is_open
from superapp.plugin.hooks import call_one, listeners
from superapp.plugin.hookspecs import superapp_deliver, superapp_event
from superapp.plugin.registry import registry
from superapp.tenancy import resolve

MAX_PAUSE = timedelta(hours=6)
STALLED_SECONDS = 60


class GrowingPauses(BaseRetryStrategy):
    """5, 10, 20 ... seconds with jitter, at most six hours; then the job is parked as failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Ask procrastinate for another run until the job's attempts are used up."""
        if job.attempts >= attempts_of(job):
            return None
        pause = min(5 * 2**job.attempts, int(MAX_PAUSE.total_seconds()))
        return RetryDecision(retry_in={"seconds": int(pause * random.uniform(0.8, 1.2)) + 1})


def attempts_of(job: Job) -> int:
    """How often a job may run before it is parked."""
    declared = _jobs.get(str(job.task_kwargs.get("job")))
    return declared if declared is not None else 8


_jobs: dict[str, int] = {}


def learn_attempts(app: Flask) -> None:
    """Remember each declared job's attempts for the retry strategy, which sees no app."""
    with app.app_context():
        _jobs.update({name: spec.attempts for name, (_, spec) in registry().jobs.items()})


@contextmanager
def _tenant(context: JobContext, tenant_id: int) -> Iterator[Tenant | None]:
    flask: Flask = context.additional_context["flask"]
    with flask.app_context():
        tenant = resolve.by_id(tenant_id)
        if tenant is None or tenant.status != "live":
            log.get(__name__).warning("job_without_tenant", tenant_id=tenant_id)
            yield None
            return
        with tenant_scope(tenant, SYSTEM):
            yield tenant


def pass_on(context: JobContext, tenant_id: int, type: str, payload: dict[str, Any]) -> None:
    """Turn one event into one job for each plugin that listens, so that each has its own retries."""
    with _tenant(context, tenant_id) as tenant:
        if tenant is None:
            return
        with work():
            for plugin in listeners("superapp_event", tenant):
                arguments = {"plugin": plugin, "hook": "superapp_event", "payload": payload, "type": type}
                events._add("superapp:tell", arguments)


def tell(
    context: JobContext, tenant_id: int, plugin: str, hook: str, payload: dict[str, Any], type: str = ""
) -> None:
    """Tell one plugin, in a unit of work of its own."""
    with _tenant(context, tenant_id) as tenant:
        if tenant is None or not is_open(tenant, plugin):
            return
        with work():
            if hook == "superapp_event":
                event: Event = events.rebuild(type, payload)
                call_one(superapp_event, plugin, tenant=tenant, event=event)
            elif hook == "superapp_deliver":
                message = events.opened(payload)
                call_one(superapp_deliver, plugin, tenant=tenant, message=message)
            else:
                raise ValueError(f"{hook} is no hook that is told.")


def run(context: JobContext, tenant_id: int, job: str, ids: dict[str, Any]) -> None:
    """Run one job of a plugin that the tenant has on."""
    with _tenant(context, tenant_id) as tenant:
        if tenant is None:
            return
        plugin, spec = registry().jobs[job]
        if is_open(tenant, plugin):
            spec.run(**ids)


def letter(context: JobContext, tenant_id: int, job: str, sealed: str) -> None:
    """Let a government read what another one wrote."""
    across.read(context.additional_context["flask"], tenant_id, job, sealed)


def letter_back(context: JobContext, tenant_id: int, job: str, sealed: str) -> None:
    """Tell a government that its letter was refused."""
    across.take_back(context.additional_context["flask"], tenant_id, job, sealed)


def fan_out(context: JobContext, timestamp: int, job: str) -> None:
    """Queue a periodic job for every tenant that has its plugin on; never twice at once."""
    flask: Flask = context.additional_context["flask"]
    with flask.app_context():
        plugin, _ = registry().jobs[job]
        for slug in resolve.slugs():
            tenant = resolve.by_slug(slug)
            if tenant is not None and is_open(tenant, plugin):
                with tenant_scope(tenant, SYSTEM), work():
                    events.defer(job, once=job)


async def rescue(context: JobContext, timestamp: int) -> None:
    """Take up jobs whose worker died: they stay `doing` until somebody does."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.get(__name__).warning("job_rescued", job_id=job.id, task=job.task_name)
        await manager.retry_job(job, retry_at=now())


async def sweep(context: JobContext, timestamp: int) -> None:
    """Forget what succeeded more than three days ago; the parked stay until an operator decides."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72)


def tidy(context: JobContext, timestamp: int) -> None:
    """Forget sign-ins and counters that are over, tenant by tenant."""
    flask: Flask = context.additional_context["flask"]
    with flask.app_context():
        for slug in resolve.slugs():
            tenant = resolve.by_slug(slug)
            if tenant is not None:
                with tenant_scope(tenant, SYSTEM):
                    sessions.sweep()
                    rate.sweep()
                    across.sweep()


Tasks = tuple[tuple[str, Callable[..., Any]], ...]
RETRIED: Tasks = (
    ("event", pass_on),
    ("tell", tell),
    ("run", run),
    ("letter", letter),
    ("letter_back", letter_back),
)
ONCE: Tasks = (
    ("fan_out", fan_out),
    ("rescue", rescue),
    ("sweep", sweep),
    ("tidy", tidy),
)


def queue_app(connector: procrastinate.BaseConnector) -> procrastinate.App:
    """A procrastinate app that knows all tasks as `superapp:<name>`; each call makes its own."""
    app = procrastinate.App(connector=connector)
    for name, function in RETRIED:
        app.task(name=f"superapp:{name}", pass_context=True, retry=GrowingPauses())(function)
    for name, function in ONCE:
        app.task(name=f"superapp:{name}", pass_context=True)(function)
    return app
