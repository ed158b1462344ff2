"""GeoReport servers of others on this machine: they answer as recorded ones did, and remember what came."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Told = tuple[int, dict[str, str], bytes]


@dataclass
class Far:
    """`answers` by method and path without query; "cut" closes the connection without one."""

    url: str = ""
    answers: dict[tuple[str, str], Told | str] = field(default_factory=dict)
    heard: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def says(self, method: str, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """The answer from now on."""
        told = body.encode() if isinstance(body, str) else body
        self.answers[(method, path)] = (status, headers, told)

    def forms(self, path: str) -> list[dict[str, str]]:
        """What was posted there."""
        return [form for method, found, form in self.heard if (method, found) == ("POST", path)]


@contextmanager
def answering() -> Iterator[Far]:
    """A server on a free port of 127.0.0.1, until the block ends."""
    far = Far()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = dict(parse_qsl(body or parts.query))
            far.heard.append((self.command, parts.path, given))
            told = far.answers.get((self.command, parts.path), (404, {}, b"[]"))
            if not isinstance(told, str):
                self.send_response(told[0])
                self.send_header("Content-Length", str(len(told[2])))
                for name, value in told[1].items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(told[2])
            self.close_connection = True

        do_GET = do_POST = _any

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    far.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield far
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
