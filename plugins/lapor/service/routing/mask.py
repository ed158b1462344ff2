"""Takes out of a text what must never be learnt: names, numbers, plates, addresses on the net.

Stricter than `redact`, which keeps a text readable: here a word too many may go, because nobody
reads the result. What goes leaves GAP.
"""

from __future__ import annotations

import re
from typing import Final

from plugins.lapor.service.redact import MASK, redact

GAP: Final = "_"
ROUNDS: Final = 8

ADDRESS = re.compile(r"www\.|://|\w\.(?:com|net|org|id|me|ly|co|info)(?:\W|$)", re.IGNORECASE)
AT = ("@", "\uff20", "\ufe6b")
# The letters of Indonesian number plates; with an official prefix only, so that "no 5 di" stays a phrase.
PLATE = re.compile(
    r"\b(?:A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRSTW]?|E[ABD]?|[FGHLMNRSTWZ]|K[BHTU]?|P[ABGSTUY]?)"
    r"[ .-]?\d{1,4}[ .-]?[A-Z]{1,3}\b",
    re.I,
)
# Who is spoken of: a form of address, then words that begin with a capital letter.
ADDRESSED = re.compile(
    r"\b(?P<form>(?i:bapak|bpk|pak|ibu|bu|sdri?|saudar[ai]|mas|mbak|haji|hj|bli|jro|atas nama|a\.?n\.?|nama))"
    r"[.:]?\s+(?P<name>[^\W\d_a-z][\w'’-]*(?:[ \t]+[^\W\d_a-z][\w'’-]*){0,5})"
)
OFFICES: Final = frozenset(
    [
        "lurah",
        "camat",
        "wali",
        "walikota",
        "bupati",
        "gubernur",
        "kepala",
        "ketua",
        "sekda",
        "rt",
        "rw",
        "kadis",
    ]
)
# A Balinese or Banjarese name shows itself by one of its parts.
GIVEN = (
    "Wayan|Made|Nyoman|Ketut|Putu|Kadek|Komang|Gede|Gde|Luh|Iluh|Gusti|Ida|Bagus|Ayu|Cokorda|Desak|Ngurah|"
    "Muhammad|Muhamad|Mohammad|Ahmad|Akhmad|Abdul|Siti|Nur|Norhayati"
)
NAMED = re.compile(rf"\b(?:(?:I|Ni|Anak Agung|AA)\s+)?(?:{GIVEN})(?:[ \t]+[^\W\d_a-z][\w'’-]*){{0,4}}\b")


def masked(text: str) -> str:
    """The text with GAP in place of names, numbers, plates, mail addresses and links.

    Masking twice is masking once: a round is repeated until nothing changes.
    """
    for _ in range(ROUNDS):
        once = _round(text)
        if once == text:
            break
        text = once
    return text


def _round(text: str) -> str:
    text = redact(text).replace(MASK, f" {GAP} ")
    text = PLATE.sub(f" {GAP} ", text)
    text = " ".join(GAP if _tells(token) else token for token in text.split())
    text = NAMED.sub(f" {GAP} ", text)
    text = ADDRESSED.sub(_without_name, text)
    return " ".join(text.split())


def _tells(token: str) -> bool:
    """True for a piece between two spaces that holds a number, a mail address or a link."""
    if token.isascii() and token.isalpha():
        return False
    return (
        any(letter.isnumeric() for letter in token)
        or any(sign in token for sign in AT)
        or ADDRESS.search(token) is not None
    )


def _without_name(found: re.Match[str]) -> str:
    if found["name"].split()[0].casefold() in OFFICES:
        return found[0]
    return f"{found['form']} {GAP}"
