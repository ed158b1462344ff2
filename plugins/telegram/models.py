"""What Telegram sent, what it has to send, and how the bot stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now

TELEGRAM = {"schema": "telegram"}


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), default=now)


class Update(TenantScoped, Base):
    """One update of the Bot API, by its own id, so that each is taken once. `chat` is a keyed hash, `body`
    sealed and emptied once it is answered.

    States: waiting · done · dropped (nothing that is answered) · parked (failed three times; the desk
    decides).
    """

    __tablename__ = "update"
    __table_args__ = TELEGRAM

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    chat: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = _moment()
    due_at: Mapped[datetime] = _moment()


class Message(TenantScoped, Base):
    """One call of the Bot API that waits for its turn in a chat; `key` keeps it from being queued twice.

    `body` is sealed and emptied at the end. States: waiting · sent · refused (Telegram will not take
    it, or the bot was blocked) · dead (every try failed).
    """

    __tablename__ = "message"
    __table_args__ = TELEGRAM

    id: Mapped[UUID] = key()
    chat: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = _moment()
    due_at: Mapped[datetime] = _moment()


class Bot(TenantScoped, Base):
    """How the bot stood when it was last asked. `state` is ok, bad, or asked while the job has not run."""

    __tablename__ = "bot"
    __table_args__ = TELEGRAM

    id: Mapped[UUID] = key()
    username: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    pending: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(Text, default="asked")
    note: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime] = _moment()
