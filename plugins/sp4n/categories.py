"""Where each category of ours goes in the national tree, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts.door import DOOR
from plugins.sp4n.models import CategoryMap
from plugins.sp4n.transport import National
from superapp.sdk import FieldError, Invalid, audit, new_id, session, use, work

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One of our categories with its national pair. `own`: set at the desk, not by categories.csv."""

    code: str
    name: str
    group: str
    pair: National
    own: bool

    @property
    def mapped(self) -> bool:
        """True when it has a place in the national tree."""
        return bool(self.pair.main)


def lines() -> list[Line]:
    """All categories of today, in the tenant's order."""
    kept = {row.category: row for row in session().scalars(select(CategoryMap))}
    made = []
    for each in use(DOOR).categories():
        row = kept.get(each.code)
        pair = National(row.main, row.sub) if row else National(*each.national)
        made.append(Line(each.code, each.name, each.group, pair, row is not None))
    return made


def pair_of(code: str) -> National:
    """The national pair of a category; an empty one when it is not mapped."""
    return next((each.pair for each in lines() if each.code == code), National())


def codes() -> Mapping[National, str]:
    """Our category for each national pair that names just one: where several fit, LAPOR guesses by words."""
    found = [each for each in lines() if each.mapped]
    times = Counter(each.pair for each in found)
    return {each.pair: each.code for each in found if times[each.pair] == 1}


def save(given: Mapping[str, National]) -> int:
    """Keep the pairs of these categories; how many changed. Raises Invalid naming `main-CODE`, `sub-CODE`."""
    known = {each.code: each for each in lines()}
    given = {code: _tidy(pair) for code, pair in given.items() if code in known}
    errors = [error for code, pair in given.items() for error in _faults(code, pair)]
    if errors:
        raise Invalid(errors=errors)
    changed = {code: pair for code, pair in given.items() if pair != known[code].pair}
    with work() as unit:
        rows = {row.category: row for row in unit.scalars(select(CategoryMap).with_for_update())}
        for code, pair in sorted(changed.items()):
            row = rows.get(code)
            if row is None:
                unit.add(CategoryMap(id=new_id(), category=code, main=pair.main, sub=pair.sub))
            else:
                row.main, row.sub = pair.main, pair.sub
        if changed:
            audit.record("sp4n.categories", "plugin", "sp4n", codes=sorted(changed)[:50])
    return len(changed)


def _tidy(pair: National) -> National:
    return National(" ".join(pair.main.split()), " ".join(pair.sub.split()))


def _faults(code: str, pair: National) -> list[FieldError]:
    found = []
    for name, value in (("main", pair.main), ("sub", pair.sub)):
        if len(value) > LONGEST or not value.isprintable():
            found.append(FieldError(f"{name}-{code}", _("Satu baris, paling panjang 200 huruf."), "length"))
    if pair.sub and not pair.main:
        found.append(FieldError(f"main-{code}", _("Isi kategori utamanya juga."), "required"))
    return found
