"""Forgetting: the log of messages lives as many days as the tenant set, meters of numbers two months."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from plugins.sms.models import Heard, Meter, Outgoing
from plugins.sms.settings import setting
from superapp.sdk import now, work

WORDS_KEPT = timedelta(days=7)  # of a parked message; after it there is nothing to send again
METERS_KEPT = timedelta(days=62)
SUMS_KEPT = timedelta(days=800)  # of all numbers together: two years of a budget


def sweep() -> None:
    """Delete what is older than the days set; take the words out of what has been parked for a week."""
    end = now() - timedelta(days=int(setting("keep_days")))
    parked = (Outgoing.state == "failed", Outgoing.updated_at < now() - WORDS_KEPT)
    with work() as unit:
        unit.execute(update(Outgoing).where(*parked).values(state="dropped", sealed=""))
        unit.execute(delete(Heard).where(Heard.created_at < end))
        unit.execute(delete(Outgoing).where(Outgoing.created_at < end))
        unit.execute(delete(Meter).where(Meter.who != "", Meter.updated_at < now() - METERS_KEPT))
        unit.execute(delete(Meter).where(Meter.updated_at < now() - SUMS_KEPT))
