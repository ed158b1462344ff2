"""What news do to a case: its outside owner is heard, its reporter where the case came from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import func, select

from plugins.lapor.contracts import Done
from plugins.lapor.contracts.outside import Arrival
from plugins.lapor.models import Assignment, Complaint, DestinationRow, OutsideRef, ParcelRow, Reporter
from plugins.lapor.service import close, codes
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.outside import numbers
from plugins.lapor.service.outside.arriving import sound
from plugins.lapor.service.owners import outside as owners
from superapp.sdk import Conflict, session

# News of who has the case, as `owners.outside.hear` writes them down. A question of theirs is for the
# reporter to read and to answer, as every word of progress is.
OF_THE_OWNER: Final = {
    "progress": "progress",
    "question": "progress",
    "answer": "answer",
    "closing": "closing",
    "return": "return",
}
# News that end a round are not late behind words of progress, which change no state back; only behind
# what began their round here: the step to which they are the answer.
ENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "answer": ("new", "reopened"),
    "closing": ("new", "reopened"),
    "return": ("new", "reopened"),
    "solved": ("answer",),
    "unsolved": ("answer",),
    "withdrawn": (),
}


class Kept(Exception):
    """It stays news and changes nothing; the message says why."""


def demand_new(ref: OutsideRef, arrival: Arrival) -> None:
    """Raise Kept for news that are older than what counts already."""
    if ref.newest_at is None or arrival.at >= ref.newest_at:
        return
    began = ENDING.get(str(arrival.news))
    if began is None or not _in_this_round(ref, arrival, began):
        raise Kept(_("Kabar ini terlambat: yang lebih baru sudah berlaku."))


def _in_this_round(ref: OutsideRef, arrival: Arrival, began: tuple[str, ...]) -> bool:
    last = select(func.max(ParcelRow.made_at)).where(
        ParcelRow.destination_id == ref.destination_id,
        ParcelRow.complaint_id == ref.complaint_id,
        ParcelRow.step.in_(began),
    )
    moment = session().scalar(last)
    return moment is None or arrival.at >= moment


def apply(target: DestinationRow, ref: OutsideRef, case: Complaint, arrival: Arrival) -> None:
    """Change the case as the news say. Raises Kept, or what the step itself raises, when it cannot."""
    part = numbers.outside_part(target, case) if ref.owner else None
    if part is not None and arrival.news in OF_THE_OWNER:
        _hear(target, ref, case, part, arrival)
        return
    of_reporter = OF_THE_REPORTER.get(str(arrival.news))
    if ref.came_from_there and of_reporter is not None:
        of_reporter(case, arrival)
        return
    if ref.came_from_there:
        raise Kept(_("Kabar ini hanya untuk dibaca: laporannya ditangani di sini."))
    raise Kept(_("Di sana laporan ini hanya salinan."))


def _hear(
    target: DestinationRow, ref: OutsideRef, case: Complaint, part: Assignment, arrival: Arrival
) -> None:
    unit = agency_ref(part.agency_id)
    heard = OF_THE_OWNER[str(arrival.news)]
    if case.status == "answered":
        raise Kept(_("Laporan ini sudah dijawab dan menunggu pelapor."))
    if part.state == "answered" and heard != "return":
        raise Kept(_("Bagian ini sudah dijawab; bagian lain masih dikerjakan."))
    owners.hear(
        case.id,
        heard=heard,
        text=arrival.text or arrival.word or _SAID[heard](target.title),
        source=(f"{target.title}, {arrival.who}" if arrival.who else target.title)[:200],
        agency_code=unit.code if unit else None,
        external_id=ref.foreign_id[:100],
        photos=sound(arrival.photos),
    )
    if heard == "return":
        ref.owner = False


_SAID: Final[Mapping[str, Callable[[str], str]]] = {
    "progress": lambda title: _("%(title)s menanganinya.", title=title),
    "answer": lambda title: _("%(title)s menyatakan selesai.", title=title),
    "closing": lambda title: _("%(title)s menutup laporan ini.", title=title),
    "return": lambda title: _("%(title)s mengembalikan laporan ini.", title=title),
}


def _ticket(case: Complaint) -> str:
    salt = session().scalars(select(Reporter.salt).where(Reporter.complaint_id == case.id)).one()
    return codes.ticket(case.id, bytes(salt))


def _reply(case: Complaint, arrival: Arrival) -> Done:
    return close.reply(_ticket(case), text=arrival.text or arrival.word, photos=sound(arrival.photos))


def _solved(case: Complaint, arrival: Arrival) -> Done:
    rating = arrival.data.get("rating")
    given = rating if isinstance(rating, int) and rating in range(1, 6) else None
    return close.confirm(_ticket(case), solved=True, rating=given, text=arrival.text[:2000])


def _unsolved(case: Complaint, arrival: Arrival) -> Done:
    why = arrival.text[:2000] or _("Pelapor menyatakan belum selesai.")
    if case.status in ("closed", "archived"):
        return close.reopen(_ticket(case), reason=why)
    return close.confirm(_ticket(case), solved=False, text=why)


def _withdrawn(case: Complaint, arrival: Arrival) -> Done:
    return close.withdraw(_ticket(case), reason=arrival.text[:2000])


def _closed_there(case: Complaint, arrival: Arrival) -> Done:
    if case.status != "answered":
        raise Conflict(_("Di sana sudah ditutup, di sini belum dijawab."))
    return _solved(case, arrival)


# News of the reporter, who sits there when the case came from there.
OF_THE_REPORTER: Final[Mapping[str, Callable[[Complaint, Arrival], Done]]] = {
    "reply": _reply,
    "solved": _solved,
    "unsolved": _unsolved,
    "withdrawn": _withdrawn,
    "closing": _closed_there,
}
