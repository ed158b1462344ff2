"""A tenant's services: switch plugins on and off, and edit their settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from superapp.context import current_actor, current_tenant
from superapp.db.work import work
from superapp.errors import AppError, Conflict, FieldError, Invalid, NotFound, PluginRefused
from superapp.identity import audit, roles
from superapp.identity.permit import permit
from superapp.plugin import lifecycle
from superapp.plugin.manifest import Manifest
from superapp.plugin.registry import registry
from superapp.web.desk_forms import read, widgets
from superapp.web.desk_nav import settings_tabs
from superapp.web.pages import render

URL = "/meja/pengaturan"
bp = Blueprint("settings", __name__, url_prefix="/pengaturan")


@bp.get("")
@permit(roles.SETTINGS)
def show() -> str:
    """All installed services, with what each is for and whether it is on."""
    return _page()


@bp.post("/layanan/<name>/nyala")
@permit(roles.SETTINGS)
def switch_on(name: str) -> Response:
    """Open a service to the citizens."""
    return _switch(name, on=True)


@bp.post("/layanan/<name>/mati")
@permit(roles.SETTINGS)
def switch_off(name: str) -> Response:
    """Close a service; its data stay."""
    return _switch(name, on=False)


@bp.get("/layanan/<name>")
@permit(roles.SETTINGS)
def edit(name: str) -> str:
    """The form made from the service's settings schema."""
    manifest = _manifest(name)
    return _form(manifest, lifecycle.stored_settings(name))


@bp.post("/layanan/<name>")
@permit(roles.SETTINGS)
def save(name: str) -> Response:
    """Judge and store the settings; the form again, with errors beside the fields, when some are wrong."""
    manifest = _manifest(name)
    tenant, schema = current_tenant(), registry().schemas[name]
    stored = lifecycle.stored_settings(name)
    data = read(schema, request.form, stored)
    try:
        with work():
            lifecycle.save_settings(tenant, name, data)
            audit.record("plugin.settings", "plugin", name)
    except Invalid as error:
        return make_response(_form(manifest, data, error.errors), error.status)
    flash(_("Pengaturan tersimpan."))
    return redirect(URL, 303)


def _switch(name: str, *, on: bool) -> Response:
    tenant = current_tenant()
    try:
        with work():
            (lifecycle.enable if on else lifecycle.disable)(tenant, name)
            audit.record("plugin.on" if on else "plugin.off", "plugin", name)
    except (Conflict, PluginRefused) as error:
        return make_response(_page(error), error.status)
    title = registry().manifests[name].title
    flash(
        _("%(title)s dinyalakan.", title=title)
        if on
        else _("%(title)s dimatikan. Datanya tetap tersimpan.", title=title)
    )
    return redirect(URL, 303)


def _page(error: AppError | None = None) -> str:
    made, on = registry(), lifecycle.enabled_now(current_tenant())
    rows = [
        {
            "name": name,
            "title": manifest.title,
            "description": manifest.description,
            "on": name in on,
            "broken": name in made.quarantined,
            "settings": name in made.schemas and name not in made.quarantined,
            "requires": [
                made.manifests[other].title for other in manifest.requires if other in made.manifests
            ],
            "personal_data": manifest.personal_data,
        }
        for name, manifest in sorted(made.manifests.items(), key=lambda pair: pair[1].title)
    ]
    return render(
        "desk/services.html", tabs=settings_tabs(current_actor(), "services"), rows=rows, error=error
    )


def _manifest(name: str) -> Manifest:
    made = registry()
    if name not in made.names() or name not in made.schemas:
        raise NotFound(_("Layanan ini tidak memiliki pengaturan."))
    return made.manifests[name]


def _form(manifest: Manifest, values: Mapping[str, Any], errors: tuple[FieldError, ...] = ()) -> str:
    made = widgets(registry().schemas[manifest.name], values, errors)
    summary = [
        {"field": widget.name, "message": f"{widget.label}: {widget.error}"}
        for widget in made
        if widget.error
    ]
    return render(
        "desk/service_settings.html",
        tabs=settings_tabs(current_actor(), "services"),
        plugin=manifest,
        widgets=made,
        errors=summary,
    )
