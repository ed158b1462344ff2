"""Where tenants' folders and plugins meet: the catalogue that folders are judged by, and the one way in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app

from superapp.config import ConfigError, Settings
from superapp.context import Tenant
from superapp.identity.roles import seed_roles
from superapp.plugin import lifecycle
from superapp.plugin.hookspecs import superapp_tenant_files
from superapp.plugin.registry import Registry, registry
from superapp.tenancy import export, folder, onboard
from superapp.tenancy.drift import Change
from superapp.tenancy.folder import Catalog, Folder
from superapp.tenancy.onboard import Report


class Lifecycle:
    """Plugins' switches as onboarding uses them; see `superapp.tenancy.government.Switches`."""

    def enable(self, tenant: Tenant, name: str) -> None:
        """Switch on."""
        lifecycle.enable(tenant, name)

    def disable(self, tenant: Tenant, name: str) -> None:
        """Switch off."""
        lifecycle.disable(tenant, name)

    def save_settings(self, tenant: Tenant, name: str, data: Mapping[str, Any]) -> object:
        """Judge and store."""
        return lifecycle.save_settings(tenant, name, data)

    def seed(self, tenant: Tenant) -> object:
        """Give the tenant its roles, and these the rights of the installed plugins."""
        return seed_roles(tenant, registry().permissions.values())


def catalog(made: Registry) -> Catalog:
    """What the working plugins add to a folder."""
    return Catalog(
        files={answer.plugin: answer.value for answer in made.collect(superapp_tenant_files)},
        schemas=made.schemas,
        requires={name: tuple(made.manifests[name].requires) for name in made.names()},
    )


def bring_in(path: Path, *, overwrite: bool = False, dry_run: bool = False) -> Report:
    """Read, judge and apply the folder at `path`; needs an app context and no open scope.

    Raises onboard.Refused for a folder with findings and Conflict for a taken name.
    """
    known = catalog(registry())
    return onboard.apply(
        folder.load(path, known),
        known,
        Lifecycle(),
        base_domain=_base_domain(),
        overwrite=overwrite,
        dry_run=dry_run,
    )


def differences(read: Folder) -> list[Change]:
    """Where a folder and the database differ. Raises onboard.Refused for a folder with findings."""
    return onboard.differences(read, catalog(registry()), base_domain=_base_domain())


def write_out(tenant: Tenant, target: Path) -> list[str]:
    """Write a tenant's folder; returns the file names. Raises Conflict when `target` holds something."""
    return export.export(tenant, catalog(registry()), target, base_domain=_base_domain())


def _base_domain() -> str:
    """The domain below which tenants answer. Raises ConfigError without the operator's role."""
    settings: Settings = current_app.extensions["superapp_settings"]
    if not settings.ops_url:
        raise ConfigError("SUPERAPP_OPS_URL is needed for tenants' folders; `superapp db prepare` prints it.")
    return settings.base_domain
