"""Addresses that do not exist: told by a report on a mail that was ours, remembered for a month."""

from __future__ import annotations

import hmac
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from plugins.surel.intake.mail import Bounce
from plugins.surel.models import Undeliverable
from plugins.surel.names import address_hash
from superapp.sdk import current_tenant, keyed_before, now, session

REST = timedelta(days=30)


def take(bounce: Bounce) -> bool:
    """Remember the address when the report is final and quotes the mark that only a mail of ours to it bore.

    Without the mark a stranger could silence anybody's notices. Belongs inside of work().
    """
    marks = keyed_before("surel.sent", bounce.address)
    if not bounce.permanent or not any(hmac.compare_digest(bounce.mark, each) for each in marks):
        return False
    values = {"reason": "bounce", "until": now() + REST}
    made = insert(Undeliverable).values(
        tenant_id=current_tenant().id, address_hash=address_hash(bounce.address), **values
    )
    session().execute(made.on_conflict_do_update(index_elements=["tenant_id", "address_hash"], set_=values))
    return True


def is_dead(address: str) -> bool:
    """True while nothing should be sent to this address."""
    query = select(Undeliverable.until).where(Undeliverable.address_hash == address_hash(address))
    until = session().scalar(query)
    return until is not None and until > now()


def alive(address: str) -> None:
    """A mail came from there: it exists. Belongs inside of work()."""
    session().execute(delete(Undeliverable).where(Undeliverable.address_hash == address_hash(address)))
