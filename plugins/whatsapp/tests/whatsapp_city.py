"""What the tests of WhatsApp share: a partner in conversation, and a city whose jobs run at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from plugins.percakapan.contracts import Incoming, Say, Sender
from plugins.whatsapp.models import Heard, Outgoing
from plugins.whatsapp.sandbox import Answer, Meta
from plugins.whatsapp.service import hearing, sending
from superapp.context import Tenant
from superapp.sdk import now, session

CITIZEN = "6281100000001"  # invented, as all numbers here
OTHER = "6281100000002"


@dataclass
class Partner:
    """`says` are used up one by one; without one it repeats what it heard. It breaks at one text."""

    says: list[tuple[Say, ...]] = field(default_factory=list)
    breaks_at: str = ""
    heard: list[tuple[Sender, Incoming]] = field(default_factory=list)

    def hear(self, sender: Sender, message: Incoming) -> tuple[Say, ...]:
        self.heard.append((sender, message))
        if self.breaks_at and message.text == self.breaks_at:
            raise RuntimeError("broken")
        return self.says.pop(0) if self.says else (Say(f"Anda menulis: {message.text}"),)

    def knows(self, channel: str, address: str) -> bool:
        return True


@dataclass
class City:
    """One tenant with its stand-in; `work` runs what its worker would."""

    tenant: Tenant
    meta: Meta
    partner: Partner

    def work(self) -> None:
        """Hear and send all that is due, without the queue."""
        for sender in self.pending(Heard.sender_hash, Heard.state == "waiting"):
            hearing.hear(sender)
        due = (Outgoing.state.in_(("waiting", "sending"))) & (Outgoing.due_at <= now())
        for to in self.pending(Outgoing.to_hash, due):
            sending.send(to)

    def pending(self, column, condition) -> list[str]:
        return list(session().scalars(select(column).where(condition).distinct()))

    def got(self, number: str = CITIZEN) -> list[Answer]:
        return self.meta.answers(number)

    def states(self) -> list[tuple[str, str, int]]:
        """(state, reason, code) of our messages, the oldest first."""
        session().expire_all()
        rows = session().scalars(select(Outgoing).order_by(Outgoing.created_at, Outgoing.id))
        return [(row.state, row.reason, row.code) for row in rows]

    def heard_states(self) -> list[str]:
        session().expire_all()
        return list(session().scalars(select(Heard.state).order_by(Heard.sent_at, Heard.id)))
