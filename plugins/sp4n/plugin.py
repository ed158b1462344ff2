"""SP4N-LAPOR!, as the host and LAPOR meet it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marshmallow import Schema

from superapp.sdk import Actor, JobSpec, Mount, NavItem, Permission, Tenant, TenantFile, hookimpl

if TYPE_CHECKING:
    import click

    from plugins.lapor.contracts import Status
    from plugins.lapor.contracts.outside import (
        CardLine,
        CaseRef,
        Destination,
        Parcel,
        Pulled,
        Pushed,
        Standing,
    )


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """The desk pages."""
    from plugins.sp4n.desk import bp

    return [Mount(bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who connects the government with the national system."""
    return [Permission("sp4n.manage", "Mengatur sambungan SP4N-LAPOR!", ("admin",))]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant's admin sets."""
    from plugins.sp4n.settings import Sp4nSettings

    return Sp4nSettings


@hookimpl
def superapp_tenant_files() -> list[TenantFile]:
    """National categories that differ from those of categories.csv."""
    from plugins.sp4n.tenant_files import FILES

    return FILES


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Trying the connection."""
    from plugins.sp4n import jobs

    return [JobSpec("sp4n.try", jobs.try_it, attempts=2, lane="outbound")]


@hookimpl
def superapp_cli() -> click.Command:
    """`superapp sp4n sandbox` and `superapp sp4n connect`."""
    from plugins.sp4n.cli import group

    return group


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where it is managed."""
    if not actor.may("sp4n.manage"):
        return None
    return [NavItem("sp4n", "SP4N-LAPOR!", "/meja/sp4n/", "globe", order=705)]


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """Reports that came over this connection, beside those that an officer keyed in."""
    from flask_babel import gettext as _

    return {"sp4n": _("SP4N-LAPOR! (tersambung)")}


@hookimpl
def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """Send one parcel."""
    from plugins.sp4n import connector

    return connector.push(tenant, parcel)


@hookimpl
def lapor_pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
    """Ask what is new."""
    from plugins.sp4n import connector

    return connector.pull(tenant, destination, cursor)


@hookimpl
def lapor_compare(
    tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]
) -> Sequence[Standing] | None:
    """How cases stand there."""
    from plugins.sp4n import connector

    return connector.compare(tenant, destination, refs)


@hookimpl
def lapor_card(tenant: Tenant, parcel: Parcel) -> Sequence[CardLine] | None:
    """For keying in by hand."""
    from plugins.sp4n import connector

    return connector.card(tenant, parcel)


@hookimpl
def lapor_status_map(tenant: Tenant, status: Status) -> str | None:
    """A state in the national words."""
    from plugins.sp4n import connector

    return connector.status_word(tenant, status)
