"""Ready replies: one for everybody under the post, one with the claim link for its writer alone.

A claim link under the post would let anybody take the report over, so it stands in the direct message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

LIMITS = {"x": 280, "tiktok": 150, "threads": 500, "instagram": 2200, "facebook": 8000, "youtube": 10_000}
USUAL = 1000


def public(platform: str, *, number: str, follow: str, by: str) -> str:
    """The reply under the post: the longest that the platform takes. Indonesian, whoever copies it."""
    words = (
        f"Terima kasih sudah menyampaikan. Kami catat sebagai laporan {number} dan teruskan kepada yang "
        f"berwenang. Ikuti penanganannya: {follow}\nTautan untuk menjadikannya laporan Anda kami kirim lewat "
        f"pesan langsung. {by}",
        f"Terima kasih, kami catat sebagai laporan {number}. Ikuti: {follow}\n{by}",
        f"{number} {follow}",
        follow,
    )
    return _fitting(words, limit_of(platform))


def direct(*, number: str, claim: str, until: date, by: str) -> str:
    """The direct message: what the link does, for how long, and that it belongs to one person."""
    day = f"{until.day}-{until.month}-{until.year}"
    return (
        f"Terima kasih sudah menyampaikan. Unggahan Anda kami catat sebagai laporan {number}. Dengan tautan "
        "ini laporan menjadi milik Anda: Anda mendapat kabar, dapat menjawab, dan menentukan kapan "
        f"masalahnya selesai: {claim}\nBerlaku satu kali sampai {day}. Jangan dibagikan. {by}"
    )


def limit_of(platform: str) -> int:
    """How many letters a reply under a post may have there."""
    return LIMITS.get(platform, USUAL)


def _fitting(words: Sequence[str], most: int) -> str:
    return next((each for each in words if len(each) <= most), words[-1][:most])
