"""What two governments agree on: only what both consent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Side(Protocol):
    """What one side says: `send` and `receive` as seen by itself. No category means all."""

    @property
    def send(self) -> bool: ...
    @property
    def receive(self) -> bool: ...
    @property
    def categories(self) -> list[str]: ...
    @property
    def identity(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds between both. `categories` None: all of them."""

    send: bool
    receive: bool
    categories: frozenset[str] | None
    identity: bool

    def covers(self, category: str) -> bool:
        """True when cases of this category may pass; an unknown one only where all may."""
        return self.categories is None or category in self.categories


def agreed(ours: Side | None, theirs: Side | None) -> Scope | None:
    """What both consent to; None when nothing may pass."""
    if ours is None or theirs is None:
        return None
    send, receive = ours.send and theirs.receive, ours.receive and theirs.send
    categories = common(ours.categories, theirs.categories)
    if not (send or receive) or categories == frozenset():
        return None
    return Scope(send, receive, categories, ours.identity and theirs.identity)


def common(ours: Sequence[str], theirs: Sequence[str]) -> frozenset[str] | None:
    """The categories that both name; None for all."""
    if ours and theirs:
        return frozenset(ours) & frozenset(theirs)
    return frozenset(ours or theirs) or None


def in_force(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """True when a consent holds on `day`."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def related(ours: str, theirs: str) -> bool:
    """True for a province and a kabupaten or kota of it, by their region codes (`51` and `51.71`)."""
    short, long = sorted((ours, theirs), key=len)
    return bool(short) and long.startswith(short + ".")
