"""What a person wrote, out of what a mail program made of it."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

BREAKS = re.compile(r"(?i)<\s*(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^>]*>")
QUOTED = re.compile(r"(?i)<blockquote\b|<div[^>]{0,200}class=[\"']?gmail_quote")
# Where the mail that is answered begins, in the words of mail programs that people here use.
ANSWERED = re.compile(
    r"(?im)^[ \t>]*(?:"
    r"(?:pada|on)\b[^\n]{4,250}(?:\n[^\n]{0,200})?\b(?:menulis|wrote)[ \t]*:[ \t]*$"
    r"|-{2,}[ \t]*(?:pesan asli|pesan sebelumnya|original message|forwarded message|pesan terusan)[ \t]*-{2,}"
    r"|_{20,}[ \t]*$"
    r"|(?:dari|from)[ \t]*:[^\n]{3,200}\n[ \t>]*(?:dikirim|terkirim|tanggal|sent|date|kepada|to)[ \t]*:"
    r")"
)
SIGNED = re.compile(
    r"(?im)^(?:-- ?|(?:dikirim|terkirim) (?:dari|melalui|dengan) [^\n]{2,60}"
    r"|sent from (?:my|outlook|yahoo)[^\n]{0,60}"
    r"|get outlook for [^\n]{2,30}|dapatkan outlook untuk [^\n]{2,30})[ \t]*$"
)
PREFIX = re.compile(r"(?i)^(?:(?:re|fw|fwd|bls|balas|trs|terusan)\s*(?:\[\d+\])?\s*:\s*)+")
KEPT = "\n\t"


def tidy(text: str) -> str:
    """Without what cannot be kept or would deceive: control marks, lone surrogates, turned directions."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    made = "".join(c for c in joined if c in KEPT or unicodedata.category(c) not in {"Cc", "Cs", "Cf", "Co"})
    stacked, found = 0, []
    for char in unicodedata.normalize("NFC", made):
        stacked = stacked + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if stacked <= 4:
            found.append(char)
    return "".join(found)


def html_to_text(page: str) -> str:
    """The words of an HTML mail without its quoted part; nothing of it is ever shown as HTML."""
    cut = QUOTED.search(page)
    own = page[: cut.start()] if cut else page
    bare = nh3.clean(
        BREAKS.sub("\n", own), tags=set(), clean_content_tags={"script", "style", "title", "head"}
    )
    lines = (" ".join(line.split()) for line in html.unescape(bare).splitlines())
    return tidy(re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip()


def own_words(text: str) -> str:
    """What the sender wrote: without the answered mail, without the mail program's own signature."""
    found = ANSWERED.search(text)
    kept = text[: found.start()] if found else text
    lines = [line.rstrip() for line in kept.split("\n") if not line.lstrip().startswith(">")]
    kept = "\n".join(lines)
    signed = SIGNED.search(kept)
    return re.sub(r"\n{3,}", "\n\n", kept[: signed.start()] if signed else kept).strip()


def subject_of(subject: str) -> str:
    """A subject as a title: without Re and Fwd."""
    return PREFIX.sub("", subject).strip()[:200]
