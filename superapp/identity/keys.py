"""API keys: for one tenant, with chosen permissions, shown once, ended at once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from superapp.context import Actor, current_actor, current_tenant, now
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import FieldError, Invalid, NotFound
from superapp.identity.audit import record
from superapp.identity.models import ApiKey
from superapp.identity.passwords import LETTERS
from superapp.identity.seal import digest
from superapp.tenancy.models import Agency

TOUCH = timedelta(minutes=1)
LIVES_DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as the list shows it: never its secret. Times are in UTC."""

    id: UUID
    prefix: str
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        """ "revoked", "expired" or "live"."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= now() else "live"


def create(
    name: str, permissions: Sequence[str], days: int, known: Collection[str], agency_code: str = ""
) -> tuple[KeyView, str]:
    """Make a key; returns it and its full text, which is kept nowhere.

    `known` are the permissions there are. Raises Invalid naming each wrong field.
    """
    errors = []
    if not 1 <= len(name.strip()) <= 120 or not name.isprintable():
        errors.append(FieldError("name", _("Isi untuk apa kunci ini, paling banyak 120 huruf."), "name"))
    if not permissions:
        errors.append(FieldError("permissions", _("Pilih paling sedikit satu izin."), "missing"))
    if unknown := sorted(set(permissions) - set(known)):
        errors.append(
            FieldError("permissions", _("Izin %(code)s tidak dikenal.", code=", ".join(unknown)), "unknown")
        )
    if days not in LIVES_DAYS:
        errors.append(FieldError("days", _("Pilih masa berlaku dari daftar."), "choice"))
    agency_id = session().scalar(select(Agency.id).where(Agency.code == agency_code)) if agency_code else None
    if agency_code and agency_id is None:
        errors.append(FieldError("agency_code", _("Unit %(code)s tidak ada.", code=agency_code), "unknown"))
    if errors:
        raise Invalid(errors=errors)
    prefix = "".join(secrets.choice(LETTERS) for _each in range(8))
    full = f"{current_tenant().short_code.lower()}_{prefix}_{secrets.token_urlsafe(32)}"
    with work() as unit:
        actor = current_actor()
        row = ApiKey(
            prefix=prefix,
            key_hash=digest(full),
            name=name.strip(),
            permissions=sorted(set(permissions)),
            agency_id=agency_id,
            created_by=actor.id if actor.kind == "officer" else None,
            expires_at=now() + timedelta(days=days),
        )
        unit.add(row)
        unit.flush()
        record("api_key.created", "api_key", row.id, permissions=row.permissions)
    return _view(row), full


def revoke(key_id: UUID) -> None:
    """End a key now. Raises NotFound."""
    with work() as unit:
        row = unit.scalar(select(ApiKey).where(ApiKey.id == key_id))
        if row is None:
            raise NotFound(_("Kunci ini tidak ada."))
        if row.revoked_at is None:
            row.revoked_at = now()
            record("api_key.revoked", "api_key", key_id)


def listing() -> list[KeyView]:
    """All keys, the newest first."""
    return [_view(row) for row in session().scalars(select(ApiKey).order_by(ApiKey.id.desc()))]


def actor_of(full: str) -> Actor | None:
    """Who holds this key in this tenant; None when unknown, ended or expired."""
    parts = full.split("_", 2)
    if len(parts) != 3 or not parts[1].isalnum():
        return None
    moment = now()
    row = session().scalar(select(ApiKey).where(ApiKey.prefix == parts[1]))
    if row is None or not hmac.compare_digest(row.key_hash, digest(full)) or _view(row).state != "live":
        return None
    if row.used_at is None or moment - row.used_at > TOUCH:
        with work() as unit:
            unit.execute(update(ApiKey).where(ApiKey.id == row.id).values(used_at=moment))
    return Actor(
        kind="api", id=row.id, name=row.name, permissions=frozenset(row.permissions), agency_id=row.agency_id
    )


def _view(row: ApiKey) -> KeyView:
    return KeyView(
        row.id,
        row.prefix,
        row.name,
        tuple(row.permissions),
        row.created_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )
