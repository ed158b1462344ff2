"""Which version of the model the tenant uses. Light: pages ask this before they load numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.models import RoutingModel
from superapp.sdk import current_tenant, session

FRESH_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Active:
    """The version in use. `paused`: it may not send on alone, because it was wrong too often."""

    id: UUID
    file: str
    digest: str
    rows: int
    basis: str
    trained_at: datetime
    learnt_until: datetime | None
    paused: bool


_kept: dict[int, tuple[float, Active | None]] = {}


def active() -> Active | None:
    """The open tenant's version in use, at most five seconds old."""
    tenant_id = current_tenant().id
    kept = _kept.get(tenant_id)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + FRESH_SECONDS, _read())
        _kept[tenant_id] = kept
    return kept[1]


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    _kept.clear()


def _read() -> Active | None:
    row = session().scalars(select(RoutingModel).where(RoutingModel.state == "active")).one_or_none()
    if row is None:
        return None
    paused = bool(row.measures.get("paused"))
    told = (row.id, row.file, row.digest, row.rows, row.basis, row.trained_at, row.learnt_until)
    return Active(*told, paused)
