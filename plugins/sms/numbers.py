"""Telephone numbers as Indonesians write them, made international; and the hash that stands for one."""

from __future__ import annotations

from typing import Final

from superapp.sdk import keyed, keyed_before

CHANNEL: Final = "sms"
BETWEEN: Final = str.maketrans(dict.fromkeys(" -.()/\u00a0\u2011"))


def digits(text: str) -> str:
    """`0811-0000-001`, `+62 811...`, `0062811...` and `811...` as `62811...`; "" for what is no number.

    A number of another country needs its plus or double zero.
    """
    told = text.strip().translate(BETWEEN)
    abroad = told.startswith(("+", "00"))
    told = told.removeprefix("+") if told.startswith("+") else told.removeprefix("00")
    if not (told.isascii() and told.isdigit()):
        return ""
    if not abroad:
        told = f"62{told[1:]}" if told.startswith("0") else f"62{told}" if told.startswith("8") else told
    told = f"62{told[3:]}" if told.startswith("620") else told
    if told.startswith("62"):
        return told if 10 <= len(told) <= 15 else ""
    return told if abroad and 8 <= len(told) <= 15 and not told.startswith("0") else ""


def hashed(number: str) -> str:
    """What stands for a number in the tables."""
    return keyed("sms.number", number)


def hashed_ever(number: str) -> tuple[str, ...]:
    """The same by the host's present and earlier keys."""
    return keyed_before("sms.number", number)
