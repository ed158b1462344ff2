"""A plugin that is off answers nowhere: URLs, static files, jobs and commands pass through here."""

from __future__ import annotations

from flask import Flask, request

from superapp.context import Tenant, scope
from superapp.errors import NotFound
from superapp.plugin import hookspecs
from superapp.plugin.contracts import Mount
from superapp.plugin.registry import Registry, registry


def mount(app: Flask, made: Registry) -> list[Mount]:
    """Register each working plugin's blueprints; returns those of the API for their own registrar."""
    api: list[Mount] = []
    for answer in list(made.collect(hookspecs.superapp_blueprints)):
        for mounted in answer.value:
            made.owners[mounted.blueprint.name] = answer.plugin
            if mounted.kind == "wire":
                made.wires.add(mounted.blueprint.name)
            if mounted.kind == "api":
                api.append(mounted)
            else:
                app.register_blueprint(mounted.blueprint)
    return api


def owner(endpoint: str | None) -> str | None:
    """The plugin that an endpoint belongs to; None for the host's own."""
    if not endpoint or "." not in endpoint:
        return None
    owners = registry().owners
    parts = endpoint.split(".")[:-1]
    return next((owners[part] for part in parts if part in owners), None)


def for_programs(endpoint: str | None) -> bool:
    """True for a wire: who asks there says so with a key, never with a cookie."""
    return endpoint is not None and endpoint.partition(".")[0] in registry().wires


def is_open(tenant: Tenant, plugin: str) -> bool:
    """True when the tenant switched the plugin on and it is not quarantined."""
    return plugin in tenant.enabled and plugin not in registry().quarantined


def check_request() -> None:
    """Raise NotFound for an endpoint of a plugin that this tenant has off."""
    plugin = owner(request.endpoint)
    here = scope()
    if plugin is None or here is None or here.tenant is None:
        return
    if not is_open(here.tenant, plugin):
        raise NotFound("Layanan ini tidak dibuka di kota Anda.")
