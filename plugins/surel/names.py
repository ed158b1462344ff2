"""What stands for an address in the tables, and what marks a mail as ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superapp.sdk import keyed

MARK = "X-Superapp-Mail"


def address_hash(address: str) -> str:
    """A keyed hash of an address, the same for all ways to write it."""
    return keyed("surel.address", address.strip().lower())


def mark_of(address: str) -> str:
    """What the head of each mail of ours to this address carries: in a bounce it proves that it was ours."""
    return keyed("surel.sent", address.strip().lower())


def intake_address(settings: Mapping[str, Any]) -> str:
    """Where citizens write to; "" while no mail is taken in."""
    if settings["intake"] == "off":
        return ""
    return str(settings["intake_address"] or settings["from_address"]).lower()


def own_addresses(settings: Mapping[str, Any]) -> frozenset[str]:
    """All addresses that are ours."""
    return frozenset(
        str(settings[name]).lower() for name in ("from_address", "intake_address") if settings[name]
    )
