"""Events and jobs that leave with the transaction: written into the queue just before COMMIT."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import procrastinate
from procrastinate.jobs import Job

from superapp.context import current_tenant, scope
from superapp.db.engine import session
from superapp.db.work import before_commit
from superapp.identity.seal import seal, unseal
from superapp.plugin.contracts import Event, Message
from superapp.plugin.hooks import listeners
from superapp.plugin.registry import registry

PENDING = "jobs"


def emit(event: Event) -> None:
    """Tell the tenant's plugins about `event` after commit; nothing is told when it rolls back.

    Belongs inside of work(). Raises ValueError for a type that no plugin declared at boot.
    """
    if event.type not in registry().events:
        raise ValueError(f"{event.type or type(event).__name__} is in no plugin's superapp_event_types.")
    _add("superapp:event", {"type": event.type, "payload": asdict(event)})


def notify(message: Message) -> None:
    """Hand a message to every plugin of the tenant that delivers, after commit.

    It waits in the queue sealed: done jobs stay there, and an address or a link to somebody's own
    page must not be read in them.
    """
    tenant = current_tenant()
    sealed = {"sealed": seal(orjson.dumps(asdict(message)).decode())}
    for plugin in listeners("superapp_deliver", tenant):
        _add("superapp:tell", {"plugin": plugin, "hook": "superapp_deliver", "payload": sealed})


def opened(payload: dict[str, Any]) -> Message:
    """The message that waited. Raises BrokenSeal when it was sealed with a host key that is not listed."""
    told = orjson.loads(unseal(payload["sealed"]))
    known = {field.name for field in fields(Message)}
    return Message(**{name: value for name, value in told.items() if name in known})


def defer(
    job: str, *, at: datetime | None = None, lock: str | None = None, once: str | None = None, **ids: Any
) -> None:
    """Put a plugin's job into the queue with the transaction; `ids` are texts and numbers only.

    `at` delays it; jobs with the same `lock` run one after the other; `once` keeps a single waiting
    one. Raises ValueError for a job that no plugin declared.
    """
    declared = registry().jobs.get(job)
    if declared is None:
        raise ValueError(f"{job} is in no plugin's superapp_jobs.")
    prefix = f"{current_tenant().id}:"
    _add(
        "superapp:run",
        {"job": job, "ids": ids},
        queue=declared[1].lane or None,
        schedule_at=at,
        lock=prefix + lock if lock else None,
        queueing_lock=prefix + once if once else None,
    )


def rebuild(kind: str, payload: dict[str, Any]) -> Event:
    """The event that was emitted, from its stored form; fields it no longer has are left out."""
    declared = registry().events[kind]
    known = {field.name for field in fields(declared)}
    return declared(**{name: value for name, value in payload.items() if name in known})


def event_types() -> dict[str, type[Event]]:
    """What the open tenant's plugins may emit, by type."""
    enabled = current_tenant().enabled
    return {name: kind for name, kind in registry().events.items() if name.partition(".")[0] in enabled}


def queue_jobs(jobs: list[Job]) -> None:
    """Write jobs through the open transaction's own driver connection."""
    driver = session().connection().connection.dbapi_connection
    _queue().job_manager.batch_defer_jobs(jobs=jobs, connection=driver)


def _add(task: str, arguments: dict[str, Any], **options: Any) -> None:
    add_for(current_tenant().id, task, arguments, **options)


def add_for(tenant_id: int, task: str, arguments: dict[str, Any], **options: Any) -> None:
    """Put one of the host's tasks into the queue of a tenant, with the open scope's transaction."""
    here = scope()
    if here is None:
        raise RuntimeError("A job belongs to a scope.")
    pending = here.resources.setdefault(PENDING, [])
    if not pending:
        before_commit(_flush)
    known = {name: value for name, value in options.items() if value is not None}
    configured = _queue().configure_task(task, allow_unknown=True, **known)
    pending.append(configured.job.evolve(task_kwargs={"tenant_id": tenant_id, **arguments}))


def _flush() -> None:
    here = scope()
    pending = here.resources.pop(PENDING, []) if here else []
    unlocked = [job for job in pending if job.queueing_lock is None]
    if unlocked:
        queue_jobs(unlocked)
    for job in pending:
        if job.queueing_lock is not None:
            _queue_once(job)


def _queue_once(job: Job) -> None:
    with session().begin_nested() as inner:
        try:
            queue_jobs([job])
        except procrastinate.exceptions.AlreadyEnqueued:
            inner.rollback()


@cache
def _queue() -> procrastinate.App:
    # Never opened: it only shapes jobs, each written through the caller's connection.
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
