"""What came in, as the desk lists it, and what an officer decides about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from plugins.lapor.contracts import Contact, Draft, Location, Receipt
from plugins.lapor.contracts.door import DOOR
from plugins.surel.intake import answers, content, mail, place, threads
from plugins.surel.intake.words import subject_of
from plugins.surel.models import Incoming, Mailbox, Thread, Undeliverable
from plugins.surel.names import address_hash
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    audit,
    now,
    savepoint,
    session,
    use,
    work,
)

OPEN: Final = ("review", "draft")
DRAFT_DAYS, KEEP, THREADS = 14, timedelta(days=365), timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail that waits, with its words. `sender` is whole: an officer decides about it."""

    row: Incoming
    sender: str
    name: str
    subject: str
    text: str
    place: str
    photos: int


def listing(state: str = "", most: int = 50) -> list[Incoming]:
    """The newest mails, all or of one state."""
    query = select(Incoming).order_by(Incoming.at.desc(), Incoming.id.desc()).limit(most)
    return list(session().scalars(query.where(Incoming.state == state) if state else query))


def counts() -> Mapping[str, int]:
    """How many wait, by state."""
    query = select(Incoming.state, func.count()).where(Incoming.state.in_(OPEN)).group_by(Incoming.state)
    return {row.state: int(row[1]) for row in session().execute(query)}


def mailboxes() -> list[Mailbox]:
    """Folders that are read, and what is wrong with them."""
    return list(session().scalars(select(Mailbox).order_by(Mailbox.folder)))


def opened(incoming_id: UUID) -> Opened:
    """A mail that waits for an officer or its sender. Raises NotFound."""
    row = _waiting(incoming_id)
    read = mail.read(content.kept(row.kept)) if row.kept else mail.Mail()
    words = content.said(read)
    photos, _names = content.sorted_out(read.attachments)
    found = place.find(f"{read.subject}\n{words}")
    subject = subject_of(read.subject)
    return Opened(row, read.sender, read.name, subject, words, found.address, len(photos))


def make_report(incoming_id: UUID, *, text: str, where: str) -> Receipt:
    """Take a waiting mail as a report, in the officer's reading of it. Raises Invalid, NotFound.

    Its sender gets number and PIN, unless the sender is not proven: then nobody is written to, and the
    address is not kept with the case.
    """
    if not where.strip():
        raise Invalid(errors=[FieldError("where", _("Isi alamat atau patokan."), "required")])
    with work():
        seen = opened(incoming_id)
        row = seen.row
        read = mail.read(content.kept(row.kept)) if row.kept else mail.Mail()
        proven = bool(read.sender) and row.cause not in {"unproven", "sender", "trouble"}
        photos, row.dropped = content.sorted_out(read.attachments)
        found = place.find(where)
        draft = Draft(
            kind="complaint",
            title=seen.subject if len(seen.subject) >= 6 else "",
            body=text,
            location=Location(found.lat, found.lng, where.strip(), found.area_code),
            reporter=Contact(name=read.name, email=read.sender) if proven else Contact(),
            anonymous=content.wants_to_stay_unknown(read),
            channel="email",
        )
        try:
            with savepoint():
                receipt = use(DOOR).submit(draft, photos, f"surel:{row.id}")
        except Invalid as error:
            raise Invalid(errors=[_named(each) for each in error.errors]) from error
        content.let_go(row.kept)
        row.state, row.number, row.kept, row.done_at = "report", receipt.number, "", now()
        secret = _is_secret(receipt.number)
        threads.turn(row.id, "" if secret or not proven else receipt.ticket)
        audit.record("surel.taken", "surel", row.id, number=receipt.number)
        if proven:
            answers.received(row, read.sender, receipt, secret=secret)
        return receipt


def discard(incoming_id: UUID, reason: str) -> None:
    """Lay a waiting mail aside, with a reason; its words are forgotten. Raises Invalid, NotFound."""
    why = reason.strip()
    if not 3 <= len(why) <= 200 or not why.isprintable():
        raise Invalid(errors=[FieldError("reason", _("Tulis alasannya dalam satu baris."), "required")])
    with work():
        row = _waiting(incoming_id)
        _drop(row, "officer")
        audit.record("surel.discarded", "surel", row.id, reason=why)


def sweep() -> None:
    """Drafts that nobody completed in 14 days, rows after a year, tokens after two, rests that are over."""
    with work() as unit:
        old = Incoming.at < now() - timedelta(days=DRAFT_DAYS)
        for row in unit.scalars(select(Incoming).where(Incoming.state == "draft", old)):
            _drop(row, "no_answer")
        unit.execute(delete(Incoming).where(Incoming.at < now() - KEEP, Incoming.state.not_in(OPEN)))
        unit.execute(delete(Thread).where(Thread.created_at < now() - THREADS))
        unit.execute(delete(Undeliverable).where(Undeliverable.until < now()))


def forget(address: str) -> int:
    """Take a person's address and unfinished words out of what came in; returns of how many mails."""
    tag = address_hash(address)
    with work() as unit:
        for row in unit.scalars(select(Incoming).where(Incoming.sender_tag == tag, Incoming.state.in_(OPEN))):
            _drop(row, "erased")
        unit.execute(delete(Undeliverable).where(Undeliverable.address_hash == tag))
        gone = {"sender": "…", "sender_tag": "", "message_id": "", "dropped": ""}
        cleared = unit.execute(update(Incoming).where(Incoming.sender_tag == tag).values(**gone))
        return int(getattr(cleared, "rowcount", 0))


def _drop(row: Incoming, cause: str) -> None:
    content.let_go(row.kept)
    row.state, row.cause, row.kept, row.done_at = "discarded", cause, "", now()
    row.dropped = ""
    session().execute(delete(Thread).where(Thread.of_id == row.id))


def _waiting(incoming_id: UUID) -> Incoming:
    query = select(Incoming).where(Incoming.id == incoming_id).with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None:
        raise NotFound(_("Surat ini tidak ada."))
    if row.state not in OPEN:
        raise Conflict(_("Surat ini sudah diputuskan."), _("Muat ulang daftarnya."))
    return row


def _is_secret(number: str) -> bool:
    try:
        use(DOOR).public_view(number)
    except NotFound:
        return True
    return False


def _named(error: FieldError) -> FieldError:
    """An error of LAPOR under the name that this form gives the field."""
    name = "where" if error.field.startswith("location") else "text"
    return FieldError(name, re.sub(r"\s+", " ", error.message), error.code)
