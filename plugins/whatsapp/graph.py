"""Talking to the Graph API: send a message, fetch a photo. From jobs only, never inside of a transaction.

Codes are those of the Cloud API's error reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import orjson

from plugins.whatsapp.settings import setting
from superapp.sdk import outbound

SECONDS: Final = 15.0
MOST_ANSWER: Final = 200_000
MOST_PHOTO: Final = 10_000_000  # bytes; as the web form takes
PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
MEDIA_HOST: Final = "lookaside.fbsbx.com"  # where Meta's media addresses point

TOO_FAST: Final = frozenset({4, 80007, 130429, 131048, 131056})
AWAY: Final = frozenset({1, 2, 131000, 131016, 133004})
WINDOW: Final = 131047  # more than 24 hours since the citizen's last message
NOBODY: Final = 131026  # the number has no WhatsApp, or does not take our messages
TOKEN: Final = frozenset({190, 10, 131005})


class Later(Exception):
    """It was not taken now and may be sent again: a limit, or the other side is away."""

    def __init__(self, reason: str, code: int = 0, seconds: int = 0) -> None:
        self.reason, self.code, self.seconds = reason, code, seconds
        super().__init__(reason)


class Refused(Exception):
    """It will not be taken as it is; `code` is Meta's, or the HTTP status."""

    def __init__(self, reason: str, code: int = 0) -> None:
        self.reason, self.code = reason, code
        super().__init__(reason)


class Unsure(Exception):
    """It was handed over and no answer came: it may have arrived."""


class Missing(Exception):
    """A photo that cannot be had; the message is a Problem of the conversation: type, size or gone."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A fetched photo and a harmless name for it."""

    name: str
    data: bytes


def post(message: Mapping[str, Any]) -> str:
    """Send one message; returns Meta's id for it. Raises Later, Refused or Unsure."""
    url = f"{_root()}/{setting('phone_number_id')}/messages"
    try:
        reply = outbound.send(
            "POST",
            url,
            headers={**_bearer(), "Content-Type": "application/json"},
            content=orjson.dumps(message),
            seconds=SECONDS,
            most=MOST_ANSWER,
        )
    except outbound.NotSent as error:
        raise Later(str(error)) from error
    except outbound.Uncertain as error:
        raise Unsure(str(error)) from error
    if not 200 <= reply.status < 300:
        raise _fault(reply)
    messages = _json(reply.body).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    wamid = first.get("id") if isinstance(first, dict) else None
    if not isinstance(wamid, str) or not wamid:
        raise Unsure("answer")
    return wamid


def photo(media_id: str) -> Photo:
    """Fetch a citizen's photo: first its address, then its bytes.

    Raises Missing for one that is gone, no picture, or larger than 10 MB; Later when it can be had
    in a while. The token goes to the Graph's own host and to Meta's media host, nowhere else.
    """
    told = _json(_get(f"{_root()}/{quote(media_id, safe='')}", MOST_ANSWER).body)
    mime = str(told.get("mime_type", "")).partition(";")[0].strip().lower()
    size, url = told.get("file_size"), told.get("url")
    if mime not in PHOTOS:
        raise Missing("type")
    if isinstance(size, int | str) and str(size).isdigit() and int(size) > MOST_PHOTO:
        raise Missing("size")
    if not isinstance(url, str) or not _of_meta(url):
        raise Missing("gone")
    data = _get(url, MOST_PHOTO).body
    return Photo(f"foto.{mime.partition('/')[2]}", data)


def _get(url: str, most: int) -> outbound.Reply:
    try:
        reply = outbound.send("GET", url, headers=_bearer(), seconds=SECONDS, most=most)
    except outbound.NotSent as error:
        if str(error) in {"inside", "scheme", "address"}:
            raise Missing("gone") from error
        raise Later(str(error)) from error
    except outbound.Uncertain as error:
        if "too large" in str(error):
            raise Missing("size") from error
        raise Later(str(error)) from error
    if reply.status == 429 or reply.status >= 500:
        raise Later(f"HTTP {reply.status}", seconds=_pause(reply))
    if reply.status != 200:
        raise Missing("gone")
    return reply


def _fault(reply: outbound.Reply) -> Exception:
    error = _json(reply.body).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    code = code if isinstance(code, int) and 0 < code < 10_000_000 else 0
    if reply.status == 429 or code in TOO_FAST:
        return Later("limit", code or 429, _pause(reply))
    if reply.status >= 500 or code in AWAY:
        return Later("away", code or reply.status, _pause(reply))
    return Refused("refused", code or reply.status)


def _pause(reply: outbound.Reply) -> int:
    """What Retry-After asks for, at most an hour; 0 when it says nothing."""
    told = {name.lower(): value for name, value in reply.headers.items()}.get("retry-after", "")
    return min(int(told), 3600) if told.isascii() and told.isdigit() else 0


def _of_meta(url: str) -> bool:
    """True for an address on the Graph's own host (and port), or on Meta's host of media."""
    try:
        given, own = urlsplit(url), urlsplit(setting("graph_base"))
        there = (given.scheme, given.hostname, given.port)
    except ValueError:
        return False
    return (
        there in {(own.scheme, own.hostname, own.port), ("https", MEDIA_HOST, None)}
        and "@" not in given.netloc
    )


def _root() -> str:
    return f"{setting('graph_base').rstrip('/')}/{setting('api_version')}"


def _bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {setting('access_token')}", "User-Agent": "superapp-whatsapp/1"}


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
