"""E-mail, as the host meets it."""

from __future__ import annotations

from collections.abc import Callable

import click
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
    settings_of,
)


@hookimpl
def superapp_blueprints() -> list[Mount]:
    from plugins.surel import desk
    from plugins.surel.intake import desk as intake
    from plugins.surel.intake import wire

    return [Mount(desk.bp, "desk"), Mount(intake.bp, "desk"), Mount(wire.bp, "wire")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    return [
        Permission("surel.manage", "Melihat dan menguji pengiriman email", ("admin",)),
        Permission("surel.intake", "Memutuskan surat masuk yang menunggu", ("coordinator",)),
    ]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    from plugins.surel.settings import SurelSettings

    return SurelSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    from plugins.surel import service
    from plugins.surel.intake import imap, review

    return [
        JobSpec("surel.sweep", service.sweep, cron="41 2 * * *"),
        JobSpec("surel.tidy", review.sweep, cron="47 2 * * *"),
        JobSpec("surel.look", imap.look, cron="*/2 * * * *"),
        JobSpec("surel.fetch", imap.fetch, lane="outbound"),
    ]


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
    from plugins.surel.intake import review

    return service.forget(contact) + review.forget(contact) or None


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    from flask_babel import gettext as _

    found = []
    if actor.may("surel.intake") and settings_of(tenant, "surel")["intake"] != "off":
        found.append(NavItem("surel.intake", _("Surat masuk"), "/meja/surel/masuk/", "mail", order=33))
    if actor.may("surel.manage"):
        found.append(NavItem("surel", _("Email"), "/meja/surel/", "mail", order=700))
    return found or None


@hookimpl
def superapp_cli() -> click.Group:
    """superapp surel ..."""
    from plugins.surel.intake import command

    return command.group
