"""A mail as LAPOR takes it: photos, names of what it does not take, and the mail kept meanwhile."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from plugins.lapor.contracts import Upload
from plugins.surel.intake.mail import Attachment, Mail
from plugins.surel.intake.words import own_words, subject_of
from superapp.sdk import NotFound, after_commit, seal, storage, unseal

MOST_PHOTOS, MOST_PHOTO_BYTES = 5, 10 * 1024 * 1024
LEAST_LETTERS = 15
# What a signature's logo is: small, inside the text. A photo of a phone is larger.
LOGO_BYTES = 8_000
UNKNOWN = re.compile(
    r"(?i)\b(?:anonim|rahasiakan (?:nama|identitas)|jangan (?:sebut|tulis|cantumkan)\w* (?:nama|identitas))\b"
)


def said(mail: Mail) -> str:
    """The sender's own words; the subject where the text is empty."""
    return (own_words(mail.text) or subject_of(mail.subject))[:10_000].strip()


def has_text(mail: Mail) -> bool:
    """True when there is something to act on."""
    return max(len(said(mail)), len(subject_of(mail.subject))) >= LEAST_LETTERS


def wants_to_stay_unknown(mail: Mail) -> bool:
    """True when the writer asks that the name is not told."""
    return bool(UNKNOWN.search(f"{mail.subject}\n{said(mail)}"))


def sorted_out(files: Sequence[Attachment]) -> tuple[tuple[Upload, ...], str]:
    """The pictures by their first bytes, at most five, and the names of everything else."""
    photos: list[Upload] = []
    others: list[str] = []
    for file in files:
        if file.inline and len(file.data) < LOGO_BYTES:
            continue
        if _is_picture(file.data) and len(file.data) <= MOST_PHOTO_BYTES and len(photos) < MOST_PHOTOS:
            photos.append(Upload(file.name, file.data))
        elif not file.mimetype.startswith(("message/delivery", "text/calendar", "application/pgp-sig")):
            others.append(file.name)
    return tuple(photos), ", ".join(others)[:500]


def keep(raw: bytes) -> str:
    """Keep a mail sealed until it is decided; returns the name it is kept under."""
    return storage.put("surel_mail", seal(base64.b64encode(raw).decode()).encode())


def kept(name: str) -> bytes:
    """A kept mail; empty when it is gone. Raises BrokenSeal."""
    try:
        return base64.b64decode(unseal(storage.read(name).decode()))
    except NotFound:
        return b""


def let_go(name: str) -> None:
    """Forget a kept mail once the transaction is sure. Belongs inside of work()."""
    if name:
        after_commit(lambda: storage.delete(name))


def _is_picture(data: bytes) -> bool:
    heic = data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"hevc", b"msf1"}
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or heic or webp
