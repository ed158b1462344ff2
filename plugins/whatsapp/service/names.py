"""What stands for a number and for Meta's ids in the tables: keyed hashes, good on this host alone."""

from __future__ import annotations

from superapp.sdk import keyed, keyed_before

CHANNEL = "whatsapp"


def of_number(number: str) -> str:
    """For an international number in digits."""
    return keyed("whatsapp.number", number)


def of_number_ever(number: str) -> tuple[str, ...]:
    """The same by the host's present and earlier keys."""
    return keyed_before("whatsapp.number", number)


def of_message(wamid: str) -> str:
    """For Meta's id of a message, in which the number can be read."""
    return keyed("whatsapp.message", wamid)


def of_message_ever(wamid: str) -> tuple[str, ...]:
    """The same by the host's present and earlier keys."""
    return keyed_before("whatsapp.message", wamid)


def digits(contact: str) -> str:
    """An Indonesian or international number as WhatsApp writes it; "" for what is none."""
    told = "".join(sign for sign in contact if sign not in " -.()\u00a0")
    told = told.removeprefix("+")
    if not (told.isascii() and told.isdigit()):
        return ""
    told = f"62{told[1:]}" if told.startswith("0") else f"62{told}" if told.startswith("8") else told
    return told if 8 <= len(told) <= 15 else ""
