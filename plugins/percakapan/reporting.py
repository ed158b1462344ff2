"""A new report: taken from the first message on, asked for what it lacks."""

from __future__ import annotations

from plugins.percakapan import asking, filling, words
from plugins.percakapan.turn import Turn


def begin(turn: Turn) -> None:
    """Greet shortly, take what is there, ask for the rest."""
    if hello := turn.greet(""):
        turn.say(hello)
    take(turn)


def take(turn: Turn) -> None:
    """Take everything that the message brings, and ask for what is still missing."""
    turn.memo.fresh()
    state = turn.talk.state
    took = filling.everything(turn)
    if took and not turn.text and turn.message.location is None and state not in ("idle", "whole"):
        turn.say(f"Foto diterima ({len(turn.memo.photos)}).")
        return  # the question that was asked still stands
    asking.go_on(turn)


def restart(turn: Turn, text: str) -> None:
    """Begin with words that were held back; their pictures and place are in the memo."""
    turn.wait("idle")
    turn.memo.text, turn.text = "", text
    filling.in_words(turn)
    asking.go_on(turn)


def ask_all(turn: Turn) -> None:
    """Begin without a word yet."""
    turn.memo.fresh()
    turn.say(words.TELL, asks_location=True)
    turn.wait("what")
