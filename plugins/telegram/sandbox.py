"""A stand-in for Telegram: the Bot API's documented methods on 127.0.0.1, and a page that plays the citizen.

https://core.telegram.org/bots/api : getMe, setWebhook, getWebhookInfo, sendMessage, answerCallbackQuery,
getFile and the files themselves. Everything is kept in memory and forgotten at the end.
"""

from __future__ import annotations

import html
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from superapp.sdk import listening

CITIZEN = {"id": 700_001, "is_bot": False, "first_name": "Warga", "last_name": "Uji", "language_code": "id"}
Post = Callable[[str, Mapping[str, str], bytes], int]
SECONDS, MOST = 10.0, 25_000_000
PAGE = Path(__file__).with_name("sandbox.html")


@dataclass
class Telegram:
    """What the stand-in knows. `answers` are used up one by one instead of doing what was asked: a status,
    or a status with its whole body; `calls` are all that came, `lines` the chat as the page shows it."""

    url: str = ""
    post: Post | None = None
    webhook: str = ""
    secret: str = ""
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lines: list[tuple[str, str, list[tuple[str, str]]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    last_id: int = field(default_factory=lambda: int(time.time()))
    stopped: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Until Ctrl+C."""
        with suppress(KeyboardInterrupt):
            self.stopped.wait()

    def sent(self) -> list[dict[str, Any]]:
        """The messages that the bot sent, oldest first."""
        return [params for method, params in self.calls if method == "sendMessage"]

    def answer(self, method: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One method of the Bot API."""
        self.calls.append((method, params))
        if self.answers:
            return self.answers.pop(0)
        known: dict[str, Callable[[dict[str, Any]], object]] = {
            "getMe": lambda _: {"id": 1, "is_bot": True, "first_name": "Lapor", "username": "lapor_uji_bot"},
            "setWebhook": self._set_webhook,
            "getWebhookInfo": lambda _: {"url": self.webhook, "pending_update_count": 0},
            "sendMessage": self._say,
            "answerCallbackQuery": lambda _: True,
            "getFile": self._file,
        }
        if method not in known:
            return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        result = known[method](params)
        if result is None:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id"}
        return 200, {"ok": True, "result": result}

    def _set_webhook(self, params: dict[str, Any]) -> bool:
        self.webhook, self.secret = str(params.get("url", "")), str(params.get("secret_token", ""))
        return True

    def _say(self, params: dict[str, Any]) -> dict[str, Any]:
        rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
        buttons = [(str(each["text"]), str(each["callback_data"])) for row in rows for each in row]
        self.lines.append(("bot", str(params.get("text", "")), buttons))
        return {"message_id": len(self.lines), "chat": {"id": params.get("chat_id"), "type": "private"}}

    def _file(self, params: dict[str, Any]) -> dict[str, Any] | None:
        name = str(params.get("file_id", ""))
        if name not in self.files:
            return None
        return {"file_id": name, "file_size": len(self.files[name]), "file_path": f"photos/{name}.jpg"}

    def message(self, **parts: Any) -> dict[str, Any]:
        """An update with a message of the citizen, as Telegram sends it."""
        told = {"message_id": len(self.lines) + 1, "date": int(time.time()), **parts}
        return self._update(message={**told, "from": CITIZEN, "chat": self._chat()})

    def pressed(self, data: str) -> dict[str, Any]:
        """An update with a pressed button."""
        message = {"message_id": 1, "date": int(time.time()), "chat": self._chat()}
        return self._update(
            callback_query={"id": f"c{self.last_id}", "from": CITIZEN, "message": message, "data": data}
        )

    def photo(self, data: bytes, **parts: Any) -> dict[str, Any]:
        """An update with a photo, in two sizes of which the larger one can be had."""
        name = f"foto{len(self.files) + 1}"
        self.files[name] = data
        sizes = [
            {"file_id": "kecil", "file_unique_id": "k", "width": 90, "height": 60, "file_size": 900},
            {"file_id": name, "file_unique_id": name, "width": 1280, "height": 853, "file_size": len(data)},
        ]
        return self.message(photo=sizes, **parts)

    def _chat(self) -> dict[str, Any]:
        return {"id": CITIZEN["id"], "first_name": CITIZEN["first_name"], "type": "private"}

    def _update(self, **parts: Any) -> dict[str, Any]:
        self.last_id += 1
        return {"update_id": self.last_id, **parts}

    def deliver(self, update: Mapping[str, Any], *, secret: str | None = None) -> int:
        """Hand an update to the webhook; the status that came back, 0 where none is registered."""
        if not self.webhook:
            return 0
        headers = {"Content-Type": "application/json"}
        headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret if secret is None else secret
        return (self.post or _post)(self.webhook, headers, json.dumps(update).encode())


def _post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Names below .localhost are this machine, whatever its resolver knows."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    told = dict(headers)
    if host.endswith(".localhost"):
        told["Host"], host = parts.netloc, f"127.0.0.1:{parts.port or 80}"
        url = parts._replace(netloc=host).geturl()
    request = urllib.request.Request(url, data=body, headers=told, method="POST")  # noqa: S310 - set by the host
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def serving(port: int = 0, post: Post | None = None) -> Iterator[Telegram]:
    """The stand-in on a port of 127.0.0.1 (0: a free one), until the block ends. Raises OSError."""
    told = Telegram(post=post)
    with listening(type("Handler", (_Handler,), {"telegram": told}), port) as told.url:
        yield told


class _Handler(BaseHTTPRequestHandler):
    telegram: Telegram

    def do_GET(self) -> None:
        if self.path.startswith("/file/bot"):
            name = self.path.rsplit("/", 1)[-1].removesuffix(".jpg")
            found = self.telegram.files.get(name)
            self._send(200 if found is not None else 404, found or b"", "application/octet-stream")
            return
        self._send(200, _page(self.telegram).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length) if length.isdigit() else 0, MOST))
        if self.path.startswith("/bot"):
            status, told = self.telegram.answer(self.path.rsplit("/", 1)[-1], _params(body))
            self._send(status, json.dumps(told).encode(), "application/json")
            return
        _citizen(self.telegram, self._form(body))
        self.send_response(303)
        self.send_header("Location", "/#akhir")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _form(self, body: bytes) -> dict[str, bytes]:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/"):
            return {
                name: values[0].encode() for name, values in parse_qs(body.decode("utf-8", "replace")).items()
            }
        parsed = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        parts = [each for each in parsed.walk() if not each.is_multipart()]
        named = (
            (each.get_param("name", header="content-disposition"), each.get_payload(decode=True))
            for each in parts
        )
        return {str(name): value for name, value in named if name and isinstance(value, bytes)}

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent: what a citizen writes is no business of a log."""


def _params(body: bytes) -> dict[str, Any]:
    """The parameters of a method; none where the body is no JSON object."""
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _citizen(telegram: Telegram, form: Mapping[str, bytes]) -> None:
    """What the page sent as an update, then a moment for the bot to answer."""
    text = form.get("text", b"").decode("utf-8", "replace").strip()
    if data := form.get("data", b"").decode("utf-8", "replace"):
        shown, update = form.get("title", b"").decode("utf-8", "replace"), telegram.pressed(data)
    elif photo := form.get("photo", b""):
        shown, update = f"[foto] {text}", telegram.photo(photo, **({"caption": text} if text else {}))
    elif "here" in form:
        place = {"latitude": -8.6705, "longitude": 115.2126}
        shown, update = "[lokasi]", telegram.message(location=place)
    elif text:
        shown, update = text, telegram.message(text=text)
    else:
        return
    telegram.lines.append(("citizen", shown, []))
    before = len(telegram.lines)
    status = telegram.deliver(update)
    if status != 200:
        telegram.lines.append(("note", f"Webhook: {status or 'belum didaftarkan atau tidak menjawab'}", []))
    end = time.monotonic() + 3
    while len(telegram.lines) == before and time.monotonic() < end:
        time.sleep(0.05)


def _page(telegram: Telegram) -> str:
    lines = "".join(_line(*each) for each in telegram.lines) or "<p>Tulis pesan pertama sebagai warga.</p>"
    to = html.escape(telegram.webhook or "belum didaftarkan: buka meja petugas, Telegram, Daftarkan webhook")
    return PAGE.read_text(encoding="utf-8").replace("{webhook}", to).replace("{lines}", lines)


def _line(who: str, text: str, buttons: list[tuple[str, str]]) -> str:
    pressed = "".join(
        f'<form method="post" action="/"><input type="hidden" name="title" value="{html.escape(title)}">'
        f'<button name="data" value="{html.escape(data)}">{html.escape(title)}</button></form>'
        for title, data in buttons
    )
    name = {"bot": "Bot", "citizen": "Warga", "note": "Catatan"}[who]
    return f'<li class="{who}"><b>{name}</b><p>{html.escape(text)}</p>{pressed}</li>'
