"""Switching plugins on and off for a tenant, and their settings: one path for desk, CLI and onboarding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from superapp import log
from superapp.context import Tenant, current_tenant
from superapp.db.engine import session
from superapp.db.work import after_commit, work
from superapp.errors import Conflict, FieldError, Invalid, NotFound
from superapp.identity.roles import seed_roles
from superapp.identity.seal import BrokenSeal, seal, unseal
from superapp.plugin.hooks import call_one
from superapp.plugin.hookspecs import superapp_tenant_disabling, superapp_tenant_enabling
from superapp.plugin.registry import registry
from superapp.tenancy import resolve
from superapp.tenancy.models import TenantPlugin


def enable(tenant: Tenant, name: str) -> None:
    """Switch a plugin on for the tenant of the open scope.

    Raises NotFound for an unknown or quarantined plugin, Conflict when one that it requires is off,
    PluginRefused when the plugin itself says no. Nothing is changed then.
    """
    made, manifest = registry(), _known(name)
    on = enabled_now(tenant)
    if missing := [needed for needed in manifest.requires if needed not in on]:
        raise Conflict(f"{name} memerlukan {', '.join(missing)}.", "Nyalakan itu lebih dahulu.")
    with work():
        # A plugin may be newer than the tenant's roles; what an admin took away stays away.
        seed_roles(tenant, made.permissions.values())
        call_one(superapp_tenant_enabling, name, tenant=tenant)
        _switch(tenant, name, True)


def disable(tenant: Tenant, name: str) -> None:
    """Switch a plugin off; its data stay. Raises Conflict while another plugin needs it."""
    made = registry()
    on = enabled_now(tenant)
    users = [other for other in made.names() if other in on and name in made.manifests[other].requires]
    if users:
        raise Conflict(f"{', '.join(users)} memerlukan {name}.", "Matikan itu lebih dahulu.")
    with work():
        if name in made.names():
            call_one(superapp_tenant_disabling, name, tenant=tenant)
        _switch(tenant, name, False)


def enabled_now(tenant: Tenant) -> set[str]:
    """The switches as the open transaction sees them, not as the cache remembers."""
    query = select(TenantPlugin.name).where(TenantPlugin.enabled)
    return set(session().scalars(query))


def settings_of(tenant: Tenant, name: str) -> Mapping[str, Any]:
    """A plugin's settings for the tenant, defaults filled in."""
    schema = registry().schemas.get(name)
    if schema is None:
        return {}
    loaded: Mapping[str, Any] = schema().load(_opened(schema, tenant.settings.get(name, {})))
    return loaded


def stored_settings(name: str) -> Mapping[str, Any]:
    """What the open transaction sees stored for a plugin, without defaults; secrets are readable."""
    row = session().scalar(select(TenantPlugin.settings).where(TenantPlugin.name == name))
    schema = registry().schemas.get(name)
    return _opened(schema, row or {}) if schema else {}


def save_settings(tenant: Tenant, name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge and store a plugin's settings, `secret` ones sealed. Raises Invalid naming each wrong field."""
    _known(name)
    schema = registry().schemas.get(name)
    if schema is None:
        raise NotFound("Layanan ini tidak memiliki pengaturan.")
    try:
        loaded = schema().load(dict(data))
    except ValidationError as error:
        raise Invalid(errors=[FieldError(f, "; ".join(map(str, m))) for f, m in _flat(error)]) from error
    stored = _sealed(schema, schema().dump(loaded))
    statement = insert(TenantPlugin).values(tenant_id=tenant.id, name=name, settings=stored)
    with work() as opened:
        opened.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "name"], set_={"settings": statement.excluded.settings}
            )
        )
        resolve.touch(opened)
        after_commit(resolve.forget)
    return dict(stored)


def _secrets(schema: type[Schema]) -> set[str]:
    return {name for name, field in schema().fields.items() if field.metadata.get("secret")}


def _sealed(schema: type[Schema], settings: Mapping[str, Any]) -> dict[str, Any]:
    secret = _secrets(schema)
    return {key: seal(value) if key in secret and value else value for key, value in settings.items()}


def _opened(schema: type[Schema], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Known keys only, secrets unsealed; one sealed with an older host key counts as not set."""
    opened, secret, known = {}, _secrets(schema), schema().fields
    for key, value in settings.items():
        if key not in known:
            continue
        try:
            opened[key] = unseal(value) if key in secret and value else value
        except BrokenSeal:
            log.get(__name__).error("secret_setting_unreadable", setting=key)
    return opened


def _flat(error: ValidationError) -> list[tuple[str, list[Any]]]:
    messages = error.normalized_messages()  # type: ignore[no-untyped-call]
    return [(str(f), m if isinstance(m, list) else [m]) for f, m in messages.items()]


def _known(name: str) -> Any:
    made = registry()
    if name not in made.names():
        reason = made.quarantined.get(name)
        raise NotFound(f"Layanan {name} tidak terpasang." if not reason else f"Layanan {name} terganggu.")
    return made.manifests[name]


def _switch(tenant: Tenant, name: str, enabled: bool) -> None:
    if current_tenant().id != tenant.id:
        raise RuntimeError("A tenant is switched in its own scope.")
    statement = insert(TenantPlugin).values(tenant_id=tenant.id, name=name, enabled=enabled, settings={})
    with work() as opened:
        opened.execute(
            statement.on_conflict_do_update(index_elements=["tenant_id", "name"], set_={"enabled": enabled})
        )
        resolve.touch(opened)
        after_commit(resolve.forget)
