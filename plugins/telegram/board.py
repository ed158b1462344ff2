"""What the desk sees of the bot's traffic, and decides about; no words of any message."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from plugins.telegram import outbox
from plugins.telegram.models import Message, Update
from superapp.sdk import NotFound, audit, now, session, work

SHOWN = 50


def counts() -> dict[str, int]:
    """How many updates and messages wait, and how many were refused or are to be decided about."""
    found = {"updates": 0, "messages": 0, "parked": 0, "dead": 0, "refused": 0}
    for name, model, state in (
        ("updates", Update, "waiting"),
        ("messages", Message, "waiting"),
        ("parked", Update, "parked"),
        ("dead", Message, "dead"),
        ("refused", Message, "refused"),
    ):
        found[name] = int(session().scalar(select(func.count()).where(model.state == state)) or 0)
    return found


def parked() -> list[Update]:
    """Updates that could not be answered, the oldest first."""
    query = select(Update).where(Update.state == "parked").order_by(Update.update_id).limit(SHOWN)
    return list(session().scalars(query))


def unsent() -> list[Message]:
    """Messages that did not arrive, the newest first."""
    query = select(Message).where(Message.state.in_(("dead", "refused")))
    return list(session().scalars(query.order_by(Message.created_at.desc(), Message.id).limit(SHOWN)))


def take_again(update_id: int) -> None:
    """Answer a parked update once more. Raises NotFound."""
    with work():
        row = _parked(update_id)
        row.state, row.tries, row.reason, row.due_at = "waiting", 0, "", now()
        outbox.nudge(row.chat)
        audit.record("telegram.taken_again", "telegram", update=update_id)


def drop(update_id: int) -> None:
    """Give a parked update up. Raises NotFound."""
    with work():
        row = _parked(update_id)
        row.state, row.body = "dropped", ""
        audit.record("telegram.dropped", "telegram", update=update_id)


def send_again(message_id: UUID) -> None:
    """Send a dead message once more. Raises NotFound."""
    with work():
        query = select(Message).where(Message.id == message_id, Message.state == "dead").with_for_update()
        row = session().scalars(query).one_or_none()
        if row is None:
            raise NotFound(_("Pesan ini tidak ada, atau sudah diputuskan."))
        row.state, row.tries, row.reason, row.due_at = "waiting", 0, "", now()
        outbox.nudge(row.chat)
        audit.record("telegram.sent_again", "telegram", message_id)


def _parked(update_id: int) -> Update:
    query = select(Update).where(Update.update_id == update_id, Update.state == "parked").with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None:
        raise NotFound(_("Kiriman ini tidak ada, atau sudah diputuskan."))
    return row
