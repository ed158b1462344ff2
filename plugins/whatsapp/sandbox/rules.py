"""What the Cloud API takes and refuses, as far as its reference says so, and how a message looks then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

WRONG, WINDOW, NO_TEMPLATE, OTHER_COUNT = 100, 131047, 132001, 132000


def error(code: int, said: str) -> dict[str, Any]:
    """An error in the Graph API's form."""
    return {
        "error": {"message": said, "type": "OAuthException", "code": code, "error_data": {"details": said}}
    }


def fault(
    message: object, templates: Mapping[tuple[str, str], int], closed: Collection[str]
) -> dict[str, Any] | None:
    """Why a message is not taken, in the Graph API's form; None when it is."""
    told: dict[str, Any] = message if isinstance(message, dict) else {}
    kind, to = told.get("type"), told.get("to")
    if told.get("messaging_product") != "whatsapp" or not str(to).isdigit() or kind not in told:
        return error(WRONG, "(#100) Invalid parameter")
    content = told[kind]
    if kind == "template":
        return _template_fault(content, templates)
    if to in closed:
        return error(WINDOW, "Re-engagement message")
    fine = _text(content.get("body"), 4096) if kind == "text" else _interactive(content)
    return None if fine else error(WRONG, "(#100) Invalid parameter")


def seen(message: object) -> dict[str, Any]:
    """A message that was taken, as the citizen sees it: the fields of Answer without its id."""
    told: dict[str, Any] = message if isinstance(message, dict) else {}
    kind = told["type"]
    content, base = told[kind], {"to": told["to"], "kind": kind}
    if kind == "text":
        return {**base, "text": content["body"]}
    if kind == "template":
        return {**base, "template": content["name"], **_parts(content.get("components", []))}
    buttons = content["action"].get("buttons", [])
    choices = tuple((each["reply"]["id"], each["reply"]["title"]) for each in buttons)
    asks = content["type"] == "location_request_message"
    return {**base, "text": content["body"]["text"], "choices": choices, "asks_location": asks}


def _parts(components: list[dict[str, Any]]) -> dict[str, Any]:
    body = [each for each in components if each["type"] == "body"]
    pressed = [each["parameters"][0]["payload"] for each in components if each["type"] == "button"]
    values = tuple(each["text"] for part in body for each in part["parameters"])
    return {"values": values, "choices": tuple((code, code) for code in pressed)}


def _template_fault(
    content: dict[str, Any], templates: Mapping[tuple[str, str], int]
) -> dict[str, Any] | None:
    places = templates.get((content.get("name", ""), content.get("language", {}).get("code", "")))
    if places is None:
        return error(NO_TEMPLATE, "Template name does not exist in the translation")
    values = _parts(content.get("components", []))["values"]
    if len(values) != places:
        return error(OTHER_COUNT, "Number of parameters does not match")
    plain = all(value and not set("\n\t") & set(value) and "    " not in value for value in values)
    return None if plain else error(WRONG, "Param text cannot have new-line/tab characters")


def _interactive(content: dict[str, Any]) -> bool:
    action = content.get("action", {})
    if not _text(content.get("body", {}).get("text"), 1024):
        return False
    if content.get("type") == "location_request_message":
        return bool(action == {"name": "send_location"})
    buttons = [each.get("reply", {}) for each in action.get("buttons", [])]
    titles = {each.get("title") for each in buttons}
    fit = all(_text(each.get("id"), 256) and _text(each.get("title"), 20) for each in buttons)
    return content.get("type") == "button" and 1 <= len(buttons) <= 3 and fit and len(titles) == len(buttons)


def _text(value: object, most: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= most
