"""What went out (enough to send nothing twice, no words of any message), and what came in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from superapp.sdk import Base, TenantScoped, key, now


class Delivery(TenantScoped, Base):
    """One message by its key. `address` is shortened ("a…@example.org"), `address_hash` keyed.

    States: sending · sent · failed (will be tried again) · refused (never will) · skipped (delivery
    is off) · unknown: the worker or the line died after the message was handed over and before the
    server's answer was kept. An unknown one is not sent again, because it may have arrived.
    """

    __tablename__ = "delivery"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    address_hash: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Incoming(TenantScoped, Base):
    """One mail that came in, and what became of it. `mail_tag` is keyed: the same mail counts once.

    States: report (it became a case) · draft (it lacks a place, its sender was asked) · reply (words to
    a case or to a draft) · status (a question that was answered) · silent (a machine wrote it, nobody is
    answered) · review (an officer decides) · discarded. `cause` says why, `kept` is the name of the sealed
    mail while a draft or a review needs it, `number` the case's. `sender` is shortened, `sender_tag` keyed;
    `message_id` is theirs, sealed, for the head of our answer. `dropped` names attachments not taken.
    """

    __tablename__ = "incoming"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    id: Mapped[UUID] = key()
    mail_tag: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(Text, default="")
    sender_tag: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(Text, default="")
    dropped: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str] = mapped_column(Text, default="")
    kept: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Thread(TenantScoped, Base):
    """A token that our mails carry: a mail with it answers that case, or that draft.

    `tag` is the token's digest. `ticket` is the reporter's own, sealed; empty for a draft.
    """

    __tablename__ = "thread"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    tag: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    of_id: Mapped[UUID]
    ticket: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class Mailbox(TenantScoped, Base):
    """How far a folder was read. Numbers hold only under the same `validity`, as IMAP has it."""

    __tablename__ = "mailbox"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    folder: Mapped[str] = mapped_column(Text, primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    looked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    trouble: Mapped[str] = mapped_column(Text, default="")


class Undeliverable(TenantScoped, Base):
    """An address that a server said does not exist; nothing is sent there until then."""

    __tablename__ = "undeliverable"
    __table_args__ = {"schema": "surel"}  # noqa: RUF012 - what SQLAlchemy expects

    address_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
