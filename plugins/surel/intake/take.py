"""Taking one mail in, once: judged, then a reply, a question, a report or a draft; one commit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Contact, Draft, PublicView, Receipt, Upload
from plugins.lapor.contracts.door import DOOR
from plugins.surel.compose import shortened
from plugins.surel.intake import answers, bounces, content, judge, place, threads
from plugins.surel.intake import mail as reading
from plugins.surel.intake.mail import Mail
from plugins.surel.intake.words import subject_of
from plugins.surel.models import Incoming, Thread
from plugins.surel.names import address_hash, own_addresses
from superapp.sdk import (
    Conflict,
    Invalid,
    NotFound,
    PluginRefused,
    TooMany,
    current_tenant,
    keyed,
    log,
    new_id,
    now,
    rate_limit,
    savepoint,
    seal,
    session,
    settings_of,
    use,
    work,
)

PER_SENDER, PER_TENANT, HOUR = 20, 500, 3600
MOST_QUESTIONS = 3
YEAR = timedelta(days=365)
NUMBER = re.compile(r"\b([A-Za-z]{2,6}-\d{4}-\d{1,8})\b")
STATUS = re.compile(r"(?i)^\W*(?:cek |tanya |minta )?(?:status|kabar|lacak|perkembangan)\b[^\n]{0,80}\Z")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail. `repeated`: it had come before, nothing was done again."""

    state: str
    cause: str = ""
    number: str = ""
    repeated: bool = False


def take(raw: bytes, source: str, *, too_large: bool = False) -> Taken:
    """Take a mail in; `too_large` when `raw` is its head alone. Joins an open work(), else commits itself.

    What a stranger wrote never raises: what cannot be handled waits for an officer, with its cause.
    """
    mail = reading.read(raw)
    with work():
        row = _first(mail, raw, source)
        if row is None:
            return Taken("", repeated=True)
        try:
            with savepoint():
                _handle(row, mail, raw, too_large=too_large)
        except Exception as error:
            # Whatever it was, the mail is kept and seen, and the ones behind it are not held up.
            log.get(__name__).error("surel_intake_failed", incoming=str(row.id), error=type(error).__name__)
            _review(row, raw, "trouble")
        session().flush()
        return Taken(row.state, row.cause, row.number)


def _first(mail: Mail, raw: bytes, source: str) -> Incoming | None:
    """The row of a mail that was not here before; None for one that was."""
    name = mail.message_id or hashlib.sha256(raw).hexdigest()
    row_id = new_id()
    values = {
        "mail_tag": keyed("surel.mail", f"{mail.sender}|{name}"),
        "source": source,
        "state": "silent",
        "cause": "",
        "sender": shortened(mail.sender) if mail.sender else "",
        "sender_tag": address_hash(mail.sender) if mail.sender else "",
        "message_id": seal(mail.message_id) if mail.message_id else "",
        "dropped": "",
        "number": "",
        "kept": "",
        "size": len(raw),
        "at": now(),
    }
    made = insert(Incoming).values(tenant_id=current_tenant().id, id=row_id, **values)
    if session().execute(made.on_conflict_do_nothing().returning(Incoming.id)).first() is None:
        return None
    return session().get(Incoming, (current_tenant().id, row_id))


def _handle(row: Incoming, mail: Mail, raw: bytes, *, too_large: bool) -> None:
    settings = settings_of(current_tenant(), "surel")
    if cause := judge.why_silent(mail, own_addresses(settings)):
        row.state, row.cause = "silent", cause
        if mail.bounce is not None and bounces.take(mail.bounce):
            row.cause = "undeliverable"
        return None
    if not mail.sender:
        return _review(row, raw, "sender")
    if judge.unproven(mail, settings["trusted_server"].lower()):
        return _review(row, raw, "unproven")
    if not _within_limits(mail):
        return _review(row, raw, "limit")
    bounces.alive(mail.sender)
    if too_large:
        return _too_large(row, mail, raw)
    photos, row.dropped = content.sorted_out(mail.attachments)
    thread = threads.found_in(mail)
    if _asks_status(mail):
        return _tell_status(row, mail, thread)
    if thread is not None and thread.kind == "case" and _replied(row, mail, raw, thread, photos):
        return None
    if thread is not None and thread.kind == "draft" and _completed(row, mail, raw, thread, photos):
        return None
    return _report(row, mail, raw, photos)


def _review(row: Incoming, raw: bytes, cause: str) -> None:
    row.state, row.cause, row.kept = "review", cause, content.keep(raw)


def _too_large(row: Incoming, mail: Mail, raw: bytes) -> None:
    _review(row, raw, "too_large")
    told = f"Surat Anda terlalu besar: batasnya {reading.MOST_BYTES // 1_000_000} MB."
    answers.could_not(row, mail.sender, told, "Kirim lagi dengan foto yang lebih kecil atau lebih sedikit.")


def _within_limits(mail: Mail) -> bool:
    try:
        rate_limit("surel.sender", mail.sender, PER_SENDER, HOUR)
        rate_limit("surel.tenant", "all", PER_TENANT, HOUR)
    except TooMany:
        return False
    return True


def _asks_status(mail: Mail) -> bool:
    words = content.said(mail)
    return STATUS.match(words) is not None and len(mail.attachments) == 0


def _tell_status(row: Incoming, mail: Mail, thread: Thread | None) -> None:
    """A number that is named, else the case of the thread, else what came from this very address.

    The answer goes to the sender alone and tells what everybody may see.
    """
    named = NUMBER.search(f"{content.said(mail)}\n{mail.subject}")
    numbers, ticket = [named[1].upper()] if named else [], ""
    if not numbers and thread is not None and thread.kind == "case":
        ticket = threads.ticket_of(thread)
        try:
            numbers = [use(DOOR).reporter_view(ticket).case.number]
        except NotFound:
            ticket = ""
    if not numbers:
        query = select(Incoming.number).where(
            Incoming.sender_tag == row.sender_tag, Incoming.number != "", Incoming.at > now() - YEAR
        )
        latest = session().scalars(query.order_by(Incoming.at.desc()).limit(10))
        numbers = list(dict.fromkeys(latest))[:3]
    row.state, row.number = "status", numbers[0][:40] if named or ticket else ""
    answers.status(row, mail.sender, _public(numbers), named[1] if named else "", ticket)


def _public(numbers: list[str]) -> list[PublicView]:
    found = []
    for number in numbers:
        try:
            found.append(use(DOOR).public_view(number))
        except NotFound:
            continue  # unknown or secret: alike
    return found


def _replied(row: Incoming, mail: Mail, raw: bytes, thread: Thread, photos: tuple[Upload, ...]) -> bool:
    """Words for a case, by its token; False when its ticket is good no more."""
    ticket = threads.ticket_of(thread)
    try:
        view = use(DOOR).reporter_view(ticket)
    except NotFound:
        return False
    if view.secret:  # it became secret since: no mail may lead into it any more
        return False
    same = view.contact.email.lower() == mail.sender
    words = content.said(mail) or "(hanya foto)"
    lead = "Lewat surel:" if same else "Lewat surel, dari alamat yang bukan milik pelapor:"
    row.state, row.number = "reply", view.case.number
    try:
        with savepoint():
            use(DOOR).reply(ticket, text=f"{lead}\n{words}"[:10_000], photos=photos)
    except (Conflict, Invalid, PluginRefused) as error:
        _review(row, raw, "closed" if isinstance(error, Conflict) else "refused")
        row.number = view.case.number
        link = "Buka laporan Anda dengan nomor dan PIN."
        answers.could_not(row, mail.sender, f"{view.case.number}: {_why(error)}", link)
    return True


def _completed(row: Incoming, mail: Mail, raw: bytes, thread: Thread, photos: tuple[Upload, ...]) -> bool:
    """The answer to what we asked; False when the mail it belongs to is gone or decided."""
    first = session().get(Incoming, (current_tenant().id, thread.of_id), with_for_update=True)
    if first is None or first.state != "draft" or not first.kept:
        return False
    asked = reading.read(content.kept(first.kept))
    said, answer = content.said(asked), content.said(mail)
    where = place.find(f"{asked.subject}\n{said}")
    if not place.suffices(where):
        where = place.answered(answer)
    body = said if content.has_text(asked) else f"{said}\n{answer}".strip()
    row.state, row.cause = "reply", "draft"
    enough = len(body) >= content.LEAST_LETTERS
    if not (enough and place.suffices(where)):
        query = select(Incoming.id).where(
            Incoming.sender_tag == row.sender_tag, Incoming.cause == "draft", Incoming.at >= first.at
        )
        if len(list(session().scalars(query.limit(MOST_QUESTIONS + 1)))) > MOST_QUESTIONS:
            first.state, first.cause = "review", "unclear"
        else:
            answers.ask(row, asked.sender, first, "no_place" if enough else "no_text")
        return True
    before, _names = content.sorted_out(asked.attachments)
    draft = replace(_draft(asked), body=body, location=where)
    # Number and PIN go to who wrote first, whoever completed it.
    _submit(first, asked, draft, (*before, *photos)[: content.MOST_PHOTOS], answer_to=row)
    row.number = first.number
    return True


def _report(row: Incoming, mail: Mail, raw: bytes, photos: tuple[Upload, ...]) -> None:
    draft = _draft(mail)
    missing = "" if content.has_text(mail) else "no_text"
    missing = missing or ("" if place.suffices(draft.location) else "no_place")
    if not missing:
        return _submit(row, mail, draft, photos, answer_to=row, raw=raw)
    row.state, row.cause, row.kept = "draft", missing, content.keep(raw)
    return answers.ask(row, mail.sender, row, missing)


def _draft(mail: Mail) -> Draft:
    words = content.said(mail)
    return Draft(
        kind="complaint",
        title=title_of(mail),
        body=words,
        location=place.find(f"{mail.subject}\n{words}"),
        reporter=Contact(name=mail.name, email=mail.sender),
        anonymous=content.wants_to_stay_unknown(mail),
        channel="email",
    )


def title_of(mail: Mail) -> str:
    """The subject as a title, "" where it says nothing: LAPOR takes the first sentence then."""
    title = subject_of(mail.subject)
    return title if len(title) >= 6 else ""


def _submit(
    row: Incoming,
    mail: Mail,
    draft: Draft,
    photos: tuple[Upload, ...],
    *,
    answer_to: Incoming,
    raw: bytes = b"",
) -> None:
    """Make it a report; what LAPOR refuses waits for an officer, and its sender hears why."""
    try:
        receipt = _given(row, draft, photos)
    except (Invalid, PluginRefused) as error:
        row.state, row.cause, row.kept = "review", "refused", row.kept or content.keep(raw)
        return answers.could_not(answer_to, mail.sender, _why(error))
    settle(row, receipt)
    secret = not _public([receipt.number])
    threads.turn(row.id, "" if secret else receipt.ticket)
    return answers.received(answer_to, mail.sender, receipt, secret=secret)


def settle(row: Incoming, receipt: Receipt) -> None:
    """Note that a mail became a case, and let the kept mail go. Belongs inside of work()."""
    row.state, row.cause, row.number, row.done_at = "report", "", receipt.number, now()
    content.let_go(row.kept)
    row.kept = ""


def _given(row: Incoming, draft: Draft, photos: tuple[Upload, ...]) -> Receipt:
    key = f"surel:{row.id}"
    try:
        with savepoint():
            return use(DOOR).submit(draft, photos, key)
    except Invalid as error:
        if not photos or any(each.field != "photos" for each in error.errors):
            raise
    # A broken picture must not cost the report.
    row.dropped = ", ".join(filter(None, [row.dropped, *(each.filename for each in photos)]))[:500]
    with savepoint():
        return use(DOOR).submit(draft, (), key)


def _why(error: Exception) -> str:
    parts = [str(error), *(each.message for each in getattr(error, "errors", ()))]
    return " ".join(dict.fromkeys(part for part in parts if part))[:500]
