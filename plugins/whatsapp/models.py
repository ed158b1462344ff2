"""Messages in and out: enough to take each once and to send none twice; words only while they are needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, new_id, now


class Heard(TenantScoped, Base):
    """One message of a citizen. `mark` and `sender_hash` are keyed hashes of its id and number, because
    Meta's ids hold the number. `sealed` is the message until it is taken in, "" from then on.

    States: waiting · done · old (came too late to be answered) · limited (too many) · failed.
    """

    __tablename__ = "heard"
    __table_args__ = {"schema": "whatsapp"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mark: Mapped[str] = mapped_column(Text)
    sender_hash: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Outgoing(TenantScoped, Base):
    """One message of ours, by its `key`. `sealed` holds number and words until it is sent or given up.

    States: waiting · sending · sent · unknown (it may have arrived, and is not repeated) · failed
    (parked: an officer decides) · undeliverable (another channel may) · skipped (WhatsApp is off) ·
    dropped. `mark` is the keyed hash of Meta's id, `code` Meta's error.
    """

    __tablename__ = "outgoing"
    __table_args__ = {"schema": "whatsapp"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(Text)
    to_hash: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[str] = mapped_column(Text, default="")
    sealed: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    mark: Mapped[str | None] = mapped_column(Text, default=None)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Receipt(TenantScoped, Base):
    """What Meta said of one of our messages, by the hash of its id; it may come before our own note of it."""

    __tablename__ = "receipt"
    __table_args__ = {"schema": "whatsapp"}  # noqa: RUF012 - what SQLAlchemy expects

    mark: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    code: Mapped[int] = mapped_column(Integer, default=0)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Peer(TenantScoped, Base):
    """When a number wrote last: free words may answer it for a day."""

    __tablename__ = "peer"
    __table_args__ = {"schema": "whatsapp"}  # noqa: RUF012 - what SQLAlchemy expects

    address_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Number(TenantScoped, Base):
    """A number at Meta that this tenant claimed; the first tenant that did keeps it."""

    __tablename__ = "number"
    __table_args__ = {"schema": "whatsapp"}  # noqa: RUF012 - what SQLAlchemy expects

    phone_number_id: Mapped[str] = mapped_column(Text, primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
