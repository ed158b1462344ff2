"""What the stand-in knows and does: it posts what citizens write, and takes what the government sends."""

from __future__ import annotations

import http.client
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from plugins.sms.proof import sign

PATH = "/sms/masuk"
Deliver = Callable[[bytes, Mapping[str, str]], int]


@dataclass(frozen=True, slots=True)
class Answer:
    """One SMS as the citizen sees it; `key` is the name that the government gave it."""

    to: str
    text: str
    key: str


@dataclass
class Gateway:
    """One government's gateway. `faults` are done in turn instead of taking the next messages: an HTTP
    status, "no" for a 200 that says no, or "silent" for a line that breaks after the message came."""

    host: str = ""
    base: str = ""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    in_secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    proof: str = "header"
    faults: deque[int | str] = field(default_factory=deque)
    sent: list[Answer] = field(default_factory=list)
    deliver: Deliver | None = None
    _came: threading.Condition = field(default_factory=threading.Condition)

    def settings(self, **more: Any) -> dict[str, Any]:
        """What the tenant's settings of SMS have to be, so that it talks with this stand-in."""
        own = {
            "mode": "on",
            "method": "POST",
            "url": f"{self.base}/sms/send",
            "headers": ["Authorization: Bearer {secret}"],
            "body_form": "json",
            "body": '{"to": "{to}", "text": "{text}", "ref": "{key}"}',
            "secret": self.secret,
            "success_status": "200",
            "success_path": "status",
            "success_value": "ok",
            "proof": self.proof,
            "in_secret": self.in_secret,
        }
        return {**own, **more}

    def says(self, number: str, text: str, **more: Any) -> int:
        """A citizen writes. Returns the host's HTTP status; `more` replaces fields such as id."""
        told = {"from": f"+{number}", "text": text, "id": secrets.token_hex(8), **more}
        body = orjson.dumps({name: value for name, value in told.items() if value is not None})
        given = self.in_secret if self.proof == "header" else sign(body, self.in_secret)
        return self.raw(body, {"Content-Type": "application/json", "X-Sms-Token": given})

    def raw(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Post any bytes with any headers."""
        return (self.deliver or self._over_http)(body, headers)

    def answers(self, number: str) -> list[Answer]:
        """What the citizen got so far, the oldest first."""
        return [each for each in self.sent if each.to == number]

    def awaits(self, number: str, count: int, seconds: float = 20.0) -> list[Answer]:
        """Wait until the citizen has got `count` messages in all; returns them, fewer when time is over."""
        with self._came:
            self._came.wait_for(lambda: len(self.answers(number)) >= count, seconds)
        return self.answers(number)

    def take(self, told: Mapping[str, Any]) -> tuple[int, dict[str, str]] | None:
        """Take a message, or fail as told: HTTP status and answer, None for a line that breaks."""
        fault = self.faults.popleft() if self.faults else ""
        if isinstance(fault, int):
            return fault, {"status": "error"}
        if fault == "no":
            return 200, {"status": "rejected"}
        with self._came:
            self.sent.append(Answer(str(told.get("to")), str(told.get("text")), str(told.get("ref"))))
            self._came.notify_all()
        return (200, {"status": "ok"}) if not fault else None

    def _over_http(self, body: bytes, headers: Mapping[str, str]) -> int:
        """To the host on 127.0.0.1, under the government's own host name."""
        parts = urlsplit(self.host)
        line = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
        try:
            line.request("POST", PATH, body, {**headers, "Host": parts.netloc})
            answer = line.getresponse()
            answer.read()
            return answer.status
        finally:
            line.close()
