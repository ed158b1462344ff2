"""The rows of conversations: one locked per sender, messages taken once, cases followed."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from plugins.percakapan import memo as memos
from plugins.percakapan.contracts import Choice, Say, Sender
from plugins.percakapan.models import Follow, Taken, Talk
from superapp.sdk import BrokenSeal, current_tenant, keyed, keyed_before, new_id, now, seal, session, unseal

KNOWN = timedelta(days=90)  # an address without a report is forgotten after
REPEATS = timedelta(days=3)  # for which a message's answer is kept
AFTER = timedelta(days=180)  # a closed report is followed no longer; it can be opened again until then
ENDED = ("closed", "archived")


def who_is(channel: str, address: str) -> str:
    """What stands for an address in the tables."""
    return keyed("percakapan.who", f"{channel}:{address}")


def any_who(channel: str, address: str) -> tuple[str, ...]:
    """The same by the present key and by each earlier one."""
    return keyed_before("percakapan.who", f"{channel}:{address}")


def locked(sender: Sender) -> Talk:
    """The sender's conversation, held until the commit, so that two messages never cross."""
    facts = {
        "tenant_id": current_tenant().id,
        "id": new_id(),
        "channel": sender.channel,
        "who": who_is(sender.channel, sender.address),
        "address": seal(sender.address),
        "state": "idle",
        "memo": "",
        "expires_at": now() + KNOWN,
        "updated_at": now(),
    }
    session().execute(insert(Talk).values(**facts).on_conflict_do_nothing())
    mine = select(Talk).where(Talk.channel == sender.channel, Talk.who == facts["who"])
    return session().scalars(mine.with_for_update(), execution_options={"populate_existing": True}).one()


def said_before(talk: Talk, message_id: str) -> tuple[Say, ...] | None:
    """What was said to this message, None when it is new."""
    row = session().get(Taken, (current_tenant().id, _message(talk, message_id)))
    if row is None:
        return None
    try:
        told = orjson.loads(unseal(row.said))
    except BrokenSeal:
        return ()
    return tuple(
        Say(each["text"], tuple(Choice(**one) for one in each["choices"]), each["asks_location"])
        for each in told
    )


def keep_said(talk: Talk, message_id: str, said: Sequence[Say]) -> None:
    """Note that a message was taken in, and the answer."""
    text = orjson.dumps([asdict(each) for each in said]).decode()
    session().add(Taken(message=_message(talk, message_id), said=seal(text), at=now()))


def _message(talk: Talk, message_id: str) -> str:
    return keyed("percakapan.message", f"{talk.id}:{message_id}")


def follow(sender: Sender, complaint_id: UUID, number: str, ticket: str, *, unknown: bool) -> None:
    """Send news of a report to this sender from now on."""
    session().add(
        Follow(
            complaint_id=complaint_id,
            number=number,
            channel=sender.channel,
            who="" if unknown else who_is(sender.channel, sender.address),
            address=seal(sender.address),
            ticket=seal(ticket),
        )
    )


def followed(sender: Sender, most: int = 20) -> list[Follow]:
    """The cases of this sender, the newest first; not those of one who wanted to stay unknown."""
    mine = (Follow.channel == sender.channel, Follow.who.in_(any_who(sender.channel, sender.address)))
    query = select(Follow).where(*mine).order_by(Follow.created_at.desc(), Follow.number.desc())
    return list(session().scalars(query.limit(most)))


def ticket_for(sender: Sender, number: str) -> str:
    """The ticket of a case whose news go to this very address, "" otherwise."""
    row = session().scalars(select(Follow).where(Follow.number == number)).one_or_none()
    if row is None or row.channel != sender.channel:
        return ""
    try:
        same = hmac.compare_digest(unseal(row.address).encode(), sender.address.encode())
        return unseal(row.ticket) if same else ""
    except BrokenSeal:
        return ""


def follower(complaint_id: UUID) -> Follow | None:
    """Where news of this case go."""
    return session().get(Follow, (current_tenant().id, complaint_id))


def note_state(row: Follow, status: str) -> None:
    """A report that ended is followed for half a year more, an open one without an end."""
    row.ends_at = now() + AFTER if status in ENDED else None


def found(channel: str, address: str) -> Talk | None:
    """The conversation with an address, not locked."""
    who = any_who(channel, address)
    query = select(Talk).where(Talk.channel == channel, Talk.who.in_(who)).limit(1)
    return session().scalars(query).one_or_none()


def offer(talk: Talk, choices: Sequence[tuple[str, str]]) -> None:
    """Let the next "1" or pressed word mean these choices, unless a report is being written."""
    if talk.state != "idle":
        return
    memo = memos.opened(talk.memo)
    memo.offered = list(choices)
    talk.memo = memos.closed(memo)


def forget_old() -> None:
    """Drop answers older than three days, as no channel repeats a message after that, and where news went."""
    session().execute(delete(Taken).where(Taken.at < now() - REPEATS))
    session().execute(delete(Follow).where(Follow.ends_at < now()))
