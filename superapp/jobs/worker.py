"""The worker process: one loop, a few threads, the same app as the web."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector
from procrastinate.worker import Worker

from superapp.context import now
from superapp.jobs.tasks import learn_attempts, queue_app
from superapp.plugin.registry import registry

# Jobs that talk to other servers have threads of their own: one slow server delays nobody's mail.
LANES = {"default": 4, "outbound": 4}
THREADS = sum(LANES.values())
GRACE_SECONDS = 20.0  # for running jobs, after the signal
LAST_SECONDS = 23.0  # then the process ends, whatever hangs; another worker takes the job up again
ASK_SECONDS = 0.5


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
        asked = asyncio.Event()
        if wait:
            _listen(asked)
        before: set[int | None] = set()
        while True:
            await _serve(app, queue, asked, wait=wait)
            # A worker that does not wait leaves when it finds nothing, though a running job may add more.
            left = set() if wait else await _due(queue)
            if not left or left == before:
                return
            before = left


def _listen(asked: asyncio.Event) -> None:
    """SIGINT and SIGTERM ask for the end; a job that hangs in its thread delays it, but not for ever."""

    def ask() -> None:
        if not asked.is_set():
            asked.set()
            last = threading.Timer(LAST_SECONDS, os._exit, (1,))
            last.daemon = True
            last.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ask)


async def _serve(app: Flask, queue: procrastinate.App, asked: asyncio.Event, *, wait: bool) -> None:
    """Work on all lanes until they are empty, or with `wait` until asked to end; running jobs end first.

    One lane that broke off takes the other with it: the operator's supervisor starts both again.
    """
    lanes = {
        asyncio.create_task(each.run()): each  # type: ignore[no-untyped-call]
        for each in _lanes(app, queue, wait=wait)
    }
    ending = asyncio.create_task(asked.wait())
    pending = set(lanes)
    while pending:
        # Asked again and again: a task that is just being handed a connection loses what it was told.
        done, _ = await asyncio.wait(
            pending if asked.is_set() else {*pending, ending},
            timeout=ASK_SECONDS if asked.is_set() else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        pending -= done
        if wait or any(each.cancelled() or each.exception() for each in done):
            asked.set()
        if asked.is_set():
            for lane in pending:
                _ask_to_end(lane, lanes[lane])
    ending.cancel()
    for ended in await asyncio.gather(*lanes, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


def _ask_to_end(lane: asyncio.Task[None], worker: Worker) -> None:
    """A lane that works finishes its jobs; one that has not begun has none and may be broken off."""
    if worker.run_task is None:
        lane.cancel()
    else:
        worker.stop()  # type: ignore[no-untyped-call]


def _lanes(app: Flask, queue: procrastinate.App, *, wait: bool) -> Iterator[Worker]:
    for lane, threads in LANES.items():
        yield Worker(
            queue,
            queues=[lane],
            name=lane,
            concurrency=threads,
            wait=wait,
            install_signal_handlers=False,
            additional_context={"flask": app},
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="never",
            fetch_job_polling_interval=2,
        )


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
