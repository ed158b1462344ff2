"""How many parts an SMS has, and so what it costs (3GPP TS 23.038 for the alphabet, 23.040 for the lengths).

160 characters of the GSM alphabet in one part, 153 in each of several; 70 and 67 as soon as a single
character is outside of it.
"""

from __future__ import annotations

from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("^{}\\[~]|€\f")  # two places each
GSM: Final = (160, 153)
UCS2: Final = (70, 67)
# What the eye takes for the same, so that a dash does not double the price.
SAME: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\ufe0f", ""),
        "…": "...",
        "•": "-",
        "·": "-",
        "×": "x",
        "→": "->",
    }
)


def plain(text: str) -> str:
    """The text with what has a twin in the GSM alphabet replaced by it."""
    return text.replace("\r\n", "\n").translate(SAME)


def is_gsm(text: str) -> bool:
    """True when every character is in the GSM alphabet."""
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def count(text: str) -> int:
    """The parts of a text as it stands; one for the empty text."""
    sizes = _sizes(text)
    one, each = GSM if is_gsm(text) else UCS2
    if sum(sizes) <= one:
        return 1
    parts, used = 1, 0
    for size in sizes:  # a character of two places is never cut in two
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return parts


def fit(text: str, most: int) -> str:
    """The text, cut between words where it would have more than `most` parts; a cut one ends in "..."."""
    if count(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest head that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle] + "...") <= most else (low, middle - 1)
    head = text[:low]
    at = max(head.rfind(" "), head.rfind("\n"))
    return (head[:at] if at > low // 2 else head).rstrip() + "..."


def _sizes(text: str) -> list[int]:
    """The places that each character takes: septets of the GSM alphabet, else units of UTF-16."""
    if is_gsm(text):
        return [2 if sign in EXTENDED else 1 for sign in text]
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text]
