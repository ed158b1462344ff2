"""A message of the host as an e-mail. What could smuggle a header or a second reader is refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from plugins.surel.names import MARK
from superapp.sdk import Message

# One address, plain ASCII, no quoting and no comments: all that people really use.
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class BadMessage(ValueError):
    """This message can never be sent; the text is a short reason."""


MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,300}>")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a mail carries beside the message: our mark, the token of its case, where answers
    go, and the Message-ID that it answers. "" leaves a line out."""

    mark: str = ""
    token: str = ""
    reply_to: str = ""
    answers: str = ""
    replied: bool = False


def address(text: str) -> str:
    """`text` when it is one e-mail address. Raises BadMessage."""
    if len(text) > 254 or not ADDRESS.fullmatch(text):
        raise BadMessage("address")
    return text


def email_of(
    message: Message, *, sender: str, sender_name: str, tenant_id: int, moment: datetime, head: Head = Head()
) -> EmailMessage:
    """The e-mail: plain text, with HTML beside it when there is some. Raises BadMessage.

    The Message-ID follows from the key, so that a mailbox may know a repeat; a token stands before it, so
    that an answer finds its case.
    """
    if CONTROL.search(message.subject) or CONTROL.search(sender_name):
        raise BadMessage("header")
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(sender_name, addr_spec=address(sender))
    made["To"] = Address(addr_spec=address(message.to))
    made["Subject"] = message.subject
    made["Date"] = format_datetime(moment)
    own = f"{head.token}." if head.token else ""
    made["Message-ID"] = f"<{own}{digest(tenant_id, message.key)}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-replied" if head.replied else "auto-generated"
    if head.mark:
        made[MARK] = head.mark
    if head.reply_to:
        made["Reply-To"] = Address(addr_spec=address(head.reply_to))
    if MESSAGE_ID.fullmatch(head.answers):
        made["In-Reply-To"] = made["References"] = head.answers
    made.set_content(message.text)
    if message.html:
        made.add_alternative(message.html, subtype="html")
    return made


def digest(tenant_id: int, key: str) -> str:
    """A short name for a key, without what the key says."""
    return hashlib.sha256(f"{tenant_id}:{key}".encode()).hexdigest()[:32]


def shortened(text: str) -> str:
    """An address as the desk may see it: first letter and domain."""
    local, _at, domain = text.rpartition("@")
    return f"{local[:1]}…@{domain}" if local and domain and not CONTROL.search(text) else "…"
