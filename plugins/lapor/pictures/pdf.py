"""First checks of a PDF, without rendering it: is it one, is it whole, and does it carry anything that acts.

A PDF may hide its dictionaries in compressed streams and write names with hex digits (`/J#61vaScript`);
both are undone here, within bounds, so that a small file cannot unfold into gigabytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from plugins.lapor.pictures.mark import Mark

MAX_DOCUMENT = 10 * 1024 * 1024
UNFOLD_ONE, UNFOLD_ALL = 4 * 1024 * 1024, 40 * 1024 * 1024
HEAD, TAIL = b"%PDF-", 2048
NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
ACTS = frozenset({b"JavaScript", b"JS"})
LAUNCHES = frozenset({b"Launch"})
CARRIES = frozenset({b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"Filespec"})
SENDS = frozenset({b"SubmitForm", b"ImportData", b"GoToR", b"GoToE", b"XFA"})


class BrokenDocument(ValueError):
    """It is no whole PDF; the message is for the sender."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found: pages as far as they could be counted (0: unknown), and marks."""

    pages: int
    marks: tuple[Mark, ...]


def fault(data: bytes) -> str:
    """Why these bytes cannot be taken: empty, large or other (no PDF); "" when they can."""
    if not data:
        return "empty"
    if len(data) > MAX_DOCUMENT:
        return "large"
    return "" if data.startswith(HEAD) else "other"


def check(data: bytes) -> Checked:
    """Look for what acts, hides or is missing. Raises BrokenDocument for a cut or damaged file."""
    if fault(data) or b"%%EOF" not in data[-TAIL:] or b"startxref" not in data[-TAIL:]:
        raise BrokenDocument("Dokumen tidak utuh. Simpan ulang sebagai PDF lalu kirim lagi.")
    names: set[bytes] = set()
    pages, whole = 0, True
    for part in _parts(data):
        if part is None:
            whole = False
            continue
        found = [HEX.sub(_digit, name) for name in NAME.findall(part)]
        names.update(found)
        pages += sum(pair == (b"Type", b"Page") for pair in pairwise(found))
    return Checked(min(pages, 100_000), tuple(_marks(names, data, whole=whole)))


def _marks(names: set[bytes], data: bytes, *, whole: bool) -> Iterator[Mark]:
    if names & ACTS:
        yield Mark("document_script", "serious", "JavaScript")
    if names & LAUNCHES:
        yield Mark("document_launch", "serious", "Launch")
    if carried := sorted(names & CARRIES):
        yield Mark("document_carries", "doubt", carried[0].decode("ascii", "replace"))
    if sent := sorted(names & SENDS):
        yield Mark("document_sends", "doubt", sent[0].decode("ascii", "replace"))
    if b"Encrypt" in names:
        yield Mark("document_locked", "doubt", "Encrypt")
    if not whole:
        yield Mark("document_unread", "doubt")
    edges = data[:4096] + data[-4096:]
    if re.search(rb"<(?:html|script|svg)\b", edges, re.IGNORECASE) or b"PK\x05\x06" in data:
        yield Mark("document_mixed", "serious")


def _parts(data: bytes) -> Iterator[bytes | None]:
    """What stands openly, then each unfolded stream; None when a bound or a damaged stream hid some."""
    yield STREAM.sub(b"stream\n", _outside(data))
    left = UNFOLD_ALL
    for start in STREAM.finditer(data):
        body = data[start.end() : start.end() + UNFOLD_ONE]
        if not body[:1] or body[0] & 0x0F != 8:  # no zlib header: a picture, or another filter
            continue
        if left <= 0:
            yield None
            return
        unfolder = zlib.decompressobj()
        try:
            text = unfolder.decompress(body, min(UNFOLD_ONE, left))
        except zlib.error:
            continue
        left -= len(text)
        if unfolder.unconsumed_tail:
            yield None
        yield text


def _outside(data: bytes) -> bytes:
    """The bytes between streams: a picture's own bytes may spell any name by chance."""
    return re.sub(rb"stream\r?\n.*?endstream", b"stream\nendstream", data, flags=re.DOTALL)


def _digit(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])
