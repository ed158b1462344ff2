"""A register of somebody else, in memory: takes parcels, forgets nothing, and fails as it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plugins.lapor.contracts.outside import (
    Arrival,
    Busy,
    CaseRef,
    Destination,
    Parcel,
    Pulled,
    Pushed,
    Refused,
    Standing,
    Unsure,
)
from superapp.context import Tenant

STEPS = (
    *("new", "verified", "disposed", "held", "progress", "answer", "returned", "closed", "reopened"),
    *("archived", "withdrawn", "reply", "corrected"),
)


@dataclass
class Register:
    """The far side of a connector named `kantor`. `faults` are used up one a try; "" is none."""

    repeatable: bool = True
    faults: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)  # number and step, as it happened there
    keys: set[str] = field(default_factory=set)
    parcels: list[Parcel] = field(default_factory=list)
    news: list[Arrival] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    tries: int = 0

    def push(self, tenant: Tenant, parcel: Parcel) -> Pushed | None:
        """As `lapor_push`."""
        if parcel.destination.plugin != "kantor":
            return None
        self.tries += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "busy":
            raise Busy("503")
        if fault == "refused":
            raise Refused("Kategori tidak dikenal.")
        if fault == "error":
            raise ValueError("garbage")
        if fault == "lost_before":
            raise Unsure("timeout")
        if str(parcel.id) not in self.keys or not self.repeatable:
            self.keys.add(str(parcel.id))
            self.taken.append((parcel.case.number, parcel.step))
            self.parcels.append(parcel)
        if fault == "lost_after":
            raise Unsure("reset")
        return Pushed(f"N-{parcel.case.number[-6:]}", "T-1")

    def pull(self, tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
        """As `lapor_pull`: two at a time."""
        if destination.plugin != "kantor":
            return None
        begin = int(cursor.get("after", 0))
        page = self.news[begin : begin + 2]
        return Pulled(page, {"after": begin + len(page)}, more=begin + len(page) < len(self.news))

    def compare(
        self, tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]
    ) -> Sequence[Standing] | None:
        """As `lapor_compare`: what is in `words`."""
        if destination.plugin != "kantor":
            return None
        known = {
            "Selesai": ("closed",),
            "Proses": ("received", "verified", "dispositioned", "in_progress", "forwarded"),
        }
        return [Standing(name, word, known[word]) for name, word in self.words.items()]

    def hooks(self) -> dict[str, Callable[..., Any]]:
        """The implementations, for tests.core.plugins_made.plugin: functions, which may be marked."""

        def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
            return self.push(tenant, parcel)

        def lapor_pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
            return self.pull(tenant, destination, cursor)

        def lapor_compare(
            tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]
        ) -> Sequence[Standing] | None:
            return self.compare(tenant, destination, refs)

        return {"lapor_push": lapor_push, "lapor_pull": lapor_pull, "lapor_compare": lapor_compare}
