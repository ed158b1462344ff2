"""Tokens in our mails, by which an answer finds its case. Who sent a mail never proves that."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from plugins.surel.intake.mail import Mail
from plugins.surel.models import Thread
from superapp.sdk import Message, current_tenant, digest, keyed, now, seal, session, unseal

TAGGED = re.compile(r"\+([0-9a-f]{32})@")
REFERRED = re.compile(r"<([0-9a-f]{32})\.[0-9a-f]{32}@")
MOST = 30


def token_of(kind: str, of_id: UUID) -> str:
    """The token of a case or a draft: only this host can make it, no number can be read out of it."""
    return keyed("surel.thread", f"{current_tenant().id}:{kind}:{of_id}")


def open_case(ticket: str) -> str:
    """The token of the case that a ticket opens; kept with the ticket. Belongs inside of work()."""
    return _keep("case", UUID(hex=ticket[:32]), seal(ticket))


def open_draft(incoming_id: UUID) -> str:
    """The token of a mail that still lacks something. Belongs inside of work()."""
    return _keep("draft", incoming_id, "")


def of_message(message: Message) -> str:
    """The token that a mail of ours has to carry; "" for none.

    Mails about secret cases name no ticket, so they get none. Belongs inside of work().
    """
    ticket, draft = message.values.get("ticket", ""), message.values.get("draft", "")
    if re.fullmatch(r"[0-9a-f]{64}", ticket):
        return open_case(ticket)
    return open_draft(UUID(draft)) if draft else ""


def found_in(mail: Mail) -> Thread | None:
    """The thread that a mail answers: by the address it came to, else by the latest mail it refers to."""
    tokens = list(dict.fromkeys(_tokens(mail)))[:MOST]
    if not tokens:
        return None
    tags = [digest(token) for token in tokens]
    known = {bytes(row.tag): row for row in session().scalars(select(Thread).where(Thread.tag.in_(tags)))}
    return next((row for tag in tags for kept, row in known.items() if hmac.compare_digest(kept, tag)), None)


def ticket_of(thread: Thread) -> str:
    """The reporter's ticket, in plain."""
    return unseal(thread.ticket)


def turn(incoming_id: UUID, ticket: str) -> None:
    """What answered a draft answers from now on the case that came of it; with no ticket nothing."""
    rows = session().scalars(select(Thread).where(Thread.of_id == incoming_id, Thread.kind == "draft"))
    for row in rows:
        if ticket:
            row.kind, row.of_id, row.ticket = "case", UUID(hex=ticket[:32]), seal(ticket)
    if not ticket:
        session().execute(delete(Thread).where(Thread.of_id == incoming_id))


def _tokens(mail: Mail) -> Iterator[str]:
    for each in mail.recipients:
        yield from TAGGED.findall(each)
    for each in reversed(mail.references):
        yield from REFERRED.findall(each)


def _keep(kind: str, of_id: UUID, ticket: str) -> str:
    token = token_of(kind, of_id)
    made = insert(Thread).values(
        tenant_id=current_tenant().id,
        tag=digest(token),
        kind=kind,
        of_id=of_id,
        ticket=ticket,
        created_at=now(),
    )
    session().execute(made.on_conflict_do_nothing())
    return token
