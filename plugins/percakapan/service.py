"""Hearing a message: once each, in order per sender, answered in words whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plugins.percakapan import book, dispatch, reading
from plugins.percakapan import memo as memos
from plugins.percakapan.contracts import Incoming, Say, Sender
from plugins.percakapan.turn import NAME, Turn
from superapp.sdk import (
    SYSTEM,
    TooMany,
    current_actor,
    current_tenant,
    now,
    rate_limit,
    set_actor,
    settings_of,
    work,
)

WINDOW_SECONDS = 600


def hear(sender: Sender, message: Incoming) -> tuple[Say, ...]:
    """Take one message in and say what follows; the same id says the same again.

    Whatever a citizen wrote is answered in words. Raises only when the house itself fails, so that the
    channel may hand the message in again.
    """
    with work() as unit, _as_system():
        talk = book.locked(sender)
        known = book.said_before(talk, message.id)
        if known is not None:
            return known
        turn = Turn(sender, message, reading.tidy(message.text), talk, memos.opened(talk.memo))
        if (refused := _too_many(turn)) is not None:
            said = refused
        else:
            _lapse(turn)
            dispatch.answer(turn)
            said = _folded(turn.said)
        talk.memo, talk.updated_at = memos.closed(turn.memo), now()
        book.keep_said(talk, message.id, said)
        unit.flush()
    return said


def knows(channel: str, address: str) -> bool:
    """True when this address is in a conversation or follows a case."""
    return book.found(channel, address) is not None


def _too_many(turn: Turn) -> tuple[Say, ...] | None:
    """Words for the first message over a limit, silence for those after it, None below."""
    settings, who = settings_of(current_tenant(), NAME), turn.talk.who
    try:
        rate_limit("percakapan.sender", who, int(settings["sender_limit"]), WINDOW_SECONDS)
        rate_limit("percakapan.tenant", "", int(settings["tenant_limit"]), WINDOW_SECONDS)
    except TooMany as error:
        try:
            rate_limit("percakapan.slow", who, 1, WINDOW_SECONDS)
        except TooMany:
            return ()
        minutes = max(1, -(-error.retry_after // 60))
        return (Say(f"Terlalu banyak pesan. Coba lagi dalam {minutes} menit."),)
    return None


def _folded(said: list[Say]) -> tuple[Say, ...]:
    """One message for one message, since some channels pay for each; its choices are the last ones."""
    if not said:
        return ()
    offered = next((each.choices for each in reversed(said) if each.choices), ())
    text = "\n".join(each.text for each in said)
    return (Say(text, offered, any(each.asks_location for each in said)),)


def _lapse(turn: Turn) -> None:
    """What was not finished in its time is forgotten, as the sweep would have done."""
    if turn.talk.state != "idle" and turn.talk.expires_at <= now():
        dispatch.lapse(turn)


@contextmanager
def _as_system() -> Iterator[None]:
    """The channel has proven who speaks; LAPOR takes a report of another door from the house alone."""
    before = current_actor()
    set_actor(SYSTEM)
    try:
        yield
    finally:
        set_actor(before)
