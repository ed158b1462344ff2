"""Asking a register what is new there."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from plugins.lapor.contracts.outside import Busy
from plugins.lapor.hookspecs import lapor_pull
from plugins.lapor.service.outside import destinations
from plugins.lapor.service.outside.taking import take
from superapp.sdk import NotFound, current_tenant, first, log, now, work

PAGES: Final = 20  # of one turn


def pull(destination_id: UUID) -> None:
    """Take in what is new, page by page. The cursor moves after what it covers was taken: a worker that
    dies in between asks again, and what came twice counts once."""
    for _page in range(PAGES):
        if not _page_of(destination_id):
            return


def _page_of(destination_id: UUID) -> bool:
    """One page; True when more waits there."""
    try:
        with work():
            row = destinations.one(destination_id)
            target, cursor = destinations.view(row), dict(row.cursor)
    except NotFound:
        return False
    if target.mode == "paused":
        return False
    try:
        answer = first(lapor_pull, tenant=current_tenant(), destination=target, cursor=cursor)
    except Busy as error:
        _failed(destination_id, str(error))
        return False
    except Exception as error:  # a connector's own mistake must not stop the others
        log.get(__name__).exception("connector_failed", plugin=target.plugin, step="pull")
        _failed(destination_id, type(error).__name__)
        return False
    if answer is None:
        return False
    for arrival in answer.value.arrivals:
        take(destination_id, arrival)
    with work():
        row = destinations.one(destination_id, lock=True)
        row.cursor, row.pulled_at = dict(answer.value.cursor), now()
    return answer.value.more


def _failed(destination_id: UUID, cause: str) -> None:
    with work():
        destinations.one(destination_id, lock=True).last_error = cause[:500]
