"""Jobs that used up their attempts: an operator sees them and gives them another run."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import text

from superapp.context import platform_scope
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import NotFound

LISTED = text("""
SELECT id, task_name AS task, args->>'tenant_id' AS tenant,
       coalesce(args->>'job', args->>'hook', args->>'type', '') AS what, attempts
FROM jobs.procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC LIMIT 200
""")
AGAIN = text("""
UPDATE jobs.procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL
WHERE id = :id AND status = 'failed' RETURNING id
""")


def listed(app: Flask) -> list[dict[str, Any]]:
    """The newest 200 parked jobs: id, task, tenant id, what it is, attempts."""
    with app.app_context(), platform_scope("list parked jobs"):
        return [dict(row) for row in session().execute(LISTED).mappings()]


def again(app: Flask, job_id: int) -> None:
    """Queue a parked job again. Raises NotFound when it is not parked."""
    with app.app_context(), platform_scope("retry parked job"), work() as opened:
        if opened.execute(AGAIN, {"id": job_id}).first() is None:
            raise NotFound(f"Job {job_id} is not parked.")
