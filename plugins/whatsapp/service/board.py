"""What the desk sees: how many messages stand where, and which are parked; never what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, func, select

from plugins.whatsapp.models import Heard, Outgoing, Receipt
from superapp.sdk import now, session

SHOWN = timedelta(days=7)
MOST = 50


def counts_in() -> dict[str, int]:
    """Messages of citizens of the last seven days, by state."""
    told = case((Heard.state == "failed", "unheard"), else_=Heard.state).label("told")
    query = select(told, func.count()).where(Heard.created_at > now() - SHOWN).group_by("told")
    return dict(session().execute(query).all())


def counts_out() -> dict[str, int]:
    """Our messages of the last seven days, by state; what Meta said last of a sent one counts."""
    heard = case((Receipt.state == "failed", "lost"), else_=func.coalesce(Receipt.state, "sent"))
    told = case((Outgoing.state == "sent", heard), else_=Outgoing.state)
    query = (
        select(told.label("told"), func.count())
        .outerjoin(Receipt, (Receipt.tenant_id == Outgoing.tenant_id) & (Receipt.mark == Outgoing.mark))
        .where(Outgoing.created_at > now() - SHOWN)
        .group_by("told")
    )
    return dict(session().execute(query).all())


def parked() -> Sequence[Outgoing]:
    """Messages that wait for an officer's decision, the newest first."""
    query = select(Outgoing).where(Outgoing.state == "failed")
    return session().scalars(query.order_by(Outgoing.updated_at.desc(), Outgoing.id).limit(MOST)).all()


def lost() -> Sequence[tuple[Outgoing, int]]:
    """Messages of the last seven days that reached nobody, with Meta's error code, the newest first."""
    said = func.coalesce(Receipt.code, Outgoing.code)
    gone = Outgoing.state.in_(("undeliverable", "unknown")) | (Receipt.state == "failed")
    query = (
        select(Outgoing, said)
        .outerjoin(Receipt, (Receipt.tenant_id == Outgoing.tenant_id) & (Receipt.mark == Outgoing.mark))
        .where(Outgoing.created_at > now() - SHOWN, gone)
        .order_by(Outgoing.updated_at.desc(), Outgoing.id)
        .limit(MOST)
    )
    return [(row, int(code)) for row, code in session().execute(query)]
