"""A report as a citizen would write it, and the smallest picture, for the tests of LAPOR."""

from __future__ import annotations

from dataclasses import replace

from plugins.lapor.contracts import Draft, Location

# The smallest whole PNG: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


def draft(**changes: object) -> Draft:
    """A report as a citizen would write it."""
    plain = Draft(
        kind="complaint",
        title="Tumpukan sampah di depan pasar",
        body="Sampah menumpuk tiga hari di depan pasar dan baunya masuk rumah.",
        category="WASTE.PILE",
        location=Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001"),
    )
    return replace(plain, **changes)
