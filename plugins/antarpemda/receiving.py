"""What a linked government writes about a case, turned into LAPOR's news; what is not taken goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from plugins.antarpemda import links
from plugins.antarpemda.models import Journey
from plugins.antarpemda.sending import CASE
from plugins.lapor.contracts import Contact, Draft, Location, Upload
from plugins.lapor.contracts.door import DOOR
from plugins.lapor.contracts.outside import OUTSIDE, Arrival, CaseRef, Destination, News, Taken
from superapp.sdk import Conflict, current_tenant, directory, now, post, use, work

NEWS: Final[frozenset[str]] = frozenset(
    [
        *("number", "progress", "answer", "closing", "return", "question"),
        *("reply", "solved", "unsolved", "withdrawn"),
    ]
)
OVER: Final = frozenset({"closed", "archived"})
Told = Mapping[str, Any]


def take(sender: str, letter: str, enclosed: Sequence[bytes], told: Told) -> None:
    """Take one letter in. Raises Conflict when there is no link, or a case that cannot be taken."""
    there = links.destination(sender)
    if there is None:
        raise Conflict(_("Tidak ada sambungan antarpemda dengan %(slug)s.", slug=sender))
    ref = use(OUTSIDE).ref(there.id, foreign_id=_text(told, "number", 200), number=_text(told, "yours", 40))
    if told.get("what") != "hand":
        use(OUTSIDE).take(there.id, _news(letter, enclosed, told, _heard(told, ref)))
    elif ref is None:
        _take_over(there, letter, enclosed, told)
    else:
        _take_again(there, letter, enclosed, told, ref)


def come_back(receiver: str, letter: str, why: str, told: Told) -> None:
    """A case that was not taken there is returned here, with the reason; of one that they keep it is told."""
    there = links.destination(receiver)
    if there is None:
        return
    said = _("layanannya di sana sedang tidak dibuka") if why == "closed" else why
    use(OUTSIDE).take(
        there.id,
        Arrival(
            f"{letter}:back",
            now(),
            number=_text(told, "number", 40),
            news="return" if told.get("what") == "hand" else "progress",
            text=_("Tidak diterima: %(why)s", why=said),
        ),
    )


def _take_over(there: Destination, letter: str, enclosed: Sequence[bytes], told: Told) -> None:
    """A case of theirs becomes ours; they learn our number."""
    chain = [each for each in _text(told, "chain", 2000).split("|") if each]
    scope = links.one(there.key).scope
    if scope is None or not scope.receive or not scope.covers(_text(told, "category", 60)):
        raise Conflict(_("Sambungan ini tidak memuat laporan seperti ini."))
    if current_tenant().slug in chain:
        raise Conflict(_("Laporan ini sudah pernah di sini."))
    number = _text(told, "number", 200)
    arrival = Arrival(
        letter,
        _moment(told),
        foreign_id=number,
        draft=_draft(there, told, identity=scope.identity),
        photos=_uploads(enclosed),
    )
    links.forget()
    taken = use(OUTSIDE).take(there.id, arrival)
    _must(taken)
    if taken.complaint_id is None:
        return
    with work() as unit:
        unit.merge(
            Journey(
                tenant_id=current_tenant().id,
                complaint_id=taken.complaint_id,
                chain=chain or [there.key],
            )
        )
        _tell_number(there, letter, taken.complaint_id, taken.number, number)


def _take_again(there: Destination, letter: str, enclosed: Sequence[bytes], told: Told, ref: CaseRef) -> None:
    """A case that both know changes hands: returned to us, or given to us once more."""
    news: News = "progress"
    if ref.owner:
        news = "return"
    elif ref.came_from_there and ref.status in OVER:
        news = "unsolved"
    taken = use(OUTSIDE).take(there.id, _news(letter, enclosed, told, news))
    if news != "progress":
        _must(taken)


def _must(taken: Taken) -> None:
    if not taken.applied and not taken.repeated:
        raise Conflict(taken.why or _("Laporan ini tidak dapat diterima."))


def _heard(told: Told, ref: CaseRef | None) -> News:
    """What their news are for us. Who takes its case back ends our work on it; ours nobody takes back."""
    news = _text(told, "news", 20)
    if news not in NEWS:
        raise Conflict(_("Kabar ini tidak dikenal."))
    held_here = ref is not None and not ref.owner and ref.status not in OVER
    if told.get("taken_back") is True and held_here and ref is not None:
        if not ref.came_from_there:
            raise Conflict(_("Laporan ini dipegang %(name)s.", name=current_tenant().name))
        return "withdrawn"
    return news  # type: ignore[return-value]


def _news(letter: str, enclosed: Sequence[bytes], told: Told, news: News) -> Arrival:
    rating = told.get("rating")
    return Arrival(
        letter,
        _moment(told),
        foreign_id=_text(told, "number", 200),
        number=_text(told, "yours", 40),
        news=news,
        text=_text(told, "text", 5000),
        who=_text(told, "who", 120),
        photos=_uploads(enclosed),
        data={"rating": rating} if isinstance(rating, int) else {},
    )


def _tell_number(there: Destination, letter: str, complaint_id: UUID, number: str, theirs: str) -> None:
    fields = {
        "what": "news",
        "news": "number",
        "number": number,
        "yours": theirs,
        "at": now().isoformat(),
    }
    post(there.key, CASE, fields, letter=f"{letter}:number", order=str(complaint_id))


def _draft(there: Destination, told: Told, *, identity: bool) -> Draft:
    lat, lng = _degree(told, "lat"), _degree(told, "lng")
    both = lat is not None and lng is not None
    who = Contact(_text(told, "name", 200), _text(told, "phone", 25), _text(told, "email", 200))
    anonymous = told.get("anonymous") is True
    return Draft(
        kind=_text(told, "kind", 20),  # type: ignore[arg-type]
        title=_text(told, "title", 200),
        body=_text(told, "body", 10_000),
        category=_category(_text(told, "category", 60)),
        location=Location(
            lat if both else None,
            lng if both else None,
            _text(told, "address", 500),
            _area(_text(told, "area", 20)),
        ),
        reporter=who if identity and not anonymous else Contact(),
        anonymous=anonymous,
        channel=links.channel(there.key),
        source_url=_text(told, "url", 1900),
        extra={"external_id": _text(told, "number", 100)},
    )


def _category(code: str) -> str | None:
    """Their category where we have it too; else it is guessed here as for any report."""
    known = {each.code for each in use(DOOR).categories()}
    return code if code in known else None


def _area(code: str) -> str | None:
    """The smallest area of ours that holds theirs: of a village its city, in a province."""
    known = directory.areas()
    parts = code.split(".")
    found = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((each for each in found if each in known), None)


def _uploads(enclosed: Sequence[bytes]) -> tuple[Upload, ...]:
    return tuple(Upload(f"{n}.webp", data) for n, data in enumerate(enclosed, 1))


def _moment(told: Told) -> datetime:
    try:
        at = datetime.fromisoformat(_text(told, "at", 40))
    except ValueError:
        return now()
    return at if at.tzinfo is not None else now()


def _degree(told: Told, name: str) -> float | None:
    try:
        return float(_text(told, name, 30))
    except ValueError:
        return None


def _text(told: Told, name: str, most: int) -> str:
    value = told.get(name)
    return value[:most] if isinstance(value, str) else ""
