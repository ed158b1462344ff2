"""What the stand-in knows and does: it posts as Meta posts, and takes messages as Meta takes them."""

from __future__ import annotations

import hashlib
import http.client
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from plugins.whatsapp.sandbox import rules
from plugins.whatsapp.signature import sign
from superapp.sdk import now

PATH = "/whatsapp/webhook"
Deliver = Callable[[bytes, Mapping[str, str]], int]


@dataclass(frozen=True, slots=True)
class Answer:
    """One message as the citizen sees it. `choices` are (code, title) of its buttons; `template` names an
    approved one, whose values are `values`."""

    id: str
    to: str
    kind: str
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    asks_location: bool = False
    template: str = ""
    values: tuple[str, ...] = ()


@dataclass
class Meta:
    """One number of one government. `faults` are answered in turn instead of taking the next messages:
    (HTTP status, error code). `closed` are numbers whose 24 hours are over; `templates` the approved
    ones, (name, language) -> how many values."""

    host: str = ""
    base: str = ""
    phone_number_id: str = "100000000000001"
    access_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    app_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verify_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    templates: dict[tuple[str, str], int] = field(default_factory=dict)
    faults: deque[tuple[int, int]] = field(default_factory=deque)
    closed: set[str] = field(default_factory=set)
    sent: list[Answer] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    deliver: Deliver | None = None
    _came: threading.Condition = field(default_factory=threading.Condition)

    def settings(self, **more: Any) -> dict[str, Any]:
        """What the tenant's settings of WhatsApp have to be, so that it talks with this stand-in."""
        own = {
            "mode": "on",
            "phone_number_id": self.phone_number_id,
            "display_number": "+62 811 0000 0000",
            "access_token": self.access_token,
            "app_secret": self.app_secret,
            "verify_token": self.verify_token,
            "graph_base": self.base,
        }
        return {**own, **more}

    # the citizen --------------------------------------------------------------------------------

    def says(self, number: str, text: str, **more: Any) -> int:
        """A citizen writes. Returns the host's HTTP status, like all of these."""
        return self.message(number, {"type": "text", "text": {"body": text}}, **more)

    def presses(self, number: str, code: str, title: str = "") -> int:
        """A citizen presses the button with this code, of a message or of a template."""
        shown = next((each for each in reversed(self.answers(number)) if code in dict(each.choices)), None)
        title = title or (dict(shown.choices)[code] if shown else code)
        if shown is not None and shown.template:
            return self.message(number, {"type": "button", "button": {"payload": code, "text": title}})
        reply = {"type": "button_reply", "button_reply": {"id": code, "title": title}}
        return self.message(number, {"type": "interactive", "interactive": reply})

    def shares(self, number: str, lat: float, lng: float, name: str = "", address: str = "") -> int:
        """A citizen sends a place, degrees of WGS84."""
        place = {"latitude": lat, "longitude": lng, "name": name, "address": address}
        return self.message(number, {"type": "location", "location": place})

    def shows(self, number: str, data: bytes, mime: str = "image/jpeg", caption: str = "") -> int:
        """A citizen sends a photo; its bytes wait here to be fetched."""
        media_id = str(secrets.randbelow(9 * 10**14) + 10**14)
        self.media[media_id] = (mime, data)
        image = {"id": media_id, "mime_type": mime, "sha256": hashlib.sha256(data).hexdigest()}
        return self.message(
            number, {"type": "image", "image": {**image, **({"caption": caption} if caption else {})}}
        )

    def answers(self, number: str) -> list[Answer]:
        """What the citizen got so far, the oldest first."""
        return [each for each in self.sent if each.to == number]

    def awaits(self, number: str, count: int, seconds: float = 20.0) -> list[Answer]:
        """Wait until the citizen has got `count` messages in all; returns them, fewer when time is over."""
        with self._came:
            self._came.wait_for(lambda: len(self.answers(number)) >= count, seconds)
        return self.answers(number)

    # the wire -----------------------------------------------------------------------------------

    def message(self, number: str, content: Mapping[str, Any], **more: Any) -> int:
        """Post one message of a citizen, signed; `more` replaces parts such as id or timestamp."""
        self.closed.discard(number)
        stamp = str(int(now().timestamp()))
        told = {"from": number, "id": f"wamid.{secrets.token_hex(16)}", "timestamp": stamp, **content, **more}
        profile = {"profile": {"name": "Warga Uji"}, "wa_id": number}
        return self.post({"contacts": [profile], "messages": [told]})

    def tells(self, wamid: str, state: str, to: str = "", code: int = 0) -> int:
        """Post what became of one of the government's messages: sent, delivered, read or failed."""
        told: dict[str, Any] = {
            "id": wamid,
            "status": state,
            "timestamp": str(int(now().timestamp())),
            "recipient_id": to,
        }
        if code:
            told["errors"] = [{"code": code, "title": "uji", "error_data": {"details": "uji"}}]
        return self.post({"statuses": [told]})

    def post(self, value: Mapping[str, Any], phone_number_id: str = "") -> int:
        """Post a change of the field `messages`, in the envelope of the Cloud API."""
        metadata = {
            "display_phone_number": "6281100000000",
            "phone_number_id": phone_number_id or self.phone_number_id,
        }
        full = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": full}]}
        body = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        return self.raw(body, sign(body, self.app_secret))

    def raw(self, body: bytes, signature: str) -> int:
        """Post any bytes with any signature."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature}
        return (self.deliver or self._over_http)(body, headers)

    def take(self, message: object) -> tuple[int, dict[str, Any]]:
        """Take or refuse a message of the government: HTTP status and answer, as the Graph API gives them."""
        if self.faults:
            status, code = self.faults.popleft()
            return status, rules.error(code, "uji")
        wrong = rules.fault(message, self.templates, self.closed)
        if wrong is not None:
            return 400, wrong
        wamid = f"wamid.{secrets.token_hex(16)}"
        answer = Answer(id=wamid, **rules.seen(message))
        with self._came:
            self.sent.append(answer)
            self._came.notify_all()
        contact = {"input": answer.to, "wa_id": answer.to}
        return 200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}

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
