"""A raw message as a frozen value. Whatever bytes come, this answers; what cannot be read is left out."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Part
from email.policy import compat32
from email.utils import getaddresses

from plugins.surel.compose import ADDRESS
from plugins.surel.intake.words import html_to_text, tidy

MOST_BYTES = 15_000_000
MOST_PARTS = 60
MOST_TEXT = 200_000  # letters read of one mail; LAPOR takes 10,000
HEADERS = (
    *("auto-submitted", "precedence", "list-id", "list-unsubscribe", "x-autoreply", "x-autorespond"),
    *("x-auto-response-suppress", "feedback-id", "x-failed-recipients", "x-superapp-mail"),
)
# What a header or a part may raise when its bytes are none: charsets, base64, broken encoded words.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail. `name` is the sender's, cleaned; `inline` stands inside of the text, as logos do."""

    name: str
    mimetype: str
    data: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report of a server that a mail did not arrive: `mark` is the head's that our mail bore."""

    address: str
    permanent: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. `sender` is "" when there is not exactly one plain address.

    `text` is the whole text, quotes and all. `returned_to` is the envelope's return path, None when the
    head has none; `recipients` all addresses that it was sent to. `heads` are the few headers that tell
    machines from people, in small letters; `verdicts` each Authentication-Results, topmost first.
    """

    message_id: str = ""
    sender: str = ""
    name: str = ""
    returned_to: str | None = None
    recipients: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    heads: tuple[tuple[str, str], ...] = ()
    verdicts: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    report: bool = False  # a machine's report: of delivery or reading

    def head(self, name: str) -> str:
        """The first header of this name that is kept, "" when there is none."""
        return next((value for known, value in self.heads if known == name), "")


def read(raw: bytes) -> Mail:
    """The mail in `raw`. Never raises for what a stranger wrote."""
    try:
        whole = message_from_bytes(raw[:MOST_BYTES], policy=compat32)
    except UNREADABLE:
        return Mail()
    sender, name = _sender(whole)
    parts = list(_parts(whole))
    text, files = _content(parts)
    returned = _first(whole, "return-path")
    kind = _kind(whole)
    return Mail(
        message_id=_first(whole, "message-id").strip()[:500],
        sender=sender,
        name=name,
        returned_to=None if whole.get("return-path") is None else returned.strip(" <>"),
        recipients=tuple(_recipients(whole)),
        references=tuple(
            re.findall(r"<[^<>\s]{3,300}>", _first(whole, "in-reply-to") + _first(whole, "references"))
        )[-40:],
        subject=" ".join(tidy(_first(whole, "subject")).split())[:500],
        text=text,
        heads=tuple((each, _first(whole, each).strip().lower()[:300]) for each in HEADERS if each in whole),
        verdicts=tuple(value[:2000] for value in _all(whole, "authentication-results"))[:10],
        attachments=files,
        bounce=_bounce(whole, parts) if kind == "multipart/report" else None,
        report=kind == "multipart/report",
    )


def _parts(whole: Part) -> Iterator[Part]:
    """Every leaf in order, not into a mail inside of the mail."""
    waiting, seen = [whole], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if isinstance(inner, list) and _kind(part).startswith("multipart/"):
            waiting[:0] = [each for each in inner if isinstance(each, Part)]
        else:
            yield part


def _content(parts: list[Part]) -> tuple[str, tuple[Attachment, ...]]:
    plain: list[str] = []
    pages: list[str] = []
    files: list[Attachment] = []
    for part in parts:
        kind, name = _kind(part), _filename(part)
        if kind in {"text/plain", "text/html"} and not name and not _attached(part):
            (plain if kind == "text/plain" else pages).append(_text(part))
        elif kind.startswith("message/") and not name:
            continue
        elif data := _bytes(part):
            files.append(Attachment(name or kind, kind, data, "content-id" in part and not _attached(part)))
    said = "\n".join(each for each in plain if each.strip())
    return (said or "\n".join(map(html_to_text, pages)))[:MOST_TEXT], tuple(files)


def _sender(whole: Part) -> tuple[str, str]:
    try:
        found = [pair for pair in getaddresses(_all(whole, "from")) if pair[1]]
    except UNREADABLE:
        return "", ""
    if len(found) != 1 or len(found[0][1]) > 254 or not ADDRESS.fullmatch(found[0][1]):
        return "", ""
    return found[0][1].lower(), " ".join(tidy(found[0][0]).split())[:200]


def _recipients(whole: Part) -> Iterator[str]:
    for head in ("to", "cc", "delivered-to", "x-original-to", "envelope-to"):
        with contextlib.suppress(*UNREADABLE):
            for _name, found in getaddresses(_all(whole, head)[:5])[:50]:
                if ADDRESS.fullmatch(found):
                    yield found.lower()


def _bounce(whole: Part, parts: list[Part]) -> Bounce | None:
    """What a delivery report says of its last recipient; None when it is another kind of report."""
    status = next((part for part in whole.walk() if _kind(part) == "message/delivery-status"), None)
    if status is None:
        return None
    fields: dict[str, str] = {}
    for block in status.walk():
        fields |= {name.lower(): value for name, value in _raw(block)}
    said = fields.get("final-recipient", "").rpartition(";")[2].strip(" <>").lower()
    failed = fields.get("action", "").strip().lower() == "failed" and fields.get("status", "").startswith("5")
    returned = [part for part in whole.walk() if _kind(part) in {"message/rfc822", "text/rfc822-headers"}]
    told = "".join(_flat(part) for part in returned)
    mark = re.search(r"(?im)^x-superapp-mail:\s*([0-9a-f]{32})\s*$", told)
    return Bounce(said if ADDRESS.fullmatch(said) else "", failed, mark[1] if mark else "")


def _flat(part: Part) -> str:
    """A returned mail's head and the beginning of what follows, as text."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return "".join(f"{n}: {v}\n" for each in inner if isinstance(each, Part) for n, v in _raw(each))
    return str(inner)[:20_000]


def _raw(part: Part) -> list[tuple[str, str]]:
    with contextlib.suppress(*UNREADABLE):
        return [(str(name), str(value)) for name, value in part.items()]
    return []


def _kind(part: Part) -> str:
    with contextlib.suppress(*UNREADABLE):
        return part.get_content_type()
    return "application/octet-stream"


def _attached(part: Part) -> bool:
    with contextlib.suppress(*UNREADABLE):
        return part.get_content_disposition() == "attachment"
    return False


def _filename(part: Part) -> str:
    with contextlib.suppress(*UNREADABLE):
        return " ".join(tidy(_decoded(part.get_filename() or "")).split())[:100]
    return ""


def _bytes(part: Part) -> bytes:
    with contextlib.suppress(*UNREADABLE):
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""
    return b""


def _text(part: Part) -> str:
    data = _bytes(part)[: MOST_TEXT * 4]
    named = None
    with contextlib.suppress(*UNREADABLE):
        named = part.get_content_charset()
    for charset in (named, "utf-8", "cp1252"):
        with contextlib.suppress(*UNREADABLE):
            if charset:
                return tidy(data.decode(charset))
    return tidy(data.decode("latin-1"))


def _all(whole: Part, name: str) -> list[str]:
    with contextlib.suppress(*UNREADABLE):
        return [_decoded(str(value)) for value in whole.get_all(name, [])[:20]]
    return []


def _first(whole: Part, name: str) -> str:
    return next(iter(_all(whole, name)), "")


def _decoded(value: str) -> str:
    """A header with its encoded words opened; as it stands where they are broken."""
    value = value[:4000]
    if "=?" not in value:
        # Raw eight-bit headers come as surrogates.
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        pieces = decode_header(value)
        return "".join(
            piece.decode(charset or "ascii", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except UNREADABLE:
        return value.encode("utf-8", "replace").decode()
