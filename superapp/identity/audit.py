"""The audit trail: who did what to which thing, in the same transaction as the deed itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select

from superapp.context import current_actor
from superapp.db.engine import session
from superapp.db.work import working
from superapp.identity.models import Audit

PRIVATE = (
    "password",
    "sandi",
    "secret",
    "token",
    "pin",
    "code",
    "hash",
    "phone",
    "email",
    "nik",
    "login",
    "address",
)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail. `at` is in UTC."""

    id: UUID
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    request_id: str
    facts: dict[str, Any]


def record(
    action: str, object_type: str = "", object_id: object = "", **facts: str | int | bool | list[str]
) -> None:
    """Add a line inside of `work()`.

    Raises ValueError for a fact whose name says that it is personal or secret, RuntimeError
    outside of `work()`, where the line could outlive or miss the deed.
    """
    private = [name for name in facts if any(word in name.lower().split("_") for word in PRIVATE)]
    if private:
        raise ValueError(f"The audit trail takes no personal data and no secrets: drop {', '.join(private)}.")
    if not working():
        raise RuntimeError("record() belongs inside of work().")
    actor = current_actor()
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    session().add(
        Audit(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            request_id=str(request_id),
            facts=facts,
        )
    )


def page(before: UUID | None = None, size: int = PAGE) -> tuple[list[Entry], UUID | None]:
    """The newest `size` lines older than `before`, and the key of the next page or None."""
    query = select(Audit).order_by(Audit.id.desc()).limit(size + 1)
    if before is not None:
        query = query.where(Audit.id < before)
    rows = list(session().scalars(query))
    entries = [
        Entry(
            r.id,
            r.at,
            r.actor_name or r.actor_kind,
            r.action,
            r.object_type,
            r.object_id,
            r.request_id,
            r.facts,
        )
        for r in rows[:size]
    ]
    return entries, (entries[-1].id if len(rows) > size else None)
