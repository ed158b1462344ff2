"""What an officer decides: a parked message goes again or is given up, a test goes out, a token is made."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.sms import numbers
from plugins.sms.models import Outgoing
from plugins.sms.service import queueing
from plugins.sms.settings import NAME
from superapp.sdk import (
    FieldError,
    Invalid,
    Message,
    NotFound,
    audit,
    current_tenant,
    new_id,
    now,
    save_settings,
    settings_of,
    work,
)

TEST = "sms.test"


def test(to: str) -> None:
    """Queue a test message; it costs and counts like every other. Raises Invalid for what is no number."""
    if not numbers.digits(to):
        raise Invalid(errors=[FieldError("to", _("Tulis nomor telepon, misalnya 0811 0000 0001."), "number")])
    text = _("SMS uji dari %(name)s. Tidak perlu dibalas.", name=current_tenant().name)
    with work():
        queueing.deliver(Message(numbers.CHANNEL, to, "", text, key=f"test:{new_id()}", kind=TEST))
        audit.record(TEST, "plugin", NAME)


def again(outgoing_id: UUID) -> None:
    """Send a parked message once more. Raises NotFound."""
    with work():
        row = _parked(outgoing_id)
        row.state, row.tries, row.due_at, row.updated_at = "waiting", 0, now(), now()
        queueing.nudge(row.to_hash)
        audit.record("sms.again", "sms", row.id)


def drop(outgoing_id: UUID) -> None:
    """Give a parked message up. Raises NotFound."""
    with work():
        row = _parked(outgoing_id)
        row.state, row.sealed, row.updated_at = "dropped", "", now()
        audit.record("sms.dropped", "sms", row.id)


def new_token() -> None:
    """Make a new token for messages that come in, and store it with the other settings."""
    tenant = current_tenant()
    with work():
        save_settings(tenant, NAME, {**settings_of(tenant, NAME), "in_secret": secrets.token_urlsafe(24)})
        audit.record("sms.token", "plugin", NAME)


def _parked(outgoing_id: UUID) -> Outgoing:
    query = select(Outgoing).where(Outgoing.id == outgoing_id, Outgoing.state == "failed")
    with work() as unit:
        found = unit.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise NotFound(_("Pesan ini tidak ada, atau sudah diputuskan."))
    return found
