"""Other registers: sending what waits, asking what is new, comparing, and who keeps silent."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.service.outside import compare as comparing
from plugins.lapor.service.outside import destinations, pulling, sending, tidying
from plugins.lapor.service.owners import outside as owners
from superapp.sdk import defer, work

REMINDERS = 500  # of one day


def deliver(destination_id: str) -> None:
    """One turn of sending to one register."""
    sending.deliver(UUID(destination_id))


def wake() -> None:
    """Take up what is due and what a dead worker left."""
    sending.wake()


def pull() -> None:
    """Ask every register what is new, each in a job of its own."""
    _each("lapor.pull_one")


def pull_one(destination_id: str) -> None:
    """Ask one register."""
    pulling.pull(UUID(destination_id))


def compare() -> None:
    """Compare both sides, each register in a job of its own."""
    _each("lapor.compare_one")


def compare_one(destination_id: str) -> None:
    """Compare with one register."""
    comparing.compare(UUID(destination_id))


def tidy() -> None:
    """Empty old news and forget deliveries that are long done."""
    tidying.tidy()


def ask_silent() -> None:
    """Remind the desk of outside owners of whom nothing was heard for the tenant's days."""
    for assignment_id in owners.silent(REMINDERS):
        owners.remind(assignment_id)


def _each(job: str) -> None:
    with work():
        for each in destinations.destinations():
            name = f"{job}:{each.id}"
            defer(job, lock=name, once=name, destination_id=str(each.id))
