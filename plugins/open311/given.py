"""What a caller gave: texts to values, each refusal naming the parameter as it was spelled.

An empty parameter is an absent one. Refusals are those of the SDK; `answers` gives them GeoReport's
statuses and shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from superapp.sdk import BadRequest, FieldError, current_tenant

Given = Mapping[str, str]
REACH = (-11.5, 6.5, 94.5, 141.5)  # south, north, west, east of Indonesia, as LAPOR judges reports
SPELLED = re.compile(r"attribute\[([^\]\[]{1,80})\](\[\d*\])?")


def refuse(name: str, message: str, code: str = "invalid") -> BadRequest:
    """The refusal of one parameter."""
    return BadRequest(errors=[FieldError(name, message, code)])


def text(given: Given, name: str, most: int = 500) -> str:
    """A trimmed text, "" when absent. Raises BadRequest when it is too long."""
    value = given.get(name, "").strip()
    if len(value) > most:
        raise refuse(name, _("%(name)s: paling panjang %(most)s huruf.", name=name, most=most), "length")
    return value


def names(given: Given, name: str) -> tuple[str, ...]:
    """A comma list without empty parts, each once."""
    parts = (part.strip() for part in given.get(name, "")[:20_000].split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def number(given: Given, name: str, low: float, high: float) -> float | None:
    """A decimal number within its bounds, None when absent. Raises BadRequest."""
    value = text(given, name, 40)
    if not value:
        return None
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and low <= found <= high):
        raise refuse(
            name,
            _("%(name)s: angka dari %(low)s sampai %(high)s.", name=name, low=f"{low:g}", high=f"{high:g}"),
            "range",
        )
    return found


def in_reach(lat: float, long: float) -> bool:
    """True for a point that a report may lie at: LAPOR takes those of the archipelago."""
    return REACH[0] <= lat <= REACH[1] and REACH[2] <= long <= REACH[3]


def whole(given: Given, name: str, default: int, low: int, high: int) -> int:
    """A whole number within its bounds. Raises BadRequest."""
    value = text(given, name, 12)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise refuse(name, _("%(name)s: bilangan %(low)s sampai %(high)s.", name=name, low=low, high=high))
    return int(value)


def moment(given: Given, name: str) -> datetime | None:
    """A W3C date and time; without a zone it is the government's. Raises BadRequest."""
    value = text(given, name, 40)
    if not value:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        found = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", value))
    except ValueError:
        raise refuse(
            name, _("%(name)s: tulis seperti 2026-03-17T08:00:00+08:00.", name=name), "format"
        ) from None
    zone = ZoneInfo(current_tenant().timezone)
    if "T" not in value and ":" not in value:
        found = datetime.combine(date(found.year, found.month, found.day), time.min)
    if not 2000 <= found.year <= 2200:
        raise refuse(name, _("%(name)s: tahun 2000 sampai 2200.", name=name), "range")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def choices(given: Given, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """A comma list of known words. Raises BadRequest naming the first that is none."""
    found = names(given, name)
    for each in found:
        if each not in known:
            said = _("%(name)s: salah satu dari %(known)s.", name=name, known=", ".join(known))
            raise refuse(name, said, "choice")
    return found


def attributes(form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """`attribute[CODE]=v` and `attribute[CODE][]=a`: the values of each code, in their order."""
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        spelled = SPELLED.fullmatch(name)
        if spelled:
            found.setdefault(spelled[1], []).extend(value for value in values if value.strip())
    return found
