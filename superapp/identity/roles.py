"""Roles as data: seven to begin with, which a tenant may change, and the host's own permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy import select

from superapp.context import Tenant, current_tenant
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import NotFound
from superapp.identity.models import Role


class Declared(Protocol):
    """A permission as a plugin declares it: code, title for people, roles that hold it at first."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class HostPermission:
    """A right over the host's own desk pages."""

    code: str
    title: str
    roles: tuple[str, ...] = ("admin",)


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with its permission codes in order."""

    code: str
    title: str
    permissions: tuple[str, ...]


ROLES = {
    "coordinator": "Koordinator",
    "liaison": "Pejabat penghubung",
    "operator": "Operator kelurahan",
    "leader": "Pimpinan",
    "inspector": "Inspektorat",
    "auditor": "Pemeriksa",
    "admin": "Admin",
}
SETTINGS, OFFICERS, KEYS, AUDIT = "host.settings", "host.officers", "host.keys", "host.audit"
HOST = (
    HostPermission(SETTINGS, "Mengatur layanan"),
    HostPermission(OFFICERS, "Mengelola petugas dan peran"),
    HostPermission(KEYS, "Mengelola kunci API"),
    HostPermission(AUDIT, "Membaca jejak audit"),
)


def known_roles() -> dict[str, str]:
    """The roles that every tenant begins with: code and Indonesian title."""
    return dict(ROLES)


def seed_roles(tenant: Tenant, permissions: Iterable[Declared]) -> list[str]:
    """Give the tenant of the open scope its first roles and each permission to the roles it names.

    Safe to repeat: a permission is offered to a role once, so one that an admin took away stays away.
    Returns what was added as "role: permission".
    """
    if current_tenant().id != tenant.id:
        raise RuntimeError("Roles are seeded in the tenant's own scope.")
    added = []
    with work() as unit:
        known = {role.code: role for role in unit.scalars(select(Role))}
        for code, title in ROLES.items():
            if code not in known:
                known[code] = Role(code=code, title=title, permissions=[], seeded=[])
                unit.add(known[code])
        for permission in (*HOST, *permissions):
            for code in permission.roles:
                if code not in known:
                    structlog.get_logger(__name__).warning(
                        "unknown_role", role=code, permission=permission.code
                    )
                elif _offer(known[code], permission.code):
                    added.append(f"{code}: {permission.code}")
    return added


def _offer(role: Role, permission: str) -> bool:
    if permission in role.seeded:
        return False
    role.seeded = [*role.seeded, permission]
    if permission not in role.permissions:
        role.permissions = [*role.permissions, permission]
    return True


def listing() -> list[RoleView]:
    """The tenant's roles in the order of their titles."""
    query = select(Role).order_by(Role.title, Role.code)
    return [RoleView(r.code, r.title, tuple(sorted(r.permissions))) for r in session().scalars(query)]


def titles(permissions: Iterable[Declared]) -> dict[str, str]:
    """Code -> title of the host's permissions and of `permissions`, in that order."""
    return {permission.code: permission.title for permission in (*HOST, *permissions)}


def known(code: str) -> Role:
    """The role's row. Raises NotFound."""
    role = session().scalar(select(Role).where(Role.code == code))
    if role is None:
        raise NotFound(f"Peran {code} tidak ada di kota ini.")
    return role
