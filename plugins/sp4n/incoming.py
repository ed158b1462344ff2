"""What the other side tells, read with suspicion: bounded, cleaned, and always something LAPOR can keep."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.contracts.outside import Arrival
from plugins.sp4n.contract import CASE, KINDS, Contract, Pull
from plugins.sp4n.transport import Codes, National
from superapp.sdk import directory, now

CHANNEL: Final = "sp4n"
TITLE, BODY, TEXT, ADDRESS, NAME = 200, 10_000, 5000, 500, 200
IDS: Final = 200
LAT, LNG = (-11.5, 6.5), (94.5, 141.5)  # Indonesia, as LAPOR takes it
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")
DIRECTION = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
TRUE: Final = frozenset({"true", "1", "ya", "y", "yes"})
Found = Mapping[str, Any]


def at(data: Any, path: str) -> Any:
    """What stands at a dotted path; None when nothing does, or the path is ""."""
    for part in path.split(".") if path else ():
        if not isinstance(data, Mapping):
            return None
        data = data.get(part)
    return data if path else None


def text(value: Any, most: int, *, lines: bool = False) -> str:
    """A value as text that a page can show and LAPOR keeps: no controls or directions, few marks a letter."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) > 10**18:
        return ""
    kept, stack = [], 0
    for char in str(value)[: most * 4].replace("\r\n", "\n").replace("\r", "\n"):
        kind = unicodedata.category(char)
        stack = stack + 1 if kind in {"Mn", "Me"} else 0
        if kind in {"Cs", "Cc"} or char in DIRECTION or stack > 5:
            kept.append("\n" if char == "\n" and lines else " " if char in "\n\t" else "")
        else:
            kept.append(char)
    whole = unicodedata.normalize("NFC", "".join(kept)).strip()
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def moment(value: Any) -> datetime:
    """When it happened there, never after now: a clock that runs ahead must not silence later news."""
    told = text(value, 40)
    try:
        found = datetime.fromisoformat(told)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return min(aware.astimezone(UTC), now())
    except (ValueError, OverflowError):
        return now()


def arrival(item: Any, contract: Contract, pull: Pull, codes: Codes) -> Arrival | None:
    """One piece of news; None for what has no id, no number, or a kind that the contract does not know."""
    told = {name: at(item, path) for name, path in pull.item.items()}
    known = pull.types.get(text(told.get("type"), 100))
    own, foreign = text(told.get("id"), IDS), text(told.get("foreign_id"), IDS)
    if known is None or not own or not (foreign or told.get("number")):
        return None
    rating = told.get("rating")
    return Arrival(
        id=own,
        at=moment(told.get("at")),
        foreign_id=foreign,
        second_id=text(told.get("second_id"), IDS),
        number=text(told.get("number"), 40) if known != CASE else "",
        news=None if known == CASE else cast(Any, known),
        text=text(told.get("text"), TEXT, lines=True),
        word=text(told.get("word"), 100),
        who=text(told.get("who"), 120),
        draft=draft(item, contract, pull, codes) if known == CASE else None,
        data={"rating": rating} if isinstance(rating, int) and rating in range(1, 6) else {},
    )


def draft(item: Any, contract: Contract, pull: Pull, codes: Codes) -> Draft:
    """A report of theirs, which always passes LAPOR's rules: what does not fit is left out of it."""
    told = {name: at(item, path) for name, path in pull.case.items()}
    anonymous = truth(told.get("anonymous"))
    title, whole = text(told.get("title"), TITLE), text(told.get("body"), BODY, lines=True)
    kinds = {word: kind for kind, word in contract.words.kind.items()}
    kind = kinds.get(text(told.get("kind"), 100), KINDS[0])
    pair = National(text(told.get("category_main"), 200), text(told.get("category_sub"), 200))
    return Draft(
        kind=cast(Any, kind),
        title=title.replace("\n", " "),
        body=whole or title or "-",
        category=codes.get(pair),
        occurred_on=_day(told.get("occurred_on")),
        location=_place(told),
        reporter=Contact() if anonymous else _contact(told),
        anonymous=anonymous,
        secret=truth(told.get("secret")),
        channel=CHANNEL,
        agency_code=_unit(text(told.get("agency"), 200)),
    )


def truth(value: Any) -> bool:
    """True for true, 1 and the usual words for it."""
    return value is True or text(value, 10).lower() in TRUE


def _place(told: Found) -> Location:
    lat, lng = _degrees(told.get("lat"), LAT), _degrees(told.get("lng"), LNG)
    area = text(told.get("area_code"), 30)
    whole = lat is not None and lng is not None
    return Location(
        lat=lat if whole else None,
        lng=lng if whole else None,
        address=text(told.get("address"), ADDRESS),
        area_code=area if area in directory.areas() else None,
    )


def _degrees(value: Any, bounds: tuple[float, float]) -> float | None:
    try:
        found = float(text(value, 30))
    except ValueError:
        return None
    return found if math.isfinite(found) and bounds[0] <= found <= bounds[1] else None


def _contact(told: Found) -> Contact:
    phone, email = text(told.get("phone"), 30), text(told.get("email"), 250)
    return Contact(
        name=text(told.get("name"), NAME),
        phone=phone if PHONE.fullmatch(phone) else "",
        email=email if EMAIL.fullmatch(email) else "",
    )


def _day(value: Any) -> date | None:
    try:
        found = date.fromisoformat(text(value, 30)[:10])
    except ValueError:
        return None
    today = now().date()
    return found if 0 <= (today - found).days < 3600 else None


def _unit(named: str) -> str | None:
    """The unit of ours that they name by its code or name; None when it is not clear."""
    if not named:
        return None
    today = now().date()
    found = {
        each.code
        for each in directory.agencies().values()
        if named.casefold() in {each.code.casefold(), each.name.casefold(), each.short_name.casefold()}
        and not each.is_external
        and each.valid_on(today)
    }
    return found.pop() if len(found) == 1 else None
