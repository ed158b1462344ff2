"""What the tests of SMS share: a partner in conversation, and a city whose jobs run at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from plugins.percakapan.contracts import Incoming, Say, Sender
from plugins.sms.models import Heard, Outgoing
from plugins.sms.sandbox import Answer, Gateway
from plugins.sms.service import hearing, sending
from superapp.context import Tenant
from superapp.sdk import now, session

CITIZEN = "6281100000001"  # invented, as all numbers here
OTHER = "6281100000002"


@dataclass
class Partner:
    """`says` are used up one by one; without one it repeats what it heard."""

    says: list[tuple[Say, ...]] = field(default_factory=list)
    heard: list[tuple[Sender, Incoming]] = field(default_factory=list)

    def hear(self, sender: Sender, message: Incoming) -> tuple[Say, ...]:
        self.heard.append((sender, message))
        return self.says.pop(0) if self.says else (Say(f"Anda menulis: {message.text}"),)

    def knows(self, channel: str, address: str) -> bool:
        return True


@dataclass
class City:
    """One tenant with its stand-in; `work` runs what its worker would."""

    tenant: Tenant
    gateway: Gateway
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
        return self.gateway.answers(number)

    def texts(self) -> list[str]:
        """What the partner heard."""
        return [message.text for _, message in self.partner.heard]

    def states(self) -> list[tuple[str, str, int]]:
        """(state, reason, cost) of our messages, the oldest first."""
        session().expire_all()
        rows = session().scalars(select(Outgoing).order_by(Outgoing.created_at, Outgoing.id))
        return [(row.state, row.reason, row.cost) for row in rows]
