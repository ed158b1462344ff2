"""SMS, as the host meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    """The address that the gateway calls, and the desk page."""
    from plugins.sms import desk, webhook

    return [Mount(webhook.bp, "wire"), Mount(desk.bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who looks after the purse."""
    return [Permission("sms.manage", "Mengatur SMS", ("admin",))]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant's admin sets."""
    from plugins.sms.settings import SmsSettings

    return SmsSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Hearing and sending, number by number; taking up what was lost; forgetting."""
    from plugins.sms.service import hearing, sending, taking, tidy

    return [
        JobSpec("sms.hear", hearing.hear, lane="outbound"),
        JobSpec("sms.send", sending.send, lane="outbound"),
        JobSpec("sms.wake", taking.wake, cron="*/5 * * * *"),
        JobSpec("sms.sweep", tidy.sweep, cron="47 2 * * *"),
    ]


@hookimpl
def superapp_health_checks() -> list[Callable[[], Health]]:
    """Whether the gateways take our keys."""
    from plugins.sms import health

    return [health.gateways]


@hookimpl
def superapp_deliver(tenant: Tenant, message: Message) -> None:
    """Queue a notice as an SMS."""
    from plugins.sms.service import queueing

    queueing.deliver(message)


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """That messages came and went."""
    from plugins.sms.service import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """Take a number out of the log."""
    from plugins.sms.service import personal

    return personal.forget(contact) or None


@hookimpl
def superapp_cli() -> click.Group:
    """superapp sms ..."""
    from plugins.sms.cli import group

    return group


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where it is looked after."""
    if not actor.may("sms.manage"):
        return None
    return [NavItem("sms", _("SMS"), "/meja/sms/", "chat", order=704)]


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """Through which door a report came."""
    return {"sms": "SMS"}
