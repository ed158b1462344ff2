"""The stand-in's server on 127.0.0.1: the address that takes messages, and a page for trainers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from plugins.sms.proof import proven
from plugins.sms.sandbox import page
from plugins.sms.sandbox.gateway import Gateway
from superapp.sdk import listening

MOST = 100_000


@contextmanager
def running(host: str = "", port: int = 0, **known: Any) -> Iterator[Gateway]:
    """A stand-in on `port` of 127.0.0.1 (0: a free one) until the block ends.

    `host` is the government's address, such as `http://uji-a.localhost:8000`; `known` are fields of
    Gateway. Raises OSError when the port is taken.
    """
    gateway = Gateway(host=host, **known)
    with listening(_handler(gateway), port) as gateway.base:
        yield gateway


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = parse_qs(urlsplit(self.path).query).get("nomor", [""])[0]
            self._answer(200, page.html(gateway, number).encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST))
            if urlsplit(self.path).path == "/kirim":
                number = page.act(gateway, body)
                self.send_response(303)
                self.send_header("Location", f"/?nomor={number}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if not proven("header", self.headers.get("Authorization", ""), b"", f"Bearer {gateway.secret}"):
                self._json(401, {"status": "error"})
                return
            taken = gateway.take(orjson.loads(body))
            if taken is None:
                self.close_connection = True
                return
            self._json(*taken)

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
