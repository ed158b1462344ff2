"""Links between a province and its cities, as the host and LAPOR meet them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from plugins.antarpemda import tenant_files
from plugins.lapor.contracts.outside import Parcel, Pushed
from superapp.sdk import Actor, JobSpec, Mount, NavItem, Permission, Tenant, TenantFile, defer, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """The desk page."""
    from plugins.antarpemda.desk import bp

    return [Mount(bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who consents for the government."""
    return [Permission("antarpemda.manage", "Mengatur sambungan antarpemda", ("admin",))]


@hookimpl
def superapp_tenant_files() -> list[TenantFile]:
    """links.csv: consent as data."""
    return tenant_files.FILES


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Letters that come in, and links that were changed elsewhere than at the desk."""
    from plugins.antarpemda import jobs

    return [
        JobSpec("antarpemda.terms", jobs.terms, across=True, returned=jobs.terms_returned),
        JobSpec("antarpemda.case", jobs.case, across=True, returned=jobs.case_returned),
        JobSpec("antarpemda.settle", jobs.settle, cron="* * * * *"),
    ]


@hookimpl
def superapp_tenant_enabling(tenant: Tenant) -> None:
    """What the folder consents to is told as soon as the worker comes to it."""
    defer("antarpemda.settle", once="antarpemda.settle")


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where links are proposed, accepted and ended."""
    if not actor.may("antarpemda.manage"):
        return None
    from plugins.antarpemda import links

    waiting = links.offers() or None
    return [NavItem("antarpemda", _("Antarpemda"), "/meja/antarpemda/", "share", count=waiting, order=705)]


@hookimpl
def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """One parcel as a letter."""
    from plugins.antarpemda import sending

    return sending.push(tenant, parcel)


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """A door for each government that ever was linked."""
    from plugins.antarpemda import links

    return links.channels() or None
