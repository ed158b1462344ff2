"""Webhooks, as the host meets them."""

from __future__ import annotations

from flask_babel import gettext as _

from superapp.sdk import Actor, Event, JobSpec, Mount, NavItem, Permission, Tenant, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """The desk page."""
    from plugins.webhook.desk import bp

    return [Mount(bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """Who decides what leaves the house."""
    return [Permission("webhook.manage", "Mengatur webhook", ("admin",))]


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Sending, and forgetting old deliveries."""
    from plugins.webhook import jobs

    return [
        JobSpec("webhook.send", jobs.send_next, lane="outbound"),
        JobSpec("webhook.wake", jobs.wake, cron="*/5 * * * *"),
        JobSpec("webhook.sweep", jobs.sweep, cron="23 2 * * *"),
    ]


@hookimpl
def superapp_event(tenant: Tenant, event: Event) -> None:
    """One delivery for each address that wants to hear of it."""
    from plugins.webhook import service

    service.queue(event)


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """Where it is managed."""
    if not actor.may("webhook.manage"):
        return None
    return [NavItem("webhook", _("Webhook"), "/meja/webhook/", "share", order=710)]
