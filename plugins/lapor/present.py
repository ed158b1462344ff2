"""How a promise and a story are told to citizens: days, sentences and steps for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime, format_decimal, ngettext
from flask_babel import gettext as _

from plugins.lapor.clock.working import OUTSIDE
from plugins.lapor.clock_words import reason
from plugins.lapor.contracts import Deadline, PhotoView, PublicView, SkippedDay, TimelineItem
from superapp.sdk import current_tenant, now

ANSWERS = frozenset({"answer", "part_answer", "heard_answer"})
WEEKEND = frozenset({"Sabtu", "Minggu"})
MOST_BOXES = 7  # what fits beside each other on a phone
# What the joint decree says before the name that people use: "Cuti Bersama Hari Suci Nyepi".
PREFIXES = re.compile(
    r"^(cuti bersama|hari kedua dari|hari raya|hari suci|tahun baru saka)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Day:
    """One box of the day strip: kind start, skipped, counted, gap or due."""

    kind: str
    label: str
    under: str
    today: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo as the macro takes it."""

    url: str
    alt: str
    caption: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline: state done, now, next or pause."""

    state: str
    title: str
    when: str = ""
    who: str = ""
    text: str = ""
    note: str = ""
    photos: tuple[Shot, ...] = ()


def distance_words(metres: int) -> str:
    """ "12 m dari titik", "1,4 km dari titik"."""
    if metres < 1000:
        return str(_("%(metres)s m dari titik", metres=metres))
    return str(_("%(km)s km dari titik", km=format_decimal(metres / 1000, "#,##0.0")))


def zone() -> ZoneInfo:
    """The tenant's time zone."""
    return ZoneInfo(current_tenant().timezone)


def today() -> date:
    """The date on the wall in the tenant's zone."""
    return now().astimezone(zone()).date()


def long_day(day: date) -> str:
    """ "Jumat, 27 Maret"; with the year when it is not this one."""
    return str(format_date(day, "EEEE, d MMMM" if day.year == today().year else "EEEE, d MMMM y"))


def short_day(day: date) -> str:
    """ "27 Mar"; with the year when it is not this one."""
    return str(format_date(day, "d MMM" if day.year == today().year else "d MMM y"))


def moment(at: datetime) -> str:
    """ "Selasa, 17 Maret, 19.42" in the tenant's zone."""
    local = at.astimezone(zone())
    return f"{long_day(local.date())}, {format_datetime(at, 'HH.mm')}"


def due_day(deadline: Deadline) -> date:
    """The last day of a deadline in the tenant's zone."""
    return deadline.due_on or deadline.due_at.astimezone(zone()).date()


def running(view: PublicView) -> Deadline | None:
    """The deadline that the case's clock shows; the latest one when the clock has stopped for good."""
    same = [each for each in view.deadlines if each.due_at == view.clock.due_at]
    return next(iter(same or view.deadlines), None)


def day_strip(deadline: Deadline, answered_on: date | None = None) -> list[Day]:
    """The days of a deadline in order; days in a row that do not count are one box with its reasons.

    A long one keeps its start, today or the answer, and its end; what lies between is told as a number.
    """
    here = today()
    start, last = deadline.started_at.astimezone(zone()).date(), due_day(deadline)
    boxes: list[tuple[date, Day]] = [(start, Day("start", str(start.day), _("masuk"), start == here))]
    for run in runs(deadline.skipped, deadline.days_counted):
        boxes.append((run[0].day, Day("skipped", _span([skip.day for skip in run]), names(run))))
    for number, day in enumerate(deadline.days_counted, 1):
        kind = "due" if day == last else "counted"
        under = _("batas") if day == last else _("hari %(number)s", number=number)
        under = _("dijawab") if day == answered_on else under
        boxes.append((day, Day(kind, str(day.day), under, day == (answered_on or here))))
    ordered = [box for _day, box in sorted(boxes, key=lambda box: box[0])]
    return ordered if len(ordered) <= MOST_BOXES else _shorter(ordered)


def _shorter(boxes: list[Day]) -> list[Day]:
    """Landmarks stay (start, marked day, end); of what lies between, two boxes or a count of working days."""
    kept: list[Day] = []
    between: list[Day] = []
    for box in boxes:
        if box.kind not in {"start", "due"} and not box.today:
            between.append(box)
            continue
        kept += between if len(between) <= 2 else [_gap(between)]
        kept.append(box)
        between = []
    return kept


def _gap(boxes: list[Day]) -> Day:
    counted = sum(box.kind == "counted" for box in boxes)
    return Day("gap", "…", str(ngettext("%(num)s hari kerja", "%(num)s hari kerja", counted)))


def names(skipped: Iterable[SkippedDay]) -> str:
    """Why days did not count, in the words people use; weekends only when there is nothing else."""
    found = list(
        dict.fromkeys(reason(short_reason(skip.reason)) for skip in skipped if skip.reason not in WEEKEND)
    )
    return ", ".join(found) or _("akhir pekan")


def joined(skipped: Iterable[SkippedDay]) -> str:
    """The holidays among skipped days: "Nyepi dan Idul Fitri"."""
    return _and(dict.fromkeys(short_reason(skip.reason) for skip in skipped if skip.reason not in WEEKEND))


def short_reason(reason: str) -> str:
    """ "Cuti Bersama Hari Raya Idul Fitri" -> "Idul Fitri"."""
    while (shorter := PREFIXES.sub("", reason)) != reason and shorter:
        reason = shorter
    return reason.removesuffix(" (perkiraan)")


def sentence(deadline: Deadline) -> str:
    """Says the strip in words: how many days since when, and which did not count."""
    since = format_date(deadline.started_at.astimezone(zone()).date(), "d MMMM")
    if deadline.unit == "h":
        local = deadline.started_at.astimezone(zone())
        told = ngettext(
            "%(num)s jam kerja sejak %(since)s.",
            "%(num)s jam kerja sejak %(since)s.",
            deadline.amount,
            since=f"{since}, {local:%H.%M}",
        )
    elif deadline.unit == "wd":
        told = ngettext(
            "%(num)s hari kerja sejak %(since)s.",
            "%(num)s hari kerja sejak %(since)s.",
            deadline.amount,
            since=since,
        )
    else:
        told = ngettext(
            "%(num)s hari sejak %(since)s.", "%(num)s hari sejak %(since)s.", deadline.amount, since=since
        )
    waited = [skip for skip in deadline.skipped if is_pause(skip.reason)]
    plain = [skip for skip in deadline.skipped if skip.reason not in WEEKEND and skip.reason != OUTSIDE]
    holidays = [skip for skip in plain if skip not in waited]
    if waited:
        told += " " + _(
            "Jam berhenti %(days)s, %(reasons)s.",
            days=span_words([skip.day for skip in waited]),
            reasons=", ".join(dict.fromkeys(reason(skip.reason) for skip in waited)),
        )
    if holidays:
        told += " " + _(
            "Libur %(names)s, %(days)s, tidak dihitung.",
            names=joined(holidays),
            days=span_words([skip.day for skip in holidays]),
        )
    elif any(skip.reason in WEEKEND for skip in deadline.skipped):
        told += " " + _("Sabtu dan Minggu tidak dihitung.")
    return str(told)


def is_pause(kept: str) -> bool:
    """True when a day did not count because the clock stood still for somebody."""
    return kept == "jeda" or kept.startswith("menunggu ")


def runs(skipped: Sequence[SkippedDay], counted: Sequence[date]) -> list[list[SkippedDay]]:
    """Skipped days with no counted day between them, together."""
    runs: list[list[SkippedDay]] = []
    for skip in sorted(skipped, key=lambda each: each.day):
        if runs and not any(runs[-1][-1].day < day < skip.day for day in counted):
            runs[-1].append(skip)
        else:
            runs.append([skip])
    return runs


def _span(days: Sequence[date]) -> str:
    return str(days[0].day) if len(days) == 1 else f"{days[0].day}–{days[-1].day}"


def span_words(days: Sequence[date]) -> str:
    """ "18–24 Maret", or one day."""
    first, last = min(days), max(days)
    if first == last:
        return str(format_date(first, "d MMMM"))
    start = str(first.day) if first.month == last.month else format_date(first, "d MMMM")
    return f"{start}–{format_date(last, 'd MMMM')}"


def _and(words: Iterable[str]) -> str:
    *before, last = list(words)
    return _("%(before)s dan %(last)s", before=", ".join(before), last=last) if before else last


def first_of(stage: str, photos: Iterable[PhotoView]) -> PhotoView | None:
    """The first photo of a stage that can be shown."""
    return next((photo for photo in photos if photo.stage == stage and photo.state == "ready"), None)


def answer_of(view: PublicView) -> TimelineItem | None:
    """The latest answer of a unit; None when there is none.

    The last of several that was missing may have been taken off, and then a part's answer is the latest.
    """
    told = [item for item in view.timeline if item.type in ANSWERS]
    whole = (item for item in told if item.to_status == "answered")
    return next(whole, next((item for item in told if item.type == "part_answer"), None))


def answered_on(view: PublicView) -> date | None:
    """The local day of the latest answer while it stands."""
    answer = answer_of(view)
    if answer is None or view.status not in {"answered", "closed"}:
        return None
    return answer.at.astimezone(zone()).date()
