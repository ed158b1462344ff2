"""The tenant's agencies and areas as plugins read them: small, cached for a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from superapp.context import current_tenant
from superapp.db.engine import session
from superapp.tenancy.models import Agency, Area

FRESH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class AgencyInfo:
    """An agency without its database row."""

    id: UUID
    code: str
    name: str
    short_name: str
    kind: str
    phone: str
    email: str
    is_external: bool
    valid_from: date | None
    valid_to: date | None
    parent_id: UUID | None = None

    def valid_on(self, day: date) -> bool:
        """True when the agency exists on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """A kecamatan or village (of a province: a kabupaten or kota) with its point (degrees, WGS 84)."""

    code: str
    name: str
    level: str
    parent_code: str | None
    lat: float | None
    lng: float | None


_kept: dict[tuple[str, int], tuple[float, Any]] = {}


def agencies() -> dict[UUID, AgencyInfo]:
    """All agencies of the open tenant by id, in order of their names."""
    found: dict[UUID, AgencyInfo] = _keep("agencies", _read_agencies)
    return found


def _read_agencies() -> dict[UUID, AgencyInfo]:
    # Built only when it is sent: lists ask for a unit in every row.
    query = select(*(getattr(Agency, name) for name in AgencyInfo.__slots__)).order_by(Agency.name)
    return {row.id: AgencyInfo(*row) for row in session().execute(query)}


def agencies_by_code() -> dict[str, AgencyInfo]:
    """The same by code."""
    return {agency.code: agency for agency in agencies().values()}


def areas() -> dict[str, AreaInfo]:
    """All areas of the open tenant by region code, in order of their codes."""
    found: dict[str, AreaInfo] = _keep("areas", _read_areas)
    return found


def _read_areas() -> dict[str, AreaInfo]:
    query = select(*(getattr(Area, name) for name in AreaInfo.__slots__)).order_by(Area.code)
    return {row.code: AreaInfo(*row) for row in session().execute(query)}


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    _kept.clear()


def _keep(what: str, load: Any) -> Any:
    key = (what, current_tenant().id)
    kept = _kept.get(key)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + FRESH_SECONDS, load())
        _kept[key] = kept
    return kept[1]
