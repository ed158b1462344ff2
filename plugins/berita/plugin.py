"""News and announcements, as the host meets them."""

from __future__ import annotations

from collections.abc import Callable

from superapp.sdk import Actor, Event, JobSpec, Mount, NavItem, Permission, Slot, Tenant, Tile, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    from plugins.berita import citizen, desk

    return [Mount(citizen.bp), Mount(desk.bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    return [
        Permission("berita.write", "Menulis berita", ("coordinator", "liaison", "admin")),
        Permission("berita.publish", "Menerbitkan dan mengarsipkan berita", ("coordinator", "admin")),
    ]


@hookimpl
def superapp_jobs() -> list[JobSpec]:
    from plugins.berita import service

    return [JobSpec(service.ANNOUNCE, service.announce)]


@hookimpl
def superapp_event_types() -> list[type[Event]]:
    from plugins.berita.contracts import Published

    return [Published]


@hookimpl
def superapp_demo_data() -> Callable[[Tenant, int, Callable[[int], None]], None]:
    from plugins.berita import sample

    return sample.load


@hookimpl
def superapp_home_tiles(tenant: Tenant) -> Tile:
    from plugins.berita import present

    return present.tile(tenant)


@hookimpl
def superapp_page_slot(tenant: Tenant, slot: str) -> Slot | None:
    if slot != "home.news":
        return None
    from plugins.berita import present

    return present.home_news(tenant)


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    from flask_babel import gettext as _

    if not (actor.may("berita.write") or actor.may("berita.publish")):
        return None
    return [NavItem("berita", _("Berita"), "/meja/berita/", "news", order=600)]
