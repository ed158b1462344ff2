"""Open311, as the host meets it."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema

from superapp.sdk import Mount, Permission, Tenant, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """GeoReport v2 and its discovery."""
    from plugins.open311.api import bp

    return [Mount(bp, "wire")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """What a key needs to report through this door."""
    return [Permission("open311.write", "Mengirim laporan lewat Open311", ())]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant's admin sets."""
    from plugins.open311.settings import Open311Settings

    return Open311Settings


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """Through which door a report came."""
    return {"open311": "Open311"}
