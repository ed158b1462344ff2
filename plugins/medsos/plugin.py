"""Complaints on social media, as the host meets them."""

from __future__ import annotations

from marshmallow import Schema

from superapp.sdk import Actor, JobSpec, Mount, NavItem, PersonalData, Tenant, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """The desk's pages, and the page behind a claim link."""
    from plugins.medsos import citizen, desk

    return [Mount(desk.bp, "desk"), Mount(citizen.bp, "pages")]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """Who signs, and how long names are kept."""
    from plugins.medsos.settings import MedsosSettings

    return MedsosSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Forgetting names in time."""
    from plugins.medsos import service

    return [JobSpec("medsos.tidy", service.tidy, cron="53 2 * * *")]


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """Posts of a handle, address or number."""
    from plugins.medsos import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """Link and handle leave; the case stays, because others have acted on it."""
    from plugins.medsos import service

    return service.forget(contact) or None


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """For all who may write complaints down."""
    from flask_babel import gettext as _

    if not actor.may("lapor.enter"):
        return None
    return [NavItem("medsos", _("Media sosial"), "/meja/medsos/", "share", order=32)]
