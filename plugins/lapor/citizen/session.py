"""What a citizen's browser keeps for us: tickets to the own reports, and a PIN for a quarter of an hour."""

from __future__ import annotations

from typing import Any

import orjson
from flask import session

from superapp.sdk import current_tenant, now, seal, unseal

TICKETS = "lapor"
RECEIPT = "lapor_receipt"
DECLINED = "lapor_other"
MOST = 12  # a cookie holds 4 KB
PIN_SECONDS = 900


def keep(number: str, ticket: str) -> None:
    """Remember that this browser may open `number` as its reporter; the oldest of many is forgotten."""
    others = [pair for pair in _tickets() if pair[0] != number]
    session[TICKETS] = [*others, [number, ticket]][-MOST:]
    session["tenant"] = current_tenant().id
    session.permanent = True


def ticket_for(number: str) -> str | None:
    """The ticket this browser holds for `number`."""
    return next((ticket for held, ticket in _tickets() if held == number), None)


def numbers() -> list[str]:
    """The reports this browser may open as their reporter, the latest first."""
    return [number for number, _ in reversed(_tickets())]


def forget(number: str) -> None:
    """Drop the ticket for `number`, as when it has ended."""
    session[TICKETS] = [pair for pair in _tickets() if pair[0] != number]


def decline(number: str) -> None:
    """Remember that `number` is not the same as the reports that were offered."""
    session[DECLINED] = [*(each for each in session.get(DECLINED, []) if each != number), number][-MOST:]


def declined(number: str) -> bool:
    """True when this browser said so."""
    return number in session.get(DECLINED, [])


def _tickets() -> list[list[str]]:
    found = session.get(TICKETS, [])
    return found if isinstance(found, list) else []


def show_once(number: str, pin: str) -> None:
    """Let the receipt show `pin` to this browser for a quarter of an hour, so that a reload loses nothing."""
    facts = {"number": number, "pin": pin, "until": int(now().timestamp()) + PIN_SECONDS}
    session[RECEIPT] = seal(orjson.dumps(facts).decode())


def pin_of(number: str) -> str | None:
    """The PIN while it may be shown; None later, elsewhere, or for another number."""
    sealed = session.get(RECEIPT)
    if not isinstance(sealed, str):
        return None
    try:
        facts: dict[str, Any] = orjson.loads(unseal(sealed))
    except ValueError:
        return None
    if facts["number"] != number or facts["until"] < now().timestamp():
        return None
    return str(facts["pin"])
