"""Trying the rules: which one speaks for a report on a day, and why each of the others was passed over."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from plugins.lapor.contracts import AgencyRef, Draft, Kind, Location
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.reference import Rule, reference, valid_on
from plugins.lapor.service.routing import enrich
from plugins.lapor.service.routing.route import matching
from plugins.lapor.service.validate import category_errors
from superapp.sdk import FieldError, Invalid, directory

Why = Literal["speaks", "dates", "closed", "area", "kind", "less_specific", "lower_priority"]
KINDS = ("complaint", "aspiration", "information")
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule of the matter and what became of it. `document` and dates are the rule's own."""

    rule: Rule
    agency: AgencyRef | None
    why: Why


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried: the category and area that the rules were asked for, and the rules in their order."""

    category: str | None
    guessed: bool
    words: tuple[str, ...]
    area: str | None
    nearest: bool  # the area was taken from the point
    verdicts: tuple[Verdict, ...]
    others: int  # rules of other categories, which nobody asked

    @property
    def speaks(self) -> Verdict | None:
        """The rule that the report would follow."""
        return next((each for each in self.verdicts if each.why == "speaks"), None)


def attempt(
    day: date,
    *,
    text: str = "",
    category: str = "",
    kind: str = "complaint",
    area: str = "",
    lat: float | None = None,
    lng: float | None = None,
) -> Tried:
    """Ask the tenant's rules as they would answer on `day`.

    Without a category it is guessed from the text, without an area the village nearest to the point is
    taken. Raises Invalid naming each wrong field.
    """
    errors = category_errors(category or None)
    if kind not in KINDS:
        errors.append(FieldError("kind", "Pilih pengaduan, aspirasi, atau permintaan informasi.", "choice"))
    if area and area not in directory.areas():
        errors.append(FieldError("area", "Wilayah ini tidak ada. Pilih dari daftar.", "unknown"))
    if (lat is None) != (lng is None):
        errors.append(FieldError("lat", "Isi lintang dan bujur, atau kosongkan keduanya.", "format"))
    if errors:
        raise Invalid(errors=errors)
    where = area or (nearest_village(lat, lng) if lat is not None and lng is not None else None)
    chosen: Kind = kind  # type: ignore[assignment]
    draft = Draft(chosen, "", text, category=category or None, location=Location(lat, lng, "", where))
    told = enrich.own(draft) or draft
    return Tried(
        category=told.category,
        guessed=told.guessed,
        words=told.words,
        area=where,
        nearest=bool(where and not area),
        verdicts=_judged(replace(told, location=draft.location), day),
        others=sum(rule.category_code not in (None, told.category) for rule in reference().rules),
    )


def nearest_village(lat: float, lng: float) -> str | None:
    """The code of the village whose point is nearest (degrees, WGS 84); None without any."""
    places = [
        (_km(lat, lng, each.lat, each.lng), each.code)
        for each in directory.areas().values()
        if each.level != "kecamatan" and each.lat is not None and each.lng is not None
    ]
    return min(places, default=(0.0, None))[1]


def _judged(draft: Draft, day: date) -> tuple[Verdict, ...]:
    order = matching(draft, day)
    asked = [rule for rule in reference().rules if rule.category_code in (None, draft.category)]
    found = [Verdict(rule, agency_ref(rule.agency_id), _why(rule, order, draft, day)) for rule in asked]
    place = {rule.id: n for n, rule in enumerate(order)}
    rest = sorted(found, key=lambda each: (place.get(each.rule.id, len(order)), each.why, str(each.rule.id)))
    return tuple(rest)


def _why(rule: Rule, order: list[Rule], draft: Draft, day: date) -> Why:
    if order and rule.id == order[0].id:
        return "speaks"
    if rule in order:
        best = order[0]
        closer = (best.category_code, best.area_code, best.kind) != (
            rule.category_code,
            rule.area_code,
            rule.kind,
        )
        return "less_specific" if closer else "lower_priority"
    if not valid_on(rule, day):
        return "dates"
    if rule.kind not in (None, draft.kind):
        return "kind"
    unit = directory.agencies().get(rule.agency_id)
    if unit is None or not unit.valid_on(day):
        return "closed"
    return "area"


def _km(lat: float, lng: float, other_lat: float | None, other_lng: float | None) -> float:
    """Along the great circle."""
    one, two = math.radians(lat), math.radians(other_lat or 0.0)
    turn = math.radians((other_lng or 0.0) - lng)
    half = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(turn / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
