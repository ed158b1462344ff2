"""Where something is, as far as words tell: streets that are named, villages that the government has."""

from __future__ import annotations

import re

from superapp.sdk import directory

SHORTEST = 4
WORD = re.compile(r"[^\W_]+")
STREET = re.compile(
    r"\b(?P<kind>(?i:jalan|jln|jl|gang|gg|banjar|br|simpang|perempatan|pertigaan|perumahan|komplek|kompleks|blok|"
    r"pasar|terminal|jembatan|taman|lapangan|pantai|pura|sd|smp|sma|puskesmas))\b\.?\s*"
    r"(?P<name>(?:(?:[A-Z0-9][\w./-]*|(?i:no|nomor|km|rt|rw|gang|gg|blok)\.?)(?:\s+|$)){1,6})"
)


def street(text: str) -> str:
    """ "Jalan Pipit No 3" out of a sentence that names it with capitals; "" without."""
    found = STREET.search(text.replace(",", " , "))
    if found is None or not re.search(r"[A-Z0-9]", found["name"]):
        return ""
    return " ".join(f"{found['kind']} {found['name']}".split())[:200]


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
