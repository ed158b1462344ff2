"""A conversation with a citizen, as a messaging channel hands it in and sends it out.

    from plugins.percakapan.contracts import CHAT, Incoming, Sender
    for say in use(CHAT).hear(Sender("telegram", "8812"), Incoming("upd-17", at, text="status?")):
        ...                                  # send say.text with its buttons

The channel proves who speaks and takes each message once; what is asked, understood and answered is
the same on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from plugins.lapor.contracts import Location, Upload
from superapp.sdk import Port

Problem = Literal["", "type", "size", "gone", "unsupported"]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks. `channel` is a code of `lapor_channels`, `address` what the channel answers to.

    `phone` is a number that the channel has proven (international, digits only), "" where it knows
    none; `name` as the person calls itself there. None of them is ever logged.
    """

    channel: str
    address: str
    phone: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message. `id` is the channel's own; `choice` the code of a pressed button.

    `photos` were fetched and bounded by the channel; `problem` says what could not be taken.
    """

    id: str
    at: datetime
    text: str = ""
    choice: str = ""
    location: Location | None = None
    photos: tuple[Upload, ...] = ()
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be pressed: at most 20 characters of title, at most 100 of code."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the sender, plain text. At most three choices; a channel without buttons writes
    them as numbered lines and hands the number in as text. `asks_location` lets it offer its own button."""

    text: str
    choices: tuple[Choice, ...] = ()
    asks_location: bool = False


class Chat(Protocol):
    """What a channel may do."""

    def hear(self, sender: Sender, message: Incoming) -> tuple[Say, ...]:
        """Take one message in and say what follows. Belongs inside of work(); the same id says the same.

        Never raises for what a citizen wrote: bad input is answered in words.
        """

    def knows(self, channel: str, address: str) -> bool:
        """True when this address is in a conversation or follows a case."""


CHAT: Port[Chat] = Port("percakapan", "chat")
