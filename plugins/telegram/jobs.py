"""What the worker does for the bot."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from plugins.telegram import inbox, outbox, setup
from plugins.telegram.models import Message, Update
from superapp.sdk import now, session, work

BATCH = 50
KEEP, PARKED = timedelta(days=30), timedelta(days=7)


def talk(chat: str) -> None:
    """Answer what a chat sent, in order, then send what waits for it, in order."""
    for _ in range(BATCH):
        if not inbox.take_one(chat):
            break
    else:
        _go_on(chat)
        return
    for _ in range(BATCH):
        if not outbox.send_one(chat):
            return
    _go_on(chat)


def later(chat: str) -> None:
    """The pause of a chat is over."""
    _go_on(chat)


def _go_on(chat: str) -> None:
    with work():
        outbox.nudge(chat)


def wake() -> None:
    """Take up chats whose job was lost."""
    with work():
        for model in (Update, Message):
            due = select(model.chat).where(model.state == "waiting", model.due_at < now()).distinct()
            for chat in list(session().scalars(due.limit(500))):
                outbox.nudge(chat)


def sweep() -> None:
    """Empty what nobody decided about for seven days, forget everything after thirty."""
    with work() as unit:
        for model, at in ((Update, Update.received_at), (Message, Message.created_at)):
            unit.execute(delete(model).where(at < now() - KEEP))
        parked = (Update.state == "parked", Update.received_at < now() - PARKED)
        unit.execute(update(Update).where(*parked).values(state="dropped", body=""))
        late = (Message.state.in_(("waiting", "dead")), Message.created_at < now() - PARKED)
        unit.execute(update(Message).where(*late).values(state="refused", reason="old", body=""))


def register() -> None:
    """Tell Telegram where the webhook is."""
    setup.register()


def check() -> None:
    """Ask how the bot stands."""
    setup.check()
