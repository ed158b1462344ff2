"""Whoever asks the worker to end sees it end, at whatever moment it is asked."""

import asyncio
import os
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong

import pytest
from procrastinate.manager import JobManager

from superapp.jobs import worker as working


@pytest.fixture
def started(app, monkeypatch):
    """`started()` lets a worker work in a thread; answers how to ask for its end, and its end."""
    asking: Future = Future()

    def listen(asked: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        asking.set_result(lambda: loop.call_soon_threadsafe(asked.set))

    monkeypatch.setattr(working, "_listen", listen)
    monkeypatch.setattr(working, "ASK_SECONDS", 0.02)
    with ThreadPoolExecutor(1) as pool:

        def start():
            ended = pool.submit(working.work_forever, app)
            return asking.result(20), ended

        yield start


def registered(app) -> int:
    from sqlalchemy import text

    from superapp.context import platform_scope
    from superapp.db.engine import session

    with app.app_context(), platform_scope("a test counts workers"):
        return session().scalar(text("SELECT count(*) FROM jobs.procrastinate_workers"))


@pytest.mark.parametrize("losses", [1, 3])
def test_a_call_for_the_end_that_was_lost_is_repeated(app, started, monkeypatch, losses) -> None:
    begun, real, lost = threading.Event(), JobManager.register_worker, []

    async def register(manager: JobManager) -> int:
        # As asyncio.wait_for does when what it waits for comes in the same moment as the cancellation.
        while len(lost) < losses:
            try:
                begun.set()
                await asyncio.sleep(20)
            except asyncio.CancelledError:
                lost.append(True)
        return await real(manager)

    monkeypatch.setattr(JobManager, "register_worker", register)
    ask, ended = started()
    assert begun.wait(10)
    ask()
    ended.result(10)
    assert len(lost) >= losses


def test_one_that_works_finishes_and_signs_off(app, started) -> None:
    ask, ended = started()
    deadline = threading.Event()
    for _ in range(200):
        if registered(app) == len(working.LANES):
            break
        deadline.wait(0.05)
    assert registered(app) == len(working.LANES)
    with pytest.raises(TooLong):
        ended.result(0.1)
    ask()
    ended.result(10)
    assert registered(app) == 0


def test_a_lane_that_breaks_off_ends_the_other_and_is_heard_of(app, started, monkeypatch) -> None:
    real = JobManager.fetch_job

    async def fetch(manager: JobManager, queues, worker_id):
        if queues == ["outbound"]:
            raise RuntimeError("this lane is broken")
        return await real(manager, queues=queues, worker_id=worker_id)

    monkeypatch.setattr(JobManager, "fetch_job", fetch)
    _, ended = started()
    with pytest.raises(RuntimeError, match="this lane is broken"):
        ended.result(20)


def test_a_process_in_which_a_job_hangs_ends_all_the_same(monkeypatch) -> None:
    gone = threading.Event()
    monkeypatch.setattr(working, "LAST_SECONDS", 0.01)
    monkeypatch.setattr(os, "_exit", lambda code: gone.set())
    handlers = {}

    class Loop:
        add_signal_handler = staticmethod(handlers.__setitem__)

    monkeypatch.setattr(working.asyncio, "get_running_loop", Loop)
    asked = asyncio.Event()
    working._listen(asked)
    assert set(handlers) == {signal.SIGINT, signal.SIGTERM} and not asked.is_set()
    handlers[signal.SIGTERM]()
    assert asked.is_set() and gone.wait(5)
