"""Where it is, as people write it into a mail: a labelled line, a point, a street, a village."""

from __future__ import annotations

import math
import re

from plugins.lapor.contracts import Location
from superapp.sdk import directory

LABEL = re.compile(
    r"(?im)^[ \t*-]*(?:lokasi|alamat|tempat|location|address|place)[^\n:=]{0,25}[:=][ \t]*([^\n]{3,300})$"
)
POINT = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{3,10})[ ,;/]{1,3}(1[0-4]\d\.\d{3,10}|9\d\.\d{3,10})(?![\d.])")
STREET = re.compile(
    r"\b((?:[Jj]alan|[Jj]l[.]?|[Jj]ln[.]?|[Gg]ang|[Gg]g[.]?)[ ]+[A-Z0-9][\w.'/-]*"
    r"(?:[ ]+(?:[A-Z0-9][\w.'/-]*|dan [A-Z]\w*))*)"
)
# "Jalan Rusak" at the head of a sentence names no street.
NOT_A_NAME = {"rusak", "berlubang", "umum", "raya", "ini", "itu", "di", "depan", "gelap", "macet", "tol"}
# A village's name alone may be a common word (Serangan, Selatan): only with a word of place before it.
AREA = r"(?i)\b(kelurahan|kel[.]?|desa|kecamatan|kec[.]?|di|daerah|wilayah|sekitar)\s+({})\b"
EXPLICIT = ("kel", "desa", "kec")


def find(text: str) -> Location:
    """The place that a text names; an empty Location when it names none."""
    code, said = _area(text)
    labelled = LABEL.search(text)
    lat, lng = _point(text)
    address = labelled[1].strip() if labelled else _street(text) or said
    return Location(lat=lat, lng=lng, address=address[:500], area_code=code)


def suffices(place: Location) -> bool:
    """True when somebody could go there."""
    return bool(place.address or place.lat is not None)


def answered(text: str) -> Location:
    """The place in an answer to the question where it is: what it names, else its first line as it stands."""
    found = find(text)
    if suffices(found):
        return found
    line = next((each.strip() for each in text.splitlines() if len(each.strip()) >= 4), "")
    return Location(address=line[:300])


def _point(text: str) -> tuple[float | None, float | None]:
    found = POINT.search(text)
    if found is None:
        return None, None
    lat, lng = float(found[1]), float(found[2])
    inside = math.isfinite(lat) and -11.5 <= lat <= 6.5 and 94.5 <= lng <= 141.5
    return (lat, lng) if inside else (None, None)


def _street(text: str) -> str:
    for found in STREET.finditer(text):
        words = found[1].split()
        if words[1].lower().strip(".,") not in NOT_A_NAME:
            return found[1].strip(" .")
    return ""


def _area(text: str) -> tuple[str | None, str]:
    """The code of the one village (else district) that is named, and its name when it was called one."""
    areas = directory.areas()
    names = sorted({area.name for area in areas.values() if len(area.name) >= 4}, key=len, reverse=True)
    if not names:
        return None, ""
    pattern = AREA.format("|".join(map(re.escape, names)))
    said = {(word.lower(), name.lower()) for word, name in re.findall(pattern, text[:20_000])}
    hits = {
        area.code: word.startswith(EXPLICIT)
        for area in areas.values()
        for word, name in said
        if area.name.lower() == name and (area.level == "kecamatan") == word.startswith("kec")
    }
    chosen = [code for code in hits if areas[code].level != "kecamatan"] or list(hits)
    if len(chosen) != 1:
        return None, ""
    return chosen[0], areas[chosen[0]].name if hits[chosen[0]] else ""
