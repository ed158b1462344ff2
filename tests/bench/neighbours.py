"""A made-up city whose incidents are reported by one or several people, to measure likeness on.

Each incident is at one spot, of one kind, from one hour on. Its reporters write in words of their own
(or copy a neighbour's), mistype, stand some metres away, sometimes give no point, and choose the kind
wrongly now and then. Many incidents of the same kind lie near each other, as on a street where lamps fail.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOUTH, WEST, NORTH, EAST = -8.735, 115.175, -8.600, 115.270  # a city's size
DAYS = 60
KINDS: dict[str, tuple[str, ...]] = {
    "LIGHT.OUT": (
        "lampu jalan mati {n} tiang sejak {when}, gelap sekali di {where}",
        "PJU padam di {where} dari {when} mohon diperbaiki",
        "tolong lampu penerangan jalannya {where} tidak menyala sudah {when}",
        "gelap banget {where}, lampu nya mati semua, kemarin ada yang hampir jatuh",
        "min lampu jln dpn {where} mati udah {when} belum ada yang benerin",
    ),
    "ROAD.POTHOLE": (
        "jalan berlubang di {where}, lubang besar dan dalam, bahaya untuk motor",
        "ada lobang gede {where} sudah {when} banyak yang jatuh",
        "aspal rusak parah {where}, tolong ditambal sebelum ada korban",
        "jln bolong dekat {where} mohon diperbaiki, {when} belum ada tindakan",
        "jalanan hancur {where} kalau hujan lubang tidak kelihatan",
    ),
    "WASTE.PILE": (
        "sampah menumpuk di {where} sudah {when} tidak diangkut, bau",
        "tumpukan sampah {where} busuk sekali, mohon segera diangkut",
        "rongsokan dan sampah dibuang sembarangan dekat {where} dari {when}",
        "truk sampah tidak datang {when}, sampah {where} menggunung dan banyak lalat",
    ),
    "DRAIN.CLOG": (
        "got mampet di {where}, air meluap ke jalan tiap hujan",
        "selokan tersumbat sampah {where}, sejak {when} tergenang",
        "saluran drainase buntu {where} mohon dibersihkan banyak nyamuk",
        "parit {where} penuh lumpur, kemarin banjir sampai ke teras",
    ),
    "TREE.FALLEN": (
        "pohon tumbang menutup jalan di {where}",
        "ada pohon roboh {where} sejak {when} menimpa kabel",
        "dahan besar patah {where}, mobil tidak bisa lewat",
        "mohon bantuan pohon ambruk kena angin dekat {where}",
    ),
    "WATER.LEAK": (
        "pipa air bocor di {where}, air terbuang sejak {when}",
        "pdam bocor {where} jalan jadi becek tolong dicek",
        "air ledeng rembes ke jalan dekat {where} sudah {when}",
    ),
}
FAMILIES = ["Tukad", "Pulau", "Gunung", "Danau", "Nusa", "Sekar", "Raya", "Kampus"]
NAMES = [
    "Barito",
    "Kawe",
    "Agung",
    "Tamblingan",
    "Indah",
    "Jepun",
    "Puputan",
    "Udayana",
    "Badung",
    "Moyo",
    "Batur",
    "Beratan",
    "Kambangan",
    "Tunjung",
    "Sesetan",
    "Bali",
    "Yeh",
    "Saelus",
    "Sanghyang",
    "Buyan",
    "Penida",
    "Sari",
    "Pemogan",
    "Jaya",
    "Balian",
    "Misol",
    "Lempuyang",
    "Poso",
    "Ceningan",
    "Wangi",
]
STREETS = tuple(f"{family} {name}" for family in FAMILIES for name in NAMES)
SPOTS = [
    "pasar",
    "SPBU",
    "sekolah",
    "banjar",
    "pura",
    "minimarket",
    "puskesmas",
    "jembatan",
    "kantor pos",
    "lapangan",
    "warung nasi",
    "gang 4",
    "perempatan",
    "apotek",
    "bengkel",
    "klinik",
    "toko bangunan",
    "pertigaan",
    "balai desa",
    "taman",
]
WHEN = [
    "kemarin",
    "tadi malam",
    "minggu malam",
    "tiga hari",
    "seminggu",
    "dua minggu",
    "senin",
    "pagi tadi",
    "hari jumat",
    "lama",
]


@dataclass(frozen=True, slots=True)
class Told:
    """One report; those with the same `incident` are one."""

    incident: int
    text: str
    category: str | None
    lat: float | None
    lng: float | None
    address: str
    at: datetime


def told(incidents: int, seed: int) -> list[Told]:
    """The reports of so many incidents in the order they came; the same seed tells the same."""
    dice = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    streets = {name: _street(dice) for name in STREETS}
    found = [each for n in range(incidents) for each in _incident(n, dice, start, streets)]
    return sorted(found, key=lambda each: each.at)


def _street(dice: random.Random) -> tuple[float, float, float, float]:
    """A straight street of one to three kilometres: where it begins and where it runs to."""
    lat, lng = dice.uniform(SOUTH, NORTH), dice.uniform(WEST, EAST)
    return lat, lng, lat + dice.uniform(-0.013, 0.013), lng + dice.uniform(-0.013, 0.013)


def _incident(
    n: int, dice: random.Random, start: datetime, streets: dict[str, tuple[float, float, float, float]]
) -> Iterator[Told]:
    kind = dice.choice(list(KINDS))
    street, spot = dice.choice(STREETS), dice.choice(SPOTS)
    lat0, lng0, lat1, lng1 = streets[street]
    along = dice.random()
    lat, lng = lat0 + along * (lat1 - lat0), lng0 + along * (lng1 - lng0)
    moment = start + timedelta(days=dice.uniform(0, DAYS))
    voices = dice.choices((1, 2, 3, 4, 6, 9), (84, 9, 3, 2, 1, 1))[0]
    first = ""
    for _ in range(voices):
        text = _mistyped(_said(kind, street, spot, dice), dice)
        if first and dice.random() < 0.12:
            text = first if dice.random() < 0.5 else _mistyped(first, dice)
        first = first or text
        pointed = dice.random() > 0.15
        spread = 0.00025 if dice.random() > 0.1 else 0.0012
        yield Told(
            n,
            text,
            _chosen(kind, dice),
            lat + dice.gauss(0, spread) if pointed else None,
            lng + dice.gauss(0, spread) if pointed else None,
            _address(street, spot, dice),
            moment,
        )
        moment += timedelta(hours=dice.expovariate(1 / 40))


def _said(kind: str, street: str, spot: str, dice: random.Random) -> str:
    where = dice.choice(
        (
            f"{street} depan {spot}",
            f"jalan {street}",
            f"dekat {spot}",
            f"jl {street} seberang {spot}",
            f"depan {spot}",
        )
    )
    return dice.choice(KINDS[kind]).format(where=where, when=dice.choice(WHEN), n=dice.randint(2, 9))


def _mistyped(text: str, dice: random.Random) -> str:
    """A letter lost, doubled or swapped in about every twelfth word."""
    words = text.split()
    for n, word in enumerate(words):
        if len(word) > 4 and dice.random() < 0.08:
            at = dice.randrange(1, len(word) - 1)
            words[n] = dice.choice(
                (
                    word[:at] + word[at + 1 :],
                    word[:at] + word[at] + word[at:],
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                )
            )
    return " ".join(words)


def _chosen(kind: str, dice: random.Random) -> str | None:
    luck = dice.random()
    if luck < 0.10:
        return None
    return dice.choice(list(KINDS)) if luck < 0.17 else kind


def _address(street: str, spot: str, dice: random.Random) -> str:
    return dice.choice(
        (
            f"Jalan {street}, depan {spot}",
            f"Jl. {street} no {dice.randint(1, 200)}",
            f"jln {street.lower()} dekat {spot}",
            f"Depan {spot} jl {street}",
            f"{street}",
        )
    )
