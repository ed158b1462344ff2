"""The gateway's own words: a request made from the settings' templates, and whether its answer means yes.

Placeholders are {to} {text} {key} {secret}; what they stand for is escaped for the place they stand in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import orjson

PLACE = re.compile(r"\{(to|text|key|secret)\}")
HEADER = re.compile(r"([A-Za-z0-9-]{1,60}):[ \t]*([\x20-\x7e]{0,500})")
PATH = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
TYPES: Final = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
}
ESCAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "json": lambda value: orjson.dumps(value).decode()[1:-1],
    "form": lambda value: quote(value, safe=""),
    "xml": html.escape,
    "header": lambda value: value if value.isascii() and value.isprintable() else "",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A request ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes


def make(settings: Mapping[str, Any], *, to: str, text: str, key: str) -> Made:
    """The request for one message: `to` in international digits, `key` a name for this message alone."""
    values = {"to": to, "text": text, "key": key, "secret": settings["secret"]}
    headers = {"User-Agent": "superapp-sms/1"}
    body = "" if settings["method"] == "GET" else str(settings["body"])
    if body:
        headers["Content-Type"] = TYPES[settings["body_form"]]
    for line in settings["headers"]:
        name, value = header(line)
        headers[name] = fill(value, values, "header")
    url = fill(settings["url"], values, "form")
    content = fill(body, values, settings["body_form"]).encode() if body else b""
    return Made(settings["method"], url, headers, content)


def header(line: str) -> tuple[str, str]:
    """Name and value of a line such as `Authorization: Bearer {secret}`. Raises ValueError."""
    found = HEADER.fullmatch(line.strip())
    if found is None:
        raise ValueError(f"{line[:40]}: tulis seperti Authorization: Bearer {{secret}}.")
    return found[1], found[2]


def fill(template: str, values: Mapping[str, str], form: str) -> str:
    """The template with each placeholder replaced, escaped for `form`: json, form, xml or header."""
    return PLACE.sub(lambda found: ESCAPES[form](values[found[1]]), template)


def taken(settings: Mapping[str, Any], status: int, body: bytes) -> bool:
    """True when the gateway's answer means that it took the message."""
    if status not in statuses(settings["success_status"]):
        return False
    if not settings["success_path"]:
        return True
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return _said(at(told, settings["success_path"])) == str(settings["success_value"]).strip().lower()


def statuses(text: str) -> frozenset[int]:
    """`200, 202` as numbers. Raises ValueError."""
    found = frozenset(int(each) for each in text.replace(" ", "").split(",") if each)
    if not found or min(found) < 200 or max(found) > 299:
        raise ValueError("Tulis kode HTTP dari 200 sampai 299, misalnya 200, 202.")
    return found


def at(told: object, path: str) -> object:
    """What stands at a path such as `messages.0.status`; None where there is nothing."""
    for name in path.split("."):
        if isinstance(told, dict):
            told = told.get(name)
        elif isinstance(told, list):
            told = told[int(name)] if name.isdigit() and int(name) < len(told) else None
        else:
            return None
    return told


def text_at(told: object, path: str, most: int) -> str:
    """A text or number at a path as text, tidied for a database; "" where there is none."""
    found = at(told, path) if path else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found).replace("\x00", "").encode("utf-8", "ignore").decode()[:most].strip()


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip().lower() if isinstance(value, str | int | float) else ""


def wrong_lines(lines: Sequence[str]) -> str:
    """What is wrong with lines of headers, "" when nothing is."""
    try:
        for line in lines:
            value = header(line)[1]
            if "{text}" in value:
                return "Isi pesan tidak boleh di tajuk."
    except ValueError as error:
        return str(error)
    return "" if len(lines) <= 20 else "Paling banyak 20 tajuk."
