"""WhatsApp, as the host meets it."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask_babel import gettext as _
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
    """The address that Meta calls, and the desk page."""
    from plugins.whatsapp import desk, webhook

    return [Mount(webhook.bp, "wire"), Mount(desk.bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who looks after the number."""
    return [Permission("whatsapp.manage", "Mengatur WhatsApp", ("admin",))]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant's admin sets."""
    from plugins.whatsapp.settings import WhatsAppSettings

    return WhatsAppSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Hearing and sending, number by number; taking up what was lost; forgetting."""
    from plugins.whatsapp.service import hearing, sending, taking, tidy

    return [
        JobSpec("whatsapp.hear", hearing.hear, lane="outbound"),
        JobSpec("whatsapp.send", sending.send, lane="outbound"),
        JobSpec("whatsapp.wake", taking.wake, cron="*/5 * * * *"),
        JobSpec("whatsapp.sweep", tidy.sweep, cron="37 2 * * *"),
    ]


@hookimpl
def superapp_health_checks() -> list[Callable[[], Health]]:
    """Whether Meta takes the tokens."""
    from plugins.whatsapp import health

    return [health.tokens]


@hookimpl
def superapp_deliver(tenant: Tenant, message: Message) -> None:
    """Queue a notice for a number on WhatsApp."""
    from plugins.whatsapp.service import queueing

    queueing.deliver(message)


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """That messages came and went."""
    from plugins.whatsapp.service import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """Take a number out of the log."""
    from plugins.whatsapp.service import personal

    return personal.forget(contact) or None


@hookimpl
def superapp_cli() -> click.Group:
    """superapp whatsapp ..."""
    from plugins.whatsapp.cli import group

    return group


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where it is looked after."""
    if not actor.may("whatsapp.manage"):
        return None
    return [NavItem("whatsapp", _("WhatsApp"), "/meja/whatsapp/", "whatsapp", order=702)]
