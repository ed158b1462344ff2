"""What an officer decides: a parked message goes again or is given up; the verify token is made anew."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.whatsapp.models import Outgoing
from plugins.whatsapp.service import queueing
from plugins.whatsapp.settings import NAME
from superapp.sdk import NotFound, audit, current_tenant, now, save_settings, settings_of, work


def again(outgoing_id: UUID) -> None:
    """Send a parked message once more. Raises NotFound."""
    with work():
        row = _parked(outgoing_id)
        row.state, row.tries, row.due_at, row.updated_at = "waiting", 0, now(), now()
        queueing.nudge(row.to_hash)
        audit.record("whatsapp.again", "whatsapp", row.id)


def drop(outgoing_id: UUID) -> None:
    """Give a parked message up. Raises NotFound."""
    with work():
        row = _parked(outgoing_id)
        row.state, row.sealed, row.updated_at = "dropped", "", now()
        audit.record("whatsapp.dropped", "whatsapp", row.id)


def new_verify_token() -> None:
    """Make a new verify token and store it with the other settings."""
    tenant = current_tenant()
    with work():
        save_settings(tenant, NAME, {**settings_of(tenant, NAME), "verify_token": secrets.token_urlsafe(24)})
        audit.record("whatsapp.verify_token", "plugin", NAME)


def _parked(outgoing_id: UUID) -> Outgoing:
    query = select(Outgoing).where(Outgoing.id == outgoing_id, Outgoing.state == "failed")
    with work() as unit:
        found = unit.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise NotFound(_("Pesan ini tidak ada, atau sudah diputuskan."))
    return found
