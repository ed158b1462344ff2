"""How the plugin meets the host. Views are imported inside of hooks, so that the worker stays small."""

from __future__ import annotations

from superapp.sdk import Actor, Mount, NavItem, Permission, Tenant, Tile, hookimpl


@hookimpl
def superapp_blueprints() -> list[Mount]:
    from plugins.contoh import citizen, desk

    return [Mount(citizen.bp), Mount(desk.bp, "desk")]


@hookimpl
def superapp_permissions() -> list[Permission]:
    return [Permission("contoh.write", "Menulis catatan", ("coordinator", "admin"))]


@hookimpl
def superapp_home_tiles(tenant: Tenant) -> Tile:
    from flask_babel import gettext as _

    return Tile("contoh", "Contoh", _("Catatan untuk warga"), "/contoh/", "book", order=200)


@hookimpl
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    if not actor.may("contoh.write"):
        return None
    return [NavItem("contoh", "Contoh", "/meja/contoh/", "book", order=800)]
