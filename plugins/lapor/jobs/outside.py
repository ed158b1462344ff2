"""Outside registers: telling them, and asking them."""

from __future__ import annotations

from datetime import timedelta

from plugins.lapor.hookspecs import lapor_pull, lapor_push
from plugins.lapor.service.owners import outside as owners
from plugins.lapor.service.submit import submit
from superapp.sdk import AppError, ask, current_tenant, log, now

LOOK_BACK = timedelta(days=1)
REMINDERS = 500  # of one day


def push(complaint_id: str, number: str, status: str) -> None:
    """Offer a change to outside registers; repeated when one of them raises."""
    ask(lapor_push, tenant=current_tenant(), complaint_id=complaint_id, number=number, status=status)


def ask_silent() -> None:
    """Remind the desk of outside owners of whom nothing was heard for the tenant's days."""
    for assignment_id in owners.silent(REMINDERS):
        owners.remind(assignment_id)


def pull() -> None:
    """Take in what outside registers have. Their id is the key, so that nothing comes twice."""
    for answer in ask(lapor_pull, tenant=current_tenant(), since=now() - LOOK_BACK):
        for draft in answer.value:
            key = f"pull:{answer.plugin}:{draft.extra.get('external_id', '')}"
            try:
                submit(draft, idempotency_key=key)
            except AppError as error:
                log.get(__name__).warning("pull_refused", plugin=answer.plugin, key=key, code=error.code)
