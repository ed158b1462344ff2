"""Where something is, as far as words tell: streets that are named, villages that the government has."""

from __future__ import annotations

import re
from itertools import takewhile

from superapp.sdk import directory

SHORTEST = 4
LOWER = re.compile(
    r"\b(?:di|depan|dekat|sepanjang|pada)\s+(?P<kind>jalan|jln|jl|gang|gg)\b\.?\s*(?P<name>(?:[\w./-]+\s*){1,5})",
    re.IGNORECASE,
)
STOPS_WORDS = (
    "mati rusak berlubang gelap padam banjir udah sudah sejak dari depan dekat sebelah samping "
    "belakang ada yang dan karena tolong kemarin tadi ini itu saya kami kita tersebut mampet macet "
    "bau penuh lampu di ke tidak belum lagi sangat banyak kondisi menuju arah"
)
STOPS = frozenset(STOPS_WORDS.split())
VAGUE_WORDS = (
    "di depan dekat rumah saya aku kami kita sini sana situ disini disana disitu belakang samping "
    "sebelah tempat lingkungan kampung jalan gang"
)
VAGUE = frozenset(VAGUE_WORDS.split())
WORD = re.compile(r"[^\W_]+")
STREET = re.compile(
    r"\b(?P<kind>(?i:jalan|jln|jl|gang|gg|banjar|br|simpang|perempatan|pertigaan|perumahan|komplek|kompleks|blok|"
    r"pasar|terminal|jembatan|taman|lapangan|pantai|pura|sd|smp|sma|puskesmas))\b\.?\s*"
    r"(?P<name>(?:(?:[A-Z0-9][\w./-]*|(?i:no|nomor|km|rt|rw|gang|gg|blok)\.?)(?:\s+|$)){1,6})"
)


def street(text: str) -> str:
    """ "Jalan Pipit No 3" out of a sentence that names it with capitals, or after "di"; "" without."""
    found = STREET.search(text.replace(",", " , "))
    if found is not None and re.search(r"[A-Z0-9]", found["name"]):
        return " ".join(f"{found['kind']} {found['name']}".split())[:200]
    plain = LOWER.search(text)
    if plain is None:
        return ""
    words = list(takewhile(lambda word: word.casefold() not in STOPS, plain["name"].split()))
    return f"{plain['kind']} {' '.join(words)}" if words else ""


def vague(text: str) -> bool:
    """True for "di rumah saya" and "dekat sini", which nobody else can find."""
    return set(WORD.findall(text.casefold())) <= VAGUE


def villages(text: str) -> tuple[directory.AreaInfo, ...]:
    """The villages named in the text; where only a kecamatan is, that one. Longer names win over parts."""
    told = _padded(text)
    found = []
    for area in sorted(directory.areas().values(), key=lambda each: -len(each.name)):
        name = _padded(area.name)
        if len(name) - 2 >= SHORTEST and name in told:
            found.append(area)
    names = [each.name.casefold() for each in found]
    whole = [
        each
        for each in found
        if not any(each.name.casefold() in other and each.name.casefold() != other for other in names)
    ]
    small = [each for each in whole if each.level != "kecamatan"]
    return tuple(small or whole)


def _padded(text: str) -> str:
    """Its words with a space on both sides, so that only whole words are found in it."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def title(area: directory.AreaInfo) -> str:
    """A village with its kecamatan, where two have the same name."""
    parent = directory.areas().get(area.parent_code or "")
    return f"{area.name}, {parent.name}" if parent else area.name
