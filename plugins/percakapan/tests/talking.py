"""A citizen who writes: each line is a message with an id of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from plugins.percakapan.contracts import CHAT, Incoming, Say, Sender
from superapp.sdk import ANONYMOUS, now, tenant_scope, use

IDS = count(1)
PHONE = Sender("whatsapp", "6281234567890", "6281234567890", "Warga Uji")


@dataclass
class Citizen:
    """`says` hands a message in and returns the answer; `press` presses what was offered last."""

    app: Any
    tenant: Any
    sender: Sender = PHONE
    heard: list[Say] = field(default_factory=list)

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context(), tenant_scope(self.tenant, ANONYMOUS):
            yield

    def says(self, text: str = "", **more: Any) -> str:
        message = Incoming(more.pop("id", f"m-{next(IDS)}"), now(), text, **more)
        with self.inside():
            self.heard = list(use(CHAT).hear(self.sender, message))
        return "\n".join(each.text for each in self.heard)

    def press(self, title: str) -> str:
        offered = [each for said in self.heard for each in said.choices]
        [code] = [each.code for each in offered if each.title == title]
        return self.says(title, choice=code)

    @property
    def titles(self) -> list[str]:
        return [each.title for said in self.heard for each in said.choices]

    def other(self, address: str) -> Citizen:
        return replace(self, sender=Sender("whatsapp", address, address), heard=[])
