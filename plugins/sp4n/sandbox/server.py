"""The sandbox as a server on 127.0.0.1, failing as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from plugins.sp4n.sandbox import faces, page
from plugins.sp4n.sandbox.nation import PREFIX, Nation

HOST: Final = "127.0.0.1"
MOST_BODY: Final = 12_000_000
SILENCE: Final = 30.0  # seconds, longer than the patience of who asks
FACES: Final[dict[str, Callable[[Nation, Request, str], Response]]] = {
    "api": faces.modern,
    "lama": faces.legacy,
}
STATUS: Final = {"500": 500, "502": 502, "503": 503, "429": 429, "401": 401, "422": 422}


@dataclass
class Sandbox:
    """A running sandbox."""

    nation: Nation
    url: str

    @property
    def modern(self) -> str:
        """The base address of the JSON transport."""
        return f"{self.url}/api"

    @property
    def legacy(self) -> str:
        """The base address of the older transport."""
        return f"{self.url}/lama"

    @staticmethod
    def token(office: str) -> str:
        """The token of a government, by its short name."""
        return PREFIX + office


class App:
    """The WSGI application. `over` is set when the server ends, so that nobody keeps silent for longer."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.over = nation, threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        request.max_content_length = MOST_BODY
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = Response(str(error), error.code or 400, content_type="text/plain; charset=utf-8")
        except OverflowError as error:
            response = Response(str(error), 507, content_type="text/plain; charset=utf-8")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        first, _, rest = request.path.lstrip("/").partition("/")
        face = FACES.get(first)
        if face is None:
            return page.answer(self.nation, request)
        fault = self.nation.next_fault()
        if fault in STATUS:
            told = {"Retry-After": "120"} if fault in {"503", "429"} else None
            body = '{"sukses": false, "pesan": "Diminta gagal."}'
            return Response(body, STATUS[fault], headers=told, content_type="application/json")
        if fault == "refuse":
            return _refusal(first)
        response = face(self.nation, request, rest)
        if fault == "timeout":
            self.over.wait(SILENCE)
        if fault in {"timeout", "lost"}:
            raise ConnectionAbortedError  # the server then ends the connection without an answer
        if fault == "garbage":
            return Response(b"<html>\xff <b>bukan jawaban", content_type="text/html")
        if fault == "twice":
            return _doubled(response)
        return response


@contextmanager
def running(port: int = 0, path: Path | None = None, nation: Nation | None = None) -> Iterator[Sandbox]:
    """A sandbox on this port (0: a free one) until the block ends. Raises OSError, ValueError.

    `path` is the file in which it keeps what it knows.
    """
    app = App(nation or Nation(path))
    server = _server(port, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Sandbox(app.nation, f"http://{HOST}:{server.port}")
    finally:
        app.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _server(port: int, app: App) -> BaseWSGIServer:
    """Bound here, because the server itself would end the process when the port is taken."""
    with socket.create_server((HOST, port)) as bound:
        fd = bound.fileno()
        return make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=fd)


class _Quiet(WSGIRequestHandler):
    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Nobody gets to hear anything more on this connection."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing is logged: addresses may name reports."""


def _refusal(face: str) -> Response:
    if face == "lama":
        body = "<hasil><pesan>Kategori tidak dikenal.</pesan></hasil>"
        return Response(body, content_type="application/xml")
    return Response('{"sukses": false, "pesan": "Kategori tidak dikenal."}', content_type="application/json")


def _doubled(response: Response) -> Response:
    import json

    data = json.loads(response.get_data())
    if isinstance(data, dict) and isinstance(data.get("data"), list):
        data["data"] = [each for each in data["data"] for _ in range(2)]
    return Response(json.dumps(data), response.status_code, content_type="application/json")
