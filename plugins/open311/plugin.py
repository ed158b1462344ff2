"""Open311, as the host meets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema

from plugins.lapor.contracts.outside import (
    CardLine,
    CaseRef,
    Destination,
    Parcel,
    Pulled,
    Pushed,
    Standing,
)
from superapp.sdk import Actor, JobSpec, Mount, NavItem, Permission, Tenant, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """GeoReport v2 with its discovery, and the desk's page of other servers."""
    from plugins.open311.api import bp
    from plugins.open311.desk import bp as desk

    return [Mount(bp, "wire"), Mount(desk, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """What a key needs to report through this door, and who decides where cases are sent."""
    return [
        Permission("open311.write", "Mengirim laporan lewat Open311", ()),
        Permission("open311.manage", "Mengatur server Open311 lain", ("admin",)),
    ]


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Reading other servers' services, and forgetting."""
    from plugins.open311 import jobs

    return [
        JobSpec("open311.fetch", jobs.fetch, lane="outbound", attempts=2),
        JobSpec("open311.refresh", jobs.refresh, cron="40 18 * * *"),
        JobSpec("open311.tidy", jobs.tidy, cron="15 18 * * *"),
    ]


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where other servers are managed."""
    if not actor.may("open311.manage"):
        return None
    return [NavItem("open311", _("Open311"), "/meja/open311/", "globe", order=720)]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant's admin sets."""
    from plugins.open311.settings import Open311Settings

    return Open311Settings


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """Through which door a report came."""
    return {"open311": "Open311"}


@hookimpl
def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """A request or an update for another server."""
    from plugins.open311.client.push import push

    return push(parcel)


@hookimpl
def lapor_pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
    """Numbers behind tokens, states and updates of another server."""
    from plugins.open311.client.following import pull

    return pull(destination, cursor)


@hookimpl
def lapor_compare(
    tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]
) -> Sequence[Standing] | None:
    """How cases stand at another server."""
    from plugins.open311.client.following import compare

    return compare(destination, refs)


@hookimpl
def lapor_card(tenant: Tenant, parcel: Parcel) -> Sequence[CardLine] | None:
    """A parcel as GeoReport's parameters."""
    from plugins.open311.client.push import card

    return card(parcel)
