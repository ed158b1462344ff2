"""Units as LAPOR names them."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import AgencyRef
from superapp.sdk import FieldError, Invalid, current_tenant, directory, now


def agency_ref(agency_id: UUID | None) -> AgencyRef | None:
    """The unit's names, None for none or one that is gone."""
    found = directory.agencies().get(agency_id) if agency_id else None
    return AgencyRef(found.id, found.code, found.name, found.short_name) if found else None


def agency_choices(external: bool | None = None) -> tuple[AgencyRef, ...]:
    """Units that exist today, by name; only outside ones or only own ones when asked."""
    day = local_day(now(), ZoneInfo(current_tenant().timezone))
    return tuple(
        AgencyRef(each.id, each.code, each.name, each.short_name)
        for each in directory.agencies().values()
        if each.valid_on(day) and external in (None, each.is_external)
    )


def chosen(code: str, *, field: str = "agency", external: bool | None = None) -> AgencyRef:
    """The unit of this code. Raises Invalid naming `field` when there is none today."""
    found = next((each for each in agency_choices(external) if each.code == code), None)
    if found is None:
        raise Invalid(errors=[FieldError(field, f"Tidak ada unit dengan kode {code!r}.", "unknown")])
    return found


def short(ref: AgencyRef | None) -> str:
    """The name for a narrow place."""
    return "" if ref is None else ref.short_name or ref.name


def agency_named(code: str) -> AgencyRef | None:
    """The unit of this code, of today or not."""
    found = next((each for each in directory.agencies().values() if each.code == code), None)
    return agency_ref(found.id) if found else None
