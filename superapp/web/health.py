"""/healthz: the process is alive. /readyz: the truth about all it stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Blueprint, Response, current_app
from sqlalchemy import text

from superapp import log
from superapp.context import platform_scope
from superapp.db.engine import session
from superapp.db.migrate import CORE, pending
from superapp.identity.permit import public
from superapp.plugin.hookspecs import superapp_health_checks
from superapp.plugin.registry import migrated, registry

bp = Blueprint("health", __name__)

WORKERS = text(
    "SELECT count(*) FROM jobs.procrastinate_workers WHERE last_heartbeat > now() - interval '30 s'"
)
PARKED = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed'")


@bp.get("/healthz")
@public
def healthz() -> Response:
    """200 as long as the process answers."""
    return Response("ok\n", content_type="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """200 when everything works; 200 with "degraded" when plugins are out; 503 without database."""
    parts: dict[str, Any] = {}
    ready = all([_ask(parts, "database", _database), _ask(parts, "migrations", _migrations)])
    working = _ask(parts, "worker", _worker) if ready else False
    parts["quarantined"] = registry().quarantined
    parts["plugins"] = _plugins()
    unwell = bool(registry().quarantined) or any(note != "ok" for note in parts["plugins"].values())
    state = "ready" if ready and working and not unwell else "degraded" if ready else "down"
    return Response(
        orjson.dumps({"status": state, **parts}), 200 if ready else 503, content_type="application/json"
    )


def _ask(parts: dict[str, Any], name: str, question: Callable[[], str]) -> bool:
    try:
        with platform_scope(f"readyz {name}"):
            parts[name] = question()
    except Exception as error:
        log.get(__name__).warning("not_ready", part=name, error=type(error).__name__)
        parts[name] = "away"
    return bool(parts[name] == "ok" or parts[name].startswith("ok,"))


def _database() -> str:
    session().execute(text("SELECT 1"))
    return "ok"


def _worker() -> str:
    alive, parked = session().execute(WORKERS).scalar_one(), session().execute(PARKED).scalar_one()
    if not alive:
        return "no worker was heard of for 30 s"
    return "ok" if not parked else f"ok, {parked} jobs are parked"


def _migrations() -> str:
    connection = session().connection()
    behind = [part.schema for part in (CORE, *migrated(registry())) if pending(connection, part)]
    return "ok" if not behind else f"pending: {', '.join(behind)}"


def _plugins() -> dict[str, str]:
    notes = dict.fromkeys(registry().names(), "ok")
    checks = current_app.extensions.setdefault(
        "superapp_health", list(registry().collect(superapp_health_checks))
    )
    for answer in checks:
        for check in answer.value:
            try:
                health = check()
                if not health.ok:
                    notes[answer.plugin] = health.note or "unwell"
            except Exception as error:
                notes[answer.plugin] = type(error).__name__
    return notes
