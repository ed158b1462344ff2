"""Forgetting: the log of messages lives as many days as the tenant set."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from plugins.whatsapp.models import Heard, Outgoing, Peer, Receipt
from plugins.whatsapp.service import claims
from plugins.whatsapp.settings import setting
from superapp.sdk import now, work

WORDS_KEPT = timedelta(days=7)  # of a parked message; an officer who decides later drops it


def sweep() -> None:
    """Delete what is older than the days set; take the words out of what has been parked for a week."""
    end = now() - timedelta(days=int(setting("keep_days")))
    parked = (Outgoing.state == "failed", Outgoing.updated_at < now() - WORDS_KEPT)
    with work() as unit:
        unit.execute(update(Outgoing).where(*parked).values(state="dropped", sealed=""))
        unit.execute(delete(Heard).where(Heard.created_at < end))
        unit.execute(delete(Outgoing).where(Outgoing.created_at < end))
        unit.execute(delete(Receipt).where(Receipt.at < end))
        unit.execute(delete(Peer).where(Peer.last_at < end))
        claims.let_go()
