"""Learning from decisions, and the weekly look at how good suggestions were."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.service.routing import report
from superapp.sdk import Conflict, log


def learn(asked: str = "") -> None:
    """Train a version: now when `asked` (an id, so that a repeat is harmless), else when it is due."""
    # The trainer loads scikit-learn (2.3 s, 150 MB): only a process that trains does.
    from plugins.lapor.learn import run

    if not asked and not run.due():
        return
    try:
        run.learn(UUID(asked) if asked else None)
    except Conflict as error:
        log.get(__name__).warning("routing_not_learnt", reason=f"{error.title} {error.detail}")


def weekly() -> None:
    """Write the report of the last week that is over; a repeat finds it written."""
    report.write()
