"""A parcel in the words of a letter: the case itself when it is handed over, else what happened to it."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from plugins.antarpemda import links
from plugins.antarpemda.models import Journey
from plugins.lapor.contracts.outside import OUTSIDE, News, OutsideCase, Parcel, Refused, Step
from superapp.sdk import current_tenant, session, use

Fields = dict[str, str | int | bool | None]
# Steps of who has the case, and those of the reporter, who stays where the case was reported.
OF_THE_OWNER: Final[dict[Step, News]] = {
    "verified": "progress",
    "disposed": "progress",
    "held": "progress",
    "progress": "progress",
    "answer": "answer",
    "returned": "progress",
    "closed": "closing",
    "reopened": "progress",
    "archived": "return",
}
OF_THE_REPORTER: Final[dict[Step, News]] = {
    "reply": "reply",
    "corrected": "reply",
    "closed": "solved",
    "reopened": "unsolved",
    "withdrawn": "withdrawn",
}
LONGEST: Final = 9_500


def compose(parcel: Parcel) -> Fields | None:
    """What the other government is told; None when this step is none of its business.

    Raises Refused where the link does not cover the case, or where it has been before.
    """
    ref = use(OUTSIDE).ref(parcel.destination.id, number=parcel.case.number)
    frame: Fields = {
        "number": parcel.case.number,
        "yours": parcel.foreign_id,
        "at": parcel.at.isoformat(),
        "text": parcel.text[:LONGEST],
        "who": parcel.case.agency[:200],
    }
    known = parcel.came_from_there or bool(parcel.foreign_id)
    if parcel.owner and known:
        return {**frame, "what": "hand"}
    if parcel.owner:
        return {**frame, "what": "hand", **_handed(parcel)}
    they_have_it = ref is not None and ref.owner
    news = _news(parcel, they_have_it=they_have_it)
    if news is None:
        return None
    return {
        **frame,
        "what": "news",
        "news": news,
        "word": parcel.step,
        "text": _words(parcel)[:LONGEST],
        "rating": _rating(parcel),
        "taken_back": parcel.step == "disposed",
    }


def _news(parcel: Parcel, *, they_have_it: bool) -> News | None:
    step = parcel.step
    if not parcel.came_from_there and step in OF_THE_REPORTER:
        return OF_THE_REPORTER[step]
    if they_have_it or step == "reply":
        return None
    if step == "held" and parcel.data.get("waiting_for") == "reporter":
        return "question"
    if step == "archived" and not parcel.came_from_there:
        return "closing"
    return OF_THE_OWNER.get(step)


def _handed(parcel: Parcel) -> Fields:
    """The whole case, for a government that has not seen it."""
    slug, case = parcel.destination.key, parcel.case
    link = links.one(slug)
    if link.scope is None or not link.scope.send:
        raise Refused(_("Sambungan dengan %(title)s tidak membuka arah ini.", title=link.title))
    if not link.scope.covers(case.category_code):
        raise Refused(_("Sambungan dengan %(title)s tidak memuat jenis laporan ini.", title=link.title))
    chain = [*way_of(case), current_tenant().slug]
    if slug in chain:
        raise Refused(_("Laporan ini sudah pernah melewati %(title)s.", title=link.title))
    who = case.reporter
    return {
        "kind": case.kind,
        "title": case.title[:200],
        "body": _body(case),
        "category": case.category_code,
        "area": case.area_code or "",
        "address": case.address[:500],
        "lat": "" if case.lat is None else repr(case.lat),
        "lng": "" if case.lng is None else repr(case.lng),
        "anonymous": case.anonymous,
        "url": case.tracking_url,
        "chain": "|".join(chain),
        "name": who.name if who else "",
        "phone": who.phone if who else "",
        "email": who.email if who else "",
    }


def way_of(case: OutsideCase) -> list[str]:
    """The governments through which it came here."""
    row = session().get(Journey, (current_tenant().id, case.id))
    return list(row.chain) if row else []


def _body(case: OutsideCase) -> str:
    told = [f"{label}: {words}" for label, words in case.answers]
    return "\n\n".join(filter(None, (case.body[: LONGEST - 1500], "\n".join(told)[:1400])))


def _words(parcel: Parcel) -> str:
    """The step's own words; of an archived case with its reason, by which the other side decides."""
    reason = str(parcel.data.get("reason_title") or "")
    if parcel.step == "archived" and reason and parcel.text:
        return f"{reason}. {parcel.text}"
    return parcel.text or _said(parcel)


def _said(parcel: Parcel) -> str:
    """Words for a step that has none of its own."""
    agency = str(parcel.data.get("agency") or parcel.case.agency)
    reason = str(parcel.data.get("reason_title") or "")
    told = {
        "verified": _("Sudah diperiksa."),
        "disposed": _("Diteruskan ke %(agency)s.", agency=agency),
        "held": _("Menunggu."),
        "returned": _("Unitnya mengembalikan; koordinator memutuskan."),
        "archived": reason or _("Diarsipkan."),
        "corrected": parcel.case.body,
        "reopened": _("Dibuka lagi."),
    }
    return str(told.get(parcel.step, ""))


def _rating(parcel: Parcel) -> int | None:
    rating = parcel.data.get("rating")
    return rating if isinstance(rating, int) else None
