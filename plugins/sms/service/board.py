"""What the desk sees: counts and costs, and which messages are parked; never what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, func, select

from plugins.sms.models import Heard, Outgoing, Peer
from superapp.sdk import now, session

SHOWN = timedelta(days=7)
MOST = 50


def counts_in() -> dict[str, int]:
    """Messages of citizens of the last seven days, by state."""
    told = case((Heard.state == "failed", "unheard"), else_=Heard.state).label("told")
    query = select(told, func.count()).where(Heard.created_at > now() - SHOWN).group_by("told")
    return dict(session().execute(query).all())


def counts_out() -> dict[str, int]:
    """Our messages of the last seven days, by state."""
    query = select(Outgoing.state, func.count()).where(Outgoing.created_at > now() - SHOWN)
    return dict(session().execute(query.group_by(Outgoing.state)).all())


def parked() -> Sequence[Outgoing]:
    """Messages that wait for an officer's decision, the newest first."""
    query = select(Outgoing).where(Outgoing.state == "failed")
    return session().scalars(query.order_by(Outgoing.updated_at.desc(), Outgoing.id).limit(MOST)).all()


def lost() -> Sequence[Outgoing]:
    """Messages of the last seven days that went out to nobody, or nobody knows, the newest first."""
    gone = Outgoing.state.in_(("capped", "unknown", "undeliverable"))
    query = select(Outgoing).where(Outgoing.created_at > now() - SHOWN, gone)
    return session().scalars(query.order_by(Outgoing.updated_at.desc(), Outgoing.id).limit(MOST)).all()


def stopped() -> int:
    """How many numbers want no notices."""
    return int(session().scalar(select(func.count()).select_from(Peer)) or 0)
