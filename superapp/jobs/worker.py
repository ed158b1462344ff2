"""The worker process: one loop, a few threads, the same app as the web."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector

from superapp.context import now
from superapp.jobs.tasks import learn_attempts, queue_app
from superapp.plugin.registry import registry

# Jobs that talk to other servers have threads of their own: one slow server delays nobody's mail.
LANES = {"default": 4, "outbound": 4}
THREADS = sum(LANES.values())


def work_forever(app: Flask) -> None:
    """Work until SIGINT or SIGTERM; running jobs are finished first."""
    asyncio.run(_work(app, wait=True))


def drain(app: Flask) -> None:
    """Do everything that is due, then return: for tests, samples and maintenance."""
    asyncio.run(_work(app, wait=False))


async def _work(app: Flask, *, wait: bool) -> None:
    settings = app.extensions["superapp_settings"]
    connector = PsycopgConnector(conninfo=settings.app_url, min_size=1, max_size=THREADS + 2)
    queue = queue_app(connector)
    learn_attempts(app)
    if wait:
        _schedule(app, queue)
    async with queue.open_async():
        before: set[int | None] = set()
        while True:
            await _serve(app, queue, wait=wait)
            # A worker that does not wait leaves when it finds nothing, though a running job may add more.
            left = set() if wait else await _due(queue)
            if not left or left == before:
                return
            before = left


async def _serve(app: Flask, queue: procrastinate.App, *, wait: bool) -> None:
    """Work on all lanes until they are empty, or with `wait` until a signal; running jobs end first."""
    lanes = [
        asyncio.create_task(
            queue.run_worker_async(
                queues=[lane],
                name=lane,
                concurrency=threads,
                wait=wait,
                install_signal_handlers=False,
                additional_context={"flask": app},
                shutdown_graceful_timeout=20,
                delete_jobs="never",
                fetch_job_polling_interval=2,
            )
        )
        for lane, threads in LANES.items()
    ]

    def stop() -> None:
        for each in lanes:
            each.cancel()

    if wait:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.wait(lanes, return_when=asyncio.FIRST_EXCEPTION)
    stop()  # one lane that broke off takes the other with it: the operator's supervisor starts both again
    for ended in await asyncio.gather(*lanes, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _due(queue: procrastinate.App) -> set[int | None]:
    """Ids of the jobs whose time has come."""
    waiting = await queue.job_manager.list_jobs_async(status="todo")
    return {job.id for job in waiting if job.scheduled_at is None or job.scheduled_at <= now()}


def _schedule(app: Flask, queue: procrastinate.App) -> None:
    known: dict[str, Any] = queue.tasks
    queue.periodic(cron="* * * * *", periodic_id="rescue")(known["superapp:rescue"])
    queue.periodic(cron="17 3 * * *", periodic_id="sweep")(known["superapp:sweep"])
    queue.periodic(cron="41 * * * *", periodic_id="tidy")(known["superapp:tidy"])
    with app.app_context():
        for name, (_, spec) in registry().jobs.items():
            if spec.cron:
                queue.periodic(cron=spec.cron, periodic_id=name, task_kwargs={"job": name})(
                    known["superapp:fan_out"]
                )
