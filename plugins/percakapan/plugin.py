"""Conversations, as the host meets them."""

from __future__ import annotations

from marshmallow import Schema

from plugins.percakapan.contracts import CHAT, Chat
from plugins.percakapan.settings import PercakapanSettings
from superapp.sdk import Event, JobSpec, Offer, PersonalData, Tenant, hookimpl


@hookimpl
def superapp_offers() -> list[Offer]:
    """The port that every messaging channel uses."""

    def chat() -> Chat:
        from plugins.percakapan import service

        return service

    return [Offer(CHAT, chat)]


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant admin may set."""
    return PercakapanSettings


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """Forgetting what was not finished."""
    from plugins.percakapan import jobs

    return [JobSpec("percakapan.sweep", jobs.sweep, cron="*/15 * * * *")]


@hookimpl
def superapp_event(tenant: Tenant, event: Event) -> None:
    """News of a report, to the channel that it came by."""
    from plugins.percakapan import news

    news.tell(event)


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """Conversations and followed reports of a phone number."""
    from plugins.percakapan import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """Forget a phone number's conversations and where its news go."""
    from plugins.percakapan import personal

    return personal.erase(contact)
