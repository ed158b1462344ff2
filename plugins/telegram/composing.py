"""What is said as a call of the Bot API: text, buttons under it, or a button that sends the location."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugins.telegram.reading import AS_TEXT

TEXT_MOST = 4096
CODE_BYTES = 64  # of callback_data


def message(
    chat: int, text: str, choices: Sequence[tuple[str, str]] = (), *, asks_location: bool = False
) -> dict[str, Any]:
    """The parameters of sendMessage; choices are code and title."""
    params: dict[str, Any] = {
        "chat_id": chat,
        "text": text[:TEXT_MOST] or "…",
        "link_preview_options": {"is_disabled": True},
    }
    if choices:
        rows = [[{"text": title, "callback_data": data(code, title)}] for code, title in choices]
        params["reply_markup"] = {"inline_keyboard": rows}
    elif asks_location:
        button = {"text": "Kirim lokasi saya", "request_location": True}
        params["reply_markup"] = {
            "keyboard": [[button]],
            "resize_keyboard": True,
            "one_time_keyboard": True,
        }
    return params


def data(code: str, title: str) -> str:
    """What a button brings back: its code, or its words where the code is longer than Telegram takes."""
    if len(code.encode()) <= CODE_BYTES and not code.startswith(AS_TEXT):
        return code
    return (AS_TEXT + title).encode()[:CODE_BYTES].decode("utf-8", "ignore")
