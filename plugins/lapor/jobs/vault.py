"""The vault's own work: rotations carried to their end, identities whose time is over."""

from __future__ import annotations

from plugins.lapor.service.vault import retain, rotate


def carry_on() -> None:
    """Take a rotation to its end: wrap what is behind, retire what nobody needs, follow the host's secret.

    Does nothing when nothing is to be done, and may be repeated at any point.
    """
    rotate.wrap_anew()
    if rotate.state().behind:
        rotate.carry_on()
    if len(rotate.state().living) > 1:
        rotate.retire()


def shred() -> None:
    """Destroy identities after the tenant's months."""
    retain.shred()
