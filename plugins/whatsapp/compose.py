"""Our messages in the Cloud API's form, each within the lengths that its reference allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from plugins.percakapan.contracts import Say
from plugins.whatsapp.templates import Template

MOST_TEXT: Final = 4096  # text.body
MOST_BODY: Final = 1024  # interactive.body and a parameter of a template
MOST_TITLE: Final = 20
MOST_CODE: Final = 256
MOST_BUTTONS: Final = 3
SPACES = re.compile(r"\s+")  # a parameter may hold no line breaks, tabs or rows of spaces

Part = dict[str, Any]  # {"text", "choices": [[code, title]], "asks_location"}: one message, before its form


def parts(say: Say) -> list[Part]:
    """What is said, cut into messages: long words first, then those that carry buttons."""
    choices = [[each.code, each.title] for each in say.choices][:MOST_BUTTONS]
    most = MOST_BODY if choices or say.asks_location else MOST_TEXT
    *before, last = list(cut(say.text, MOST_TEXT, most)) or [""]
    made: list[Part] = [{"text": each, "choices": [], "asks_location": False} for each in before]
    if say.asks_location:  # a request for a place has no buttons of its own
        made.append({"text": last, "choices": [], "asks_location": True})
        return (
            [*made, {"text": "Atau pilih:", "choices": choices, "asks_location": False}] if choices else made
        )
    return [*made, {"text": last, "choices": choices, "asks_location": False}]


def cut(text: str, most: int, most_last: int) -> Iterator[str]:
    """Pieces of at most `most` characters, the last of at most `most_last`, cut between words."""
    left = text.strip()
    while len(left) > most_last:
        room = most if len(left) > most else most_last
        at = max(left.rfind(" ", 1, room + 1), left.rfind("\n", 1, room + 1))
        at = at if at > 0 else room
        yield left[:at].rstrip()
        left = left[at:].lstrip()
    if left:
        yield left


def free(to: str, part: Part) -> dict[str, Any]:
    """A message in free words, for as long as the citizen's last one is younger than a day."""
    text, choices = str(part["text"]) or "-", part["choices"]
    if part["asks_location"]:
        return _to(
            to, "interactive", _interactive("location_request_message", text, {"name": "send_location"})
        )
    if choices:
        buttons = [
            {"type": "reply", "reply": {"id": code[:MOST_CODE], "title": title[:MOST_TITLE]}}
            for code, title in choices
        ]
        return _to(to, "interactive", _interactive("button", text, {"buttons": buttons}))
    return _to(to, "text", {"preview_url": False, "body": text[:MOST_TEXT]})


def approved(
    to: str, template: Template, values: Mapping[str, str], choices: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """A notice in words that Meta approved before: `values` fill the template's places in order."""
    told = [SPACES.sub(" ", values.get(name, "")).strip()[:MOST_BODY] or "-" for name in template.values]
    components: list[dict[str, Any]] = []
    if told:
        components.append({"type": "body", "parameters": [{"type": "text", "text": each} for each in told]})
    for index, (code, _title) in enumerate(choices[: template.buttons]):
        parameters = [{"type": "payload", "payload": code[:MOST_CODE]}]
        components.append(
            {"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": parameters}
        )
    body = {"name": template.name, "language": {"code": template.language}, "components": components}
    return _to(to, "template", body)


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "body": {"text": text[:MOST_BODY]}, "action": action}


def _to(to: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": kind,
        kind: content,
    }
