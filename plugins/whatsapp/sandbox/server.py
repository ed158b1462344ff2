"""The stand-in's server on 127.0.0.1: the Graph API's addresses, and a page for trainers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from plugins.whatsapp.sandbox import page
from plugins.whatsapp.sandbox.meta import Meta
from plugins.whatsapp.sandbox.rules import error
from plugins.whatsapp.signature import same
from superapp.sdk import listening

MOST = 1_000_000


@contextmanager
def running(host: str = "", port: int = 0, **known: Any) -> Iterator[Meta]:
    """A stand-in on `port` of 127.0.0.1 (0: a free one) until the block ends.

    `host` is the government's address, such as `http://uji-a.localhost:8000`; `known` are fields of Meta.
    Raises OSError when the port is taken.
    """
    meta = Meta(host=host, **known)
    with listening(_handler(meta), port) as meta.base:
        yield meta


def _handler(meta: Meta) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/":
                number = parse_qs(urlsplit(self.path).query).get("nomor", [""])[0]
                return self._answer(200, page.html(meta, number).encode(), "text/html; charset=utf-8")
            if not self._known():
                return self._json(401, error(190, "Invalid OAuth access token"))
            return self._media(path.strip("/").split("/"))

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST))
            path = urlsplit(self.path).path
            if path == "/kirim":
                number = page.act(meta, body)
                self.send_response(303)
                self.send_header("Location", f"/?nomor={number}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            if not self._known():
                return self._json(401, error(190, "Invalid OAuth access token"))
            if path.strip("/").split("/")[1:] != [meta.phone_number_id, "messages"]:
                return self._json(404, error(100, "Unsupported post request"))
            try:
                message = orjson.loads(body)
            except orjson.JSONDecodeError:
                return self._json(400, error(100, "Invalid JSON"))
            return self._json(*meta.take(message))

        def _media(self, parts: list[str]) -> None:
            mime, data = meta.media.get(parts[-1], ("", b""))
            if not mime:
                return self._json(404, error(100, "Unsupported get request"))
            if parts[0] == "media":
                return self._answer(200, data, mime)
            told = {
                "messaging_product": "whatsapp",
                "url": f"{meta.base}/media/{parts[-1]}",
                "mime_type": mime,
                "sha256": hashlib.sha256(data).hexdigest(),
                "file_size": len(data),
                "id": parts[-1],
            }
            return self._json(200, told)

        def _known(self) -> bool:
            return same(self.headers.get("Authorization", ""), f"Bearer {meta.access_token}")

        def _json(self, status: int, told: object) -> None:
            self._answer(status, orjson.dumps(told), "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: messages of citizens belong into no log."""

    return Handler
