"""How LAPOR plugs in. Pages and jobs are imported when asked for, so that each process loads its own part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from types import ModuleType
from uuid import UUID

import click
from marshmallow import Schema

from plugins.lapor import events, hookspecs, tenant_files
from plugins.lapor.contracts import Deadline, Draft, Routing
from plugins.lapor.contracts.door import DOOR, Door
from plugins.lapor.contracts.outside import OUTSIDE, Outside
from plugins.lapor.contracts.talk import TALK, Talk
from plugins.lapor.permissions import PERMISSIONS
from plugins.lapor.settings import LaporSettings
from superapp.sdk import (
    Actor,
    Event,
    Health,
    JobSpec,
    Mount,
    NavItem,
    Offer,
    Permission,
    PersonalData,
    Slot,
    Tenant,
    TenantFile,
    Tile,
    hookimpl,
)


@hookimpl
def superapp_hookspecs() -> ModuleType:
    """What other plugins may implement."""
    return hookspecs


@hookimpl
def superapp_blueprints() -> list[Mount]:
    """Citizens' pages, the desk, the API."""
    from plugins.lapor.api.routes import bp as api
    from plugins.lapor.citizen.routes import bp as citizen
    from plugins.lapor.desk.routes import bp as desk

    return [Mount(citizen), Mount(desk, "desk"), Mount(api, "api")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    """The rights over complaints."""
    return PERMISSIONS


@hookimpl
def superapp_settings_schema() -> type[Schema]:
    """What a tenant admin may set."""
    return LaporSettings


@hookimpl
def superapp_event_types() -> list[type[Event]]:
    """What LAPOR emits."""
    return events.EVENTS


@hookimpl
def superapp_tenant_files() -> list[TenantFile]:
    """categories.csv, routing.csv, limits.csv; questions, hints and reasons."""
    return tenant_files.FILES


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    """What the worker runs."""
    from plugins.lapor.jobs import (
        clocks,
        coach,
        desk,
        incidents,
        outside,
        owners,
        photos,
        routing,
        tidy,
        vault,
    )

    return [
        JobSpec("lapor.photo", photos.develop_photo),
        JobSpec("lapor.fingerprint", photos.fingerprint_photo),
        JobSpec("lapor.document", photos.check_document),
        JobSpec("lapor.redact", photos.redact_photo),
        JobSpec("lapor.unredact", photos.unredact_photo),
        JobSpec("lapor.drop_files", photos.drop_files),
        JobSpec("lapor.autoclose", clocks.close_silent, cron="*/10 * * * *"),
        JobSpec("lapor.late", clocks.mark_late, cron="* * * * *"),
        JobSpec("lapor.ladder", clocks.climb_ladder, cron="*/5 * * * *"),
        JobSpec("lapor.clocks", clocks.keep_up, cron="*/5 * * * *"),
        JobSpec("lapor.recount", clocks.recount_all, attempts=20),
        JobSpec("lapor.wake", clocks.wake_held, cron="5 * * * *"),
        JobSpec("lapor.remind", coach.remind_silent, cron="20 * * * *"),
        JobSpec("lapor.settle", coach.settle_silent, cron="50 * * * *"),
        JobSpec("lapor.deliver", outside.deliver, lane="outbound"),
        JobSpec("lapor.outside_wake", outside.wake, cron="* * * * *"),
        JobSpec("lapor.silent", outside.ask_silent, cron="10 1 * * *"),
        JobSpec("lapor.stuck", owners.find_stuck, cron="30 17 * * *"),
        JobSpec("lapor.move", owners.move, attempts=20),
        JobSpec("lapor.pull", outside.pull, cron="*/5 * * * *"),
        JobSpec("lapor.pull_one", outside.pull_one, lane="outbound"),
        JobSpec("lapor.compare", outside.compare, cron="30 19 * * *"),
        JobSpec("lapor.compare_one", outside.compare_one, lane="outbound"),
        JobSpec("lapor.outside_tidy", outside.tidy, cron="50 18 * * *"),
        JobSpec("lapor.carry", incidents.carry),
        JobSpec("lapor.twins", incidents.find_twins, cron="10 18 * * *"),
        JobSpec("lapor.marks", incidents.mend, cron="25 * * * *"),
        JobSpec("lapor.vault", vault.carry_on, cron="*/10 * * * *"),
        JobSpec("lapor.shred", vault.shred, cron="20 18 * * *"),
        JobSpec("lapor.learn", routing.learn, cron="10 18 * * *", attempts=3),
        JobSpec("lapor.routing_report", routing.weekly, cron="30 22 * * 0"),
        JobSpec("lapor.absent", desk.forget_absent, cron="*/5 * * * *"),
        JobSpec("lapor.desk_tidy", desk.forget_old, cron="50 17 * * *"),
        JobSpec("lapor.tidy", tidy.tidy, cron="40 17 * * *"),
    ]


@hookimpl
def superapp_offers() -> list[Offer]:
    """The door for channels, what connectors with other registers may do, and what a conversation needs."""

    def door() -> Door:
        from plugins.lapor import door

        return door

    def outside() -> Outside:
        from plugins.lapor import outside_port

        return outside_port

    def talk() -> Talk:
        from plugins.lapor import talk_port

        return talk_port

    return [Offer(DOOR, door), Offer(OUTSIDE, outside), Offer(TALK, talk)]


@hookimpl
def superapp_health_checks() -> list[Callable[[], Health]]:
    """Whether each learned model can be used."""
    from plugins.lapor.service.routing.health import health

    return [health]


@hookimpl
def superapp_cli() -> click.Group:
    """superapp lapor ..."""
    from plugins.lapor import cli

    return cli.group


@hookimpl
def superapp_demo_data() -> Callable[[Tenant, int, Callable[[int], None]], None]:
    """Generated reports through the real services."""
    from plugins.lapor import sample

    return sample.load


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """The inbox and what goes with it."""
    from plugins.lapor.desk import nav as desk_nav

    return desk_nav.desk_nav(tenant, actor)


@hookimpl
def superapp_home_tiles(tenant: Tenant) -> Tile | None:
    """The public list of reports."""
    from plugins.lapor import tiles

    return tiles.home_tile(tenant)


@hookimpl
def superapp_page_slot(tenant: Tenant, slot: str) -> Slot | None:
    """The front page's question, usual matters, newest reports and figure."""
    from plugins.lapor import tiles

    return tiles.page_slot(tenant, slot)


@hookimpl
def superapp_citizen_nav(tenant: Tenant) -> list[NavItem] | None:
    """Track and report."""
    from plugins.lapor import tiles

    return tiles.citizen_nav(tenant)


@hookimpl
def superapp_event(tenant: Tenant, event: Event) -> None:
    """Messages to units and reporters."""
    from plugins.lapor import notices
    from plugins.lapor.jobs import incidents

    incidents.follow(tenant, event)
    notices.tell(tenant, event)


@hookimpl
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """The reports under this e-mail address or phone number."""
    from plugins.lapor import personal

    return personal.export(contact)


@hookimpl
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """Blank this contact wherever it stands."""
    from plugins.lapor import personal

    return personal.erase(contact)


@hookimpl(trylast=True)
def lapor_enrich(tenant: Tenant, draft: Draft) -> Draft | None:
    """LAPOR's own guess of the category, after all others."""
    from plugins.lapor.service.routing import enrich

    return enrich.own(draft)


@hookimpl(trylast=True)
def lapor_route(tenant: Tenant, draft: Draft) -> Routing | None:
    """Rules, the learned model, the category's default; after all others, so that nothing is unrouted."""
    from plugins.lapor.service.routing import route

    return route.own(tenant, draft)


@hookimpl
def lapor_sla(
    tenant: Tenant, draft: Draft, started_at: datetime, steps: Sequence[str], agency_id: UUID | None
) -> Sequence[Deadline] | None:
    """The national limits and the tenant's own."""
    from plugins.lapor.service.time import sla

    return sla.by_limits(tenant, draft, started_at, steps, agency_id)
