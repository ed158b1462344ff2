"""E-mail, as the host meets it."""

from __future__ import annotations

from collections.abc import Callable

from marshmallow import Schema

from superapp.sdk import (
    Actor,
    Health,
    JobSpec,
    Message,
    Mount,
    NavItem,
    Permission,
    PersonalData,
    Tenant,
    hookimpl,
)


@hookimpl
def superapp_blueprints() -> list[Mount]:
    from plugins.surel import desk

    return [Mount(desk.bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    return [Permission("surel.manage", "Melihat dan menguji pengiriman email", ("admin",))]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    from plugins.surel.settings import SurelSettings

    return SurelSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    from plugins.surel import service

    return [JobSpec("surel.sweep", service.sweep, cron="41 2 * * *")]


@hookimpl
def superapp_health_checks() -> list[Callable[[], Health]]:
    from plugins.surel import health

    return [health.mailbox]


@hookimpl
def superapp_deliver(tenant: Tenant, message: Message) -> None:
    from plugins.surel import service

    service.deliver(tenant, message)


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    from plugins.surel import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    from plugins.surel import service

    return service.forget(contact) or None


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    from flask_babel import gettext as _

    if not actor.may("surel.manage"):
        return None
    return [NavItem("surel", _("Email"), "/meja/surel/", "mail", order=700)]
