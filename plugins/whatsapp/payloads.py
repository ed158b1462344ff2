"""What Meta posts: the webhook of the Cloud API, field `messages`, as its reference describes it.

Reading never raises: what is not understood is counted and left. Only changes of our own
phone_number_id are read; those of another number are nobody's business here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from plugins.lapor.contracts import Location
from plugins.percakapan.contracts import Problem

LONGEST_TEXT: Final = 4096  # characters, of text.body
STATES: Final = frozenset({"sent", "delivered", "read", "failed"})
SILENT: Final = frozenset({"reaction", "system"})  # nothing that a citizen waits to be answered
LATEST: Final = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Media:
    """A file that waits at the Graph: its id there, and what it is said to be (`image/jpeg`)."""

    id: str
    mime: str


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a citizen. `sender` is an international number in digits, `name` that of the profile."""

    id: str
    sender: str
    name: str
    at: datetime
    kind: str
    text: str = ""
    choice: str = ""
    location: Location | None = None
    media: Media | None = None
    problem: Problem = ""

    def packed(self) -> dict[str, Any]:
        """As values of JSON; `unpacked` reads it back."""
        return {**asdict(self), "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one of our messages: sent, delivered, read or failed with Meta's error code."""

    id: str
    state: str
    at: datetime
    code: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """All of one post. `foreign` counts changes of other numbers, `unread` what was not understood."""

    messages: tuple[Told, ...] = ()
    marks: tuple[Mark, ...] = ()
    foreign: int = 0
    unread: int = 0


def unpacked(packed: Mapping[str, Any]) -> Told:
    """A message from its packed form."""
    location, media = packed["location"], packed["media"]
    return Told(
        **{
            **packed,
            "at": datetime.fromisoformat(packed["at"]),
            "location": Location(**location) if location else None,
            "media": Media(**media) if media else None,
        }
    )


def parse(body: object, phone_number_id: str) -> Parsed:
    """Read a post for the number with this id; "" reads nothing. Never raises."""
    messages: list[Told] = []
    marks: list[Mark] = []
    foreign = unread = 0
    for value in _values(body):
        about = _text(_dict(value.get("metadata")).get("phone_number_id"), 40)
        if not phone_number_id or about != phone_number_id:
            foreign += 1
            continue
        names = dict(_names(value))
        for raw in _list(value.get("messages")):
            told = _told(_dict(raw), names)
            messages += [told] if told else []
            unread += told is None
        for raw in _list(value.get("statuses")):
            mark = _mark(_dict(raw))
            marks += [mark] if mark else []
            unread += mark is None
    return Parsed(tuple(messages), tuple(marks), foreign, unread)


def _values(body: object) -> Iterator[dict[str, Any]]:
    for entry in _list(_dict(body).get("entry")):
        for change in _list(_dict(entry).get("changes")):
            if _dict(change).get("field") == "messages":
                yield _dict(_dict(change).get("value"))


def _names(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for contact in map(_dict, _list(value.get("contacts"))):
        yield _text(contact.get("wa_id"), 20), _text(_dict(contact.get("profile")).get("name"), 100)


def _told(raw: dict[str, Any], names: Mapping[str, str]) -> Told | None:
    kind, sender = _text(raw.get("type"), 30), _text(raw.get("from"), 20)
    at, wamid = _moment(raw.get("timestamp")), _text(raw.get("id"), 200)
    if not wamid or at is None or not is_number(sender) or not kind or kind in SILENT:
        return None
    return Told(wamid, sender, names.get(sender, ""), at, kind, **_content(kind, _dict(raw.get(kind))))


def _content(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    """What a message of this kind holds, as fields of Told."""
    if kind == "text":
        return {"text": _text(part.get("body"), LONGEST_TEXT)}
    if kind == "interactive":
        reply = _dict(part.get(_text(part.get("type"), 20)))  # button_reply or list_reply
        return {"choice": _text(reply.get("id"), 200), "text": _text(reply.get("title"), 100)}
    if kind == "button":  # a quick reply of a template
        return {"choice": _text(part.get("payload"), 200), "text": _text(part.get("text"), 100)}
    if kind == "location":
        place = _place(part)
        return {"location": place} if place else {"problem": "unsupported"}
    mime = _text(part.get("mime_type"), 60).partition(";")[0].strip().lower()
    if kind == "image" or (kind == "document" and mime.startswith("image/")):
        media = _text(part.get("id"), 100)
        found = {"media": Media(media, mime)} if media else {"problem": "gone"}
        return {"text": _text(part.get("caption"), LONGEST_TEXT), **found}
    return {"problem": "unsupported"}


def _place(part: Mapping[str, Any]) -> Location | None:
    lat, lng = _degrees(part.get("latitude"), 90), _degrees(part.get("longitude"), 180)
    if lat is None or lng is None:
        return None
    words = [_text(part.get(name), 150) for name in ("name", "address")]
    return Location(lat, lng, ", ".join(word for word in words if word))


def _mark(raw: dict[str, Any]) -> Mark | None:
    wamid, state, at = (
        _text(raw.get("id"), 200),
        _text(raw.get("status"), 20),
        _moment(raw.get("timestamp")),
    )
    if not wamid or at is None or state not in STATES:
        return None
    codes = [_dict(each).get("code") for each in _list(raw.get("errors"))]
    code = next((each for each in codes if isinstance(each, int) and 0 < each < 10_000_000), 0)
    return Mark(wamid, state, at, code)


def is_number(text: str) -> bool:
    """True for an international telephone number in digits alone."""
    return text.isascii() and text.isdigit() and 6 <= len(text) <= 15


def _degrees(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= most else None


def _moment(value: object) -> datetime | None:
    """Seconds since 1970, which Meta writes as a text."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 12) or int(text) > LATEST:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _text(value: object, most: int) -> str:
    """A text that a database takes: no NUL, no half characters, no more than `most` characters."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")[:most].strip()


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
