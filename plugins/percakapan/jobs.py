"""Ending conversations that were left, and forgetting."""

from __future__ import annotations

from sqlalchemy import select

from plugins.percakapan import book, dispatch
from plugins.percakapan import memo as memos
from plugins.percakapan.contracts import Incoming, Sender
from plugins.percakapan.models import Talk
from plugins.percakapan.turn import Turn
from superapp.sdk import BrokenSeal, now, session, unseal, work

BATCH = 200


def sweep() -> None:
    """Drop drafts and pictures that were not sent in time, addresses long silent, and old answers.

    A "solved" that nobody rated becomes a closing without stars.
    """
    over = select(Talk.id).where(Talk.expires_at <= now()).order_by(Talk.expires_at).limit(BATCH)
    for talk_id in list(session().scalars(over)):
        with work():
            _end(talk_id)
    with work():
        book.forget_old()


def _end(talk_id: object) -> None:
    """End one conversation, unless its sender has gone on meanwhile."""
    mine = select(Talk).where(Talk.id == talk_id, Talk.expires_at <= now())
    locked = mine.with_for_update(skip_locked=True)
    talk = session().scalars(locked, execution_options={"populate_existing": True}).one_or_none()
    if talk is None:
        return
    try:
        sender = Sender(talk.channel, unseal(talk.address))
    except BrokenSeal:
        session().delete(talk)
        return
    if talk.state == "idle":
        session().delete(talk)
        return
    turn = Turn(sender, Incoming("", now()), "", talk, memos.opened(talk.memo))
    dispatch.lapse(turn)
    talk.memo, talk.updated_at = memos.closed(turn.memo), now()
