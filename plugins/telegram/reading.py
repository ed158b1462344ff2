"""An update of the Bot API as a message to a conversation. What has an unknown shape is nothing.

https://core.telegram.org/bots/api#update : message, callback_query and my_chat_member of private chats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plugins.lapor.contracts import Location
from plugins.percakapan.contracts import Problem

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
BYTES_MOST = 10 * 1024 * 1024
SIDE_MOST = 2560  # of a photo that is wanted; a larger one says no more
AS_TEXT = "="  # leads a button's code that is the words of the choice


@dataclass(frozen=True, slots=True)
class File:
    """A picture to be fetched; `size` 0 where Telegram does not tell."""

    id: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came. `callback` is the id of a pressed button that has to be answered; `blocked`: the
    citizen has stopped the bot."""

    chat: int
    at: datetime
    name: str = ""
    text: str = ""
    choice: str = ""
    location: Location | None = None
    file: File | None = None
    problem: Problem = ""
    callback: str = ""
    blocked: bool = False


def chat_of(update: Mapping[str, Any]) -> int | None:
    """The private chat that an update belongs to, None for any other."""
    arrival = read(update)
    return arrival.chat if arrival else None


def read(update: Mapping[str, Any]) -> Arrival | None:
    """The message in an update; None for groups, channels, edits, and what is not understood."""
    if message := _mapping(update.get("message")):
        return _message(message)
    if pressed := _mapping(update.get("callback_query")):
        return _pressed(pressed)
    member = _mapping(update.get("my_chat_member"))
    chat = _private(member.get("chat")) if member else None
    status = _text(_mapping(member.get("new_chat_member")).get("status"))
    if chat is None or status not in ("kicked", "left"):
        return None
    return Arrival(chat, _moment(member.get("date")), blocked=True)


def _message(message: Mapping[str, Any]) -> Arrival | None:
    chat = _private(message.get("chat"))
    if chat is None or _mapping(message.get("from")).get("is_bot") is True:
        return None
    file, problem = _file(message)
    location = _location(message)
    text = _text(message.get("text")) or _text(message.get("caption"))
    if not (text or file or location or problem):
        problem = "unsupported"
    return Arrival(
        chat, _moment(message.get("date")), _name(message.get("from")), text, "", location, file, problem
    )


def _pressed(pressed: Mapping[str, Any]) -> Arrival | None:
    message = _mapping(pressed.get("message"))
    chat = _private(message.get("chat"))
    data, callback = _text(pressed.get("data")), _text(pressed.get("id"))
    if chat is None or not data or not callback or len(callback) > 100:
        return None
    words = data.removeprefix(AS_TEXT) if data.startswith(AS_TEXT) else ""
    return Arrival(
        chat,
        _moment(None),
        _name(pressed.get("from")),
        text=words,
        choice="" if words else data,
        callback=callback,
    )


def _file(message: Mapping[str, Any]) -> tuple[File | None, Problem]:
    """The picture of a message: the largest useful size of a photo, or a document that is one."""
    sizes = [each for each in _items(message.get("photo")) if _text(each.get("file_id"))]
    if sizes:
        fitting = [each for each in sizes if _number(each.get("width")) <= SIDE_MOST] or sizes
        best = max(fitting, key=lambda each: _number(each.get("width")) * _number(each.get("height")))
        return _bounded(best)
    document = _mapping(message.get("document"))
    if not document:
        return None, ""
    if _text(document.get("mime_type")) not in PICTURES or not _text(document.get("file_id")):
        return None, "type"
    return _bounded(document)


def _bounded(given: Mapping[str, Any]) -> tuple[File | None, Problem]:
    size = _number(given.get("file_size"))
    if size > BYTES_MOST:
        return None, "size"
    return File(_text(given.get("file_id"))[:300], size), ""


def _location(message: Mapping[str, Any]) -> Location | None:
    venue = _mapping(message.get("venue"))
    place = _mapping(venue.get("location")) or _mapping(message.get("location"))
    lat, lng = place.get("latitude"), place.get("longitude")
    if isinstance(lat, bool) or isinstance(lng, bool):
        return None
    if not isinstance(lat, int | float) or not isinstance(lng, int | float):
        return None
    words = ", ".join(filter(None, (_text(venue.get("title")), _text(venue.get("address")))))
    return Location(float(lat), float(lng), words[:500])


def _private(chat: object) -> int | None:
    """The id of a private chat; groups and channels have negative ones."""
    told = _mapping(chat)
    number = told.get("id")
    good = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**53
    return int(str(number)) if good and told.get("type", "private") == "private" else None


def _name(who: object) -> str:
    told = _mapping(who)
    return " ".join(filter(None, (_text(told.get("first_name")), _text(told.get("last_name")))))[:200]


def _moment(seconds: object) -> datetime:
    """A date of Telegram; its beginning where there is none, as nothing here depends on it."""
    good = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 <= seconds < 2**33
    return datetime.fromtimestamp(int(str(seconds)) if good else 0, UTC)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
