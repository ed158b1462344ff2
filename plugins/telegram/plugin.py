"""The Telegram door, as the host meets it."""

from __future__ import annotations

from collections.abc import Mapping

import click
from flask_babel import gettext as _
from marshmallow import Schema

from plugins.telegram.settings import TelegramSettings
from superapp.sdk import Actor, JobSpec, Message, Mount, NavItem, Permission, Tenant, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """The webhook and the desk page."""
    from plugins.telegram.desk import bp as desk
    from plugins.telegram.wire import bp as wire

    return [Mount(wire, "wire"), Mount(desk, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who connects the bot."""
    return [Permission("telegram.manage", "Mengatur bot Telegram", ("admin",))]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant admin may set."""
    return TelegramSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Answering and sending per chat; connecting; forgetting."""
    from plugins.telegram import jobs

    return [
        JobSpec("telegram.talk", jobs.talk, lane="outbound"),
        JobSpec("telegram.later", jobs.later),
        JobSpec("telegram.register", jobs.register, lane="outbound", attempts=3),
        JobSpec("telegram.check", jobs.check, cron="13 * * * *", lane="outbound", attempts=1),
        JobSpec("telegram.wake", jobs.wake, cron="*/5 * * * *"),
        JobSpec("telegram.sweep", jobs.sweep, cron="37 2 * * *"),
    ]


@hookimpl
def superapp_deliver(tenant: Tenant, message: Message) -> None:
    """News for a chat."""
    from plugins.telegram import outbox

    outbox.deliver(message)


@hookimpl
def superapp_cli() -> click.Group:
    """superapp telegram ..."""
    from plugins.telegram import cli

    return cli.group


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where it is managed."""
    if not actor.may("telegram.manage"):
        return None
    return [NavItem("telegram", _("Telegram"), "/meja/telegram/", "chat", order=720)]


@hookimpl
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """Reports come by this door."""
    return {"telegram": "Telegram"}
