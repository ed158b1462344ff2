"""The port behind which both ways to the national system stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from plugins.lapor.contracts import Upload
from plugins.lapor.contracts.outside import CaseRef, Parcel, Pulled, Pushed, Standing, Step


@dataclass(frozen=True, slots=True)
class National:
    """The main and sub category of the national tree; both "" when a category is not mapped."""

    main: str = ""
    sub: str = ""


Codes = Mapping[National, str]  # national pair -> our category, where it is just one


@dataclass(frozen=True, slots=True)
class Sending:
    """A parcel with what was read from the database for it, before anybody talks to the network."""

    parcel: Parcel
    category: National
    photos: tuple[Upload, ...] = ()


class Transport(Protocol):
    """A way to the national system. Raises Busy, Refused, Unsure of plugins.lapor.contracts.outside."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What it can tell."""

    @property
    def repeatable(self) -> bool:
        """True when a parcel sent twice makes one there."""

    def push(self, sending: Sending) -> Pushed:
        """Hand one parcel over."""

    def pull(self, cursor: Mapping[str, Any], codes: Codes) -> Pulled | None:
        """What is new there; None when it cannot be asked."""

    def compare(self, refs: Sequence[CaseRef]) -> Sequence[Standing] | None:
        """How these stand there; None when it cannot be asked."""

    def test(self) -> str:
        """A look that changes nothing; what was seen, in a sentence. Raises Busy with what was in the way."""
