"""Calling the Bot API, from jobs only. The token stands in the address, so no address is ever logged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from superapp.sdk import current_tenant, outbound, settings_of

NAME = "telegram"
SECONDS = 10.0
FILE_SECONDS = 30.0
FILE_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,300}")
WAIT_MOST = 3600


class Later(Exception):
    """Not now; `seconds` as Telegram says (429), or 0 when nobody said."""

    def __init__(self, reason: str, seconds: int = 0) -> None:
        self.seconds = seconds
        super().__init__(reason)


class Refused(Exception):
    """Never in this form; the message is Telegram's own words."""


class Blocked(Refused):
    """The citizen stopped the bot, or the chat is no more."""


class BadToken(Later):
    """The bot's token is missing or no good: everything waits for the admin."""


def settings() -> Mapping[str, Any]:
    """The plugin's settings of the open tenant."""
    return settings_of(current_tenant(), NAME)


def call(method: str, params: Mapping[str, Any]) -> Any:
    """The result of one method. Raises Later, Refused, Blocked or BadToken."""
    content = orjson.dumps(dict(params))
    headers = {"Content-Type": "application/json"}
    reply = _send("POST", f"bot{_token()}/{method}", headers=headers, content=content, seconds=SECONDS)
    try:
        told = orjson.loads(reply.body)
    except ValueError as error:
        raise Later(f"HTTP {reply.status}") from error
    if not isinstance(told, dict):
        raise Later(f"HTTP {reply.status}")
    if reply.status == 200 and told.get("ok") is True:
        return told.get("result")
    raise _error(reply.status, told)


def download(path: str, most: int) -> bytes:
    """A file's bytes by the path that getFile told. Raises Later, Refused."""
    if not FILE_PATH.fullmatch(path) or ".." in path:
        raise Refused("file path")
    reply = _send("GET", f"file/bot{_token()}/{path}", seconds=FILE_SECONDS, most=most)
    if reply.status != 200:
        raise Refused(f"HTTP {reply.status}") if reply.status in (400, 404) else Later(f"HTTP {reply.status}")
    return reply.body


def _token() -> str:
    token = str(settings()["token"])
    if not token:
        raise BadToken("token")
    return token


def _send(method: str, path: str, **more: Any) -> outbound.Reply:
    try:
        return outbound.send(method, f"{settings()['server']}/{path}", **more)
    except (outbound.NotSent, outbound.Uncertain) as error:
        raise Later(str(error)[:100]) from error


def _error(status: int, told: Mapping[str, Any]) -> Exception:
    """https://core.telegram.org/bots/api#making-requests : error_code, description, parameters."""
    words = str(told.get("description", ""))[:200]
    given = told.get("parameters")
    after = given.get("retry_after") if isinstance(given, dict) else None
    if status == 429:
        return Later("429", min(max(1, after), WAIT_MOST) if isinstance(after, int) else 5)
    if status in (401, 404):
        return BadToken("token")
    if status == 403 or (status == 400 and "chat not found" in words.lower()):
        return Blocked(words or "blocked")
    if 400 <= status < 500:
        return Refused(words or f"HTTP {status}")
    return Later(f"HTTP {status}")
