"""What a report is compared by: its place as a cell, its street, and hashes of its words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

import h3

from plugins.lapor.models import Complaint
from plugins.lapor.service.routing.guess import stem

# Some 200 m from the middle of a cell to its corner; with its neighbours 170 m each way or more.
CELL_RESOLUTION: Final = 9
WORDS_LONGEST: Final = 600
SPOT_LONGEST: Final = 200
SAME_TEXT_LEAST: Final = 4  # "lampu mati" is said by thousands and no sign of the same text
BAND_LEAST: Final = 6

TOKEN = re.compile(r"[a-z]+|\d{1,4}(?!\d)")
LONG_NUMBER = re.compile(r"\d{5,}|\S+@\S+|https?://\S+")
STREET = re.compile(r"\b(?:jalan|jln|jl|gang|gg|lorong)\b\.?\s+([a-z ]+)")
# Words that say where beside the street, and so end its name.
_BESIDE = """
depan dekat sebelah samping belakang seberang simpang perempatan pertigaan sekitar sepanjang no
nomor km rt rw blok tiang sampai arah dari dan di ruas menuju tepat
"""
BESIDE: Final = frozenset(_BESIDE.split())
_EMPTY = """
yang dan di ke dari untuk ada ini itu dengan pada atau sudah telah sejak tolong mohon pak bu bapak
ibu min admin kami saya kita warga sangat sekali banget sih nih dong ya juga agar supaya segera
terima kasih selamat pagi siang sore malam jadi karena lagi masih sampai hingga oleh sebagai para
kepada lapor laporan dalam
"""
EMPTY: Final = frozenset(_EMPTY.split())
# The same thing by another name: what citizens write, and what it is folded into.
FOLDED: Final[dict[str, str]] = {
    word: into
    for into, words in {
        "lampu": "pju lampunya penerangan bohlam",
        "mati": "padam gelap nyala hidup menyala",
        "jalan": "jl jln jalanan ruas aspal",
        "lubang": "bolong berlubang lobang berlobang jeglongan",
        "rusak": "hancur ancur pecah jebol",
        "sampah": "sampahnya rongsokan buangan",
        "numpuk": "menumpuk bertumpuk tumpukan menggunung penumpukan",
        "got": "selokan drainase saluran parit comberan",
        "mampet": "tersumbat sumbat buntu macet",
        "banjir": "genangan tergenang kebanjiran luapan meluap",
        "pohon": "phon pohonnya kayu",
        "tumbang": "roboh rebah tumbangnya ambruk",
        "air": "pdam leding ledeng",
        "bocor": "rembes merembes",
        "trotoar": "pedestrian",
        "tidak": "ga gak nggak enggak tdk tak ndak sing bukan belum",
        "anjing": "cicing asu",
        "bau": "busuk menyengat bacin",
        "kabel": "kawat",
        "spbu": "pom bensin pertamina",
        "rumah": "rmh",
        "depan": "dpn",
        "dekat": "dkt deket",
        "besar": "gede bsr",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Marks:
    """A report's marks. `words` is its text and `spot` its address, both folded; the hashes are None
    where too little is said."""

    words: str
    spot: str
    category: str
    at: datetime
    cell: int | None = None
    street: int | None = None
    digest: int | None = None
    band_a: int | None = None
    band_b: int | None = None
    lat: float | None = None
    lng: float | None = None

    @property
    def group(self) -> str:
        """The first part of the category: `LIGHT` of `LIGHT.OUT`; "" when none is known."""
        return self.category.split(".", 1)[0]


def marks(
    text: str, *, category: str | None, at: datetime, lat: float | None, lng: float | None, address: str
) -> Marks:
    """The marks of a report that says `text`, at a point in degrees or an address, received at `at`."""
    tokens = folded(text)
    distinct = sorted(set(tokens))
    placed = lat is not None and lng is not None
    return Marks(
        words=" ".join(tokens)[:WORDS_LONGEST],
        spot=" ".join(folded(address))[:SPOT_LONGEST],
        category=category or "",
        at=at,
        cell=h3.str_to_int(h3.latlng_to_cell(lat, lng, CELL_RESOLUTION)) if placed else None,
        street=street_hash(address),
        digest=_hash("text " + " ".join(tokens)) if len(distinct) >= SAME_TEXT_LEAST else None,
        band_a=_band(distinct, "a"),
        band_b=_band(distinct, "b"),
        lat=lat,
        lng=lng,
    )


def marks_of(case: Complaint) -> Marks:
    """The marks of a complaint that has been received.

    Its body alone speaks: the form makes the title from kind and street, so that titles say nothing new.
    """
    return marks(
        case.body,
        category=case.category_code,
        at=case.received_at,
        lat=case.lat,
        lng=case.lng,
        address=case.address,
    )


def folded(text: str) -> list[str]:
    """The words that carry meaning, in lower case, without accents, stemmed and folded to one name.

    Long numbers, addresses and links are personal or say nothing, and are left out.
    """
    plain = unicodedata.normalize("NFKD", text[:4000].lower())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found = []
    for word in TOKEN.findall(LONG_NUMBER.sub(" ", plain)):
        if word in EMPTY:
            continue
        known = FOLDED.get(word) or FOLDED.get(stem(word)) or stem(word)
        if len(known) > 1 or known.isdigit():
            found.append(known)
    return found


def neighbours(cell: int) -> list[int]:
    """A cell and the six around it."""
    return [h3.str_to_int(each) for each in h3.grid_disk(h3.int_to_str(cell), 1)]


def street_hash(address: str) -> int | None:
    """The street that an address names, as a hash; None when it names none."""
    plain = re.sub(r"[^a-z ,]+", " ", address.lower())
    named = STREET.search(plain)
    words = (named[1] if named else plain.split(",", 1)[0]).split()
    kept: list[str] = []
    for word in words[:3]:
        if word in BESIDE:
            break
        kept.append(word)
    name = " ".join(kept)
    return _hash("street " + name) if len(name) >= 3 else None


def _band(distinct: list[str], name: str) -> int | None:
    """Two of the least hashes of the words together: near-equal texts share one of two bands at 92 %
    (Jaccard 0.85) or more, unlike ones (0.3) at 17 %."""
    if len(distinct) < BAND_LEAST:
        return None
    first = min(_hash(f"{name}1 {word}") for word in distinct)
    second = min(_hash(f"{name}2 {word}") for word in distinct)
    return _hash(f"{first} {second}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
