"""Reading the tenant's mailbox: each mail once, marked as read only after it was kept.

The host is the admin's choice, private addresses included: a government's mail server usually stands in
its own network, as with sending.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from plugins.surel.intake.mail import MOST_BYTES
from plugins.surel.intake.take import take
from plugins.surel.models import Mailbox
from superapp.sdk import current_tenant, defer, log, now, session, settings_of, work

TIMEOUT = 20.0
BATCH = 40
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TROUBLE = (OSError, imaplib.IMAP4.error)


class Refused(Exception):
    """The server said no; the message is a short code without anybody's data."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder as the server has it now."""

    validity: int
    next_uid: int


def look() -> None:
    """Queue a reading where a mailbox is set; one at a time, so that no mail is fetched twice at once."""
    if _settings()["intake"] == "imap":
        with work():
            defer("surel.fetch", lock="surel.fetch", once="surel.fetch")


def fetch() -> None:
    """Take in what is new, at most 40 mails; more are read right after. Troubles are kept for the desk."""
    settings = _settings()
    if settings["intake"] != "imap":
        return
    folder, trouble, more = settings["imap_folder"], "", False
    try:
        with _connected(settings) as client:
            more = _read(client, folder)
    except Refused as error:
        trouble = str(error)
    except TROUBLE as error:
        trouble = type(error).__name__
    with work():
        state = _state(folder)
        state.trouble, state.looked_at = trouble, now()
        if more and not trouble:
            defer("surel.fetch", lock="surel.fetch", once="surel.fetch")
    if trouble:
        log.get(__name__).warning("surel_mailbox_trouble", why=trouble)


def _read(client: imaplib.IMAP4, folder: str) -> bool:
    """One batch; True when there is more."""
    seen = _select(client, folder)
    with work():
        state = _state(folder)
        first, known = state.validity == 0, state.validity == seen.validity
        since = state.looked_at
        if not known:
            # At the first look only what comes from now on: nobody wants an answer to a mail of last year.
            # New numbers later: what came since the last look, and what is known is not taken twice.
            state.validity = seen.validity
            state.last_uid = max(0, seen.next_uid - 1) if first else 0
        last = state.last_uid
    told = "" if first or known else f" SINCE {_day(since)}"
    waiting = [uid for uid in _search(client, f"UID {last + 1}:*{told}") if uid > last]
    for uid in waiting[:BATCH]:
        raw, too_large = _message(client, uid)
        with work():
            if raw:
                take(raw, "imap", too_large=too_large)
            state = _state(folder)
            if state.validity == seen.validity:
                state.last_uid = max(state.last_uid, uid)
        with contextlib.suppress(*TROUBLE):
            client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
    return len(waiting) > BATCH


@contextmanager
def _connected(settings: Mapping[str, Any]) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4_SSL(
        settings["imap_host"], settings["imap_port"], ssl_context=trusted(), timeout=TIMEOUT
    )
    try:
        try:
            client.login(settings["imap_user"], settings["imap_password"])
        except imaplib.IMAP4.error as error:
            raise Refused("login") from error
        yield client
    finally:
        with contextlib.suppress(*TROUBLE):
            client.logout()


def trusted() -> ssl.SSLContext:
    """Only a certificate that proves the server's name; the password goes nowhere else."""
    return ssl.create_default_context()


def _select(client: imaplib.IMAP4, folder: str) -> Seen:
    quoted = '"' + folder.replace('"', "") + '"'
    if client.select(quoted)[0] != "OK":
        raise Refused("folder")
    numbers = []
    for name in ("UIDVALIDITY", "UIDNEXT"):
        _name, said = client.response(name)
        found = said[0] if said else None
        numbers.append(int(found) if isinstance(found, bytes) and found.isdigit() else 0)
    if not numbers[0]:
        raise Refused("uidvalidity")
    return Seen(numbers[0], numbers[1] or 1)


def _search(client: imaplib.IMAP4, criteria: str) -> list[int]:
    answer, found = client.uid("SEARCH", *criteria.split(" "))
    if answer != "OK":
        raise Refused("search")
    return sorted(int(each) for line in found if line for each in line.split() if each.isdigit())


def _message(client: imaplib.IMAP4, uid: int) -> tuple[bytes, bool]:
    """A mail without marking it as read; its head alone when it is too large; empty when it is gone."""
    answer, said = client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    told = b" ".join(each if isinstance(each, bytes) else each[0] for each in said if each)
    size = re.search(rb"RFC822\.SIZE (\d+)", told)
    if answer != "OK" or size is None:
        return b"", False
    too_large = int(size[1]) > MOST_BYTES
    answer, said = client.uid("FETCH", str(uid), "(BODY.PEEK[HEADER])" if too_large else "(BODY.PEEK[])")
    if answer != "OK":
        raise Refused("fetch")
    return next((bytes(each[1]) for each in said if isinstance(each, tuple)), b""), too_large


def _state(folder: str) -> Mailbox:
    query = select(Mailbox).where(Mailbox.folder == folder).with_for_update()
    found = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        found = Mailbox(folder=folder, validity=0, last_uid=0, looked_at=now(), trouble="")
        session().add(found)
        session().flush()
    return found


def _day(moment: Any) -> str:
    day = moment - timedelta(days=1)
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def _settings() -> Mapping[str, Any]:
    return settings_of(current_tenant(), "surel")
