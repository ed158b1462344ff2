"""A case in words for citizens: who has it and why, by when, what happened and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor import clock_story, present, queries
from plugins.lapor.contracts import ClockChip, Deadline, PhotoView, PublicView, SkippedDay, TimelineItem
from plugins.lapor.present import Day, Shot, Step
from plugins.lapor.service.proof.rules import no_work_words
from plugins.lapor.words import event_title
from superapp.sdk import calendar, current_tenant

ANSWERED = frozenset({"answered", "closed"})
ENDED = frozenset({"closed", "archived"})
OF_UNITS = frozenset({"part_answer", "pass_on", "hear", "heard_answer", "move"})


@dataclass(frozen=True, slots=True)
class Promise:
    """The deadline card: the day, its strip and its sentence, and how the clock stands."""

    day: str
    days: list[Day]
    sentence: str
    chip: ClockChip
    document: str


def promise(case: PublicView) -> Promise | None:
    """The limit that counts now; after the answer, the one that the answer met or missed."""
    answered_on = present.answered_on(case)
    deadline = _resolving(case) if answered_on else present.running(case)
    if deadline is None or case.status == "archived":
        return None
    chip = _kept(deadline, answered_on) if answered_on else case.clock
    return Promise(
        clock_story.promised(deadline),
        present.day_strip(deadline, answered_on),
        present.sentence(deadline),
        chip,
        deadline.document,
    )


def _resolving(case: PublicView) -> Deadline | None:
    before = [each for each in case.deadlines if each.step == "resolve" and each.authority == "national"]
    return max(before, key=lambda each: each.due_at, default=present.running(case))


def _kept(deadline: Deadline, answered_on: date) -> ClockChip:
    """How early or late the answer came, in working days."""
    last = present.due_day(deadline)
    days = calendar.calendar_of(current_tenant())
    early = days.between(answered_on, last)
    if answered_on > last:
        late = max(1, -early)
        text = ngettext("dijawab lewat %(num)s hari kerja", "dijawab lewat %(num)s hari kerja", late)
        return ClockChip("late", text, 1.0, deadline.due_at)
    if early == 0:
        return ClockChip("done", _("dijawab pada hari batas"), 1.0, deadline.due_at)
    text = ngettext("sehari lebih awal", "%(num)s hari kerja lebih awal", early)
    return ClockChip("done", text, 1.0, deadline.due_at)


def story(case: PublicView, *, own: bool = False) -> list[Step]:
    """The timeline, newest first: what comes next, what happened, and the holidays between.

    `own` speaks to the reporter.
    """
    told = [
        (item.at.astimezone(present.zone()).date(), 1, _step(item, case, own=own)) for item in case.timeline
    ]
    for run in _holidays(case):
        told.append((run[-1].day, 0, _pause(run)))
    order = sorted(range(len(told)), key=lambda n: (told[n][0], told[n][1], -n), reverse=True)
    return [*_next(case), *(told[n][2] for n in order)]


def _step(item: TimelineItem, case: PublicView, *, own: bool) -> Step:
    return Step(
        "pause" if item.type == "hold" else "done",
        _title(item, case, own=own) + (" · " + _("dibatalkan") if item.data.get("taken_back") else ""),
        present.moment(item.at),
        _who(item),
        item.text,
        _note(item),
        shots(item.photos, case.number) if own or case.published else (),
    )


def _title(item: TimelineItem, case: PublicView, *, own: bool) -> str:
    agency = item.data.get("agency")
    if item.type in {"dispose", "forward"} and agency:
        return str(_("Diteruskan ke %(agency)s", agency=agency))
    if agency and item.type in OF_UNITS:
        return of_unit(item, agency)
    if item.type == "sent_outside":
        return str(_("Dikirim ke %(to)s", to=item.data.get("to", "")))
    if item.type == "answer":
        waits = case.status == "answered" and item == present.answer_of(case)
        return str(
            (_("Dijawab, menunggu Anda") if own else event_title(item.type)) if waits else _("Dijawab")
        )
    return event_title(item.type)


def of_unit(item: TimelineItem, agency: str) -> str:
    """A line about one unit's part."""
    by = item.data.get("by", "")
    words = {
        "part_answer": _("%(agency)s sudah menjawab bagiannya", agency=agency),
        "pass_on": _("%(by)s meneruskan ke %(agency)s", by=by, agency=agency),
        "hear": _("Kabar dari %(agency)s", agency=agency),
        "heard_answer": _("Kabar dari %(agency)s", agency=agency),
        "move": _("Beralih ke %(agency)s", agency=agency),
    }
    return str(words[item.type])


def _who(item: TimelineItem) -> str:
    if item.type == "received":
        channel = str(item.data.get("channel", ""))
        return _("lewat %(channel)s", channel=_channel(channel)) if channel else ""
    return item.by


def _channel(code: str) -> str:
    return _("situs ini") if code == "web" else queries.channels().get(code, code)


def _note(item: TimelineItem) -> str:
    facts = item.data
    told = []
    if item.type == "give_back" and facts.get("owner"):
        told.append(_("Menurut unit itu, pemiliknya %(owner)s.", owner=facts["owner"]))
    if item.type == "answer" and facts.get("no_work"):
        told.append(_("Tidak ada pekerjaan: %(reason)s.", reason=no_work_words(facts["no_work"])))
    if item.type in {"give_back", "hold"} and facts.get("reason_title"):
        told.append(_("Sebab: %(reason)s.", reason=facts["reason_title"]))
    if item.type in {"archive", "give_back", "hold"} and facts.get("rule"):
        told.append(_("Dasar: %(rule)s", rule=facts["rule"]))
    if item.type in {"give_back", "hold"} and facts.get("remedy"):
        told.append(facts["remedy"])
    if item.type in {"hold", "remind"} and facts.get("until"):
        told.append(
            _("Paling lama sampai %(day)s.", day=present.long_day(date.fromisoformat(facts["until"])))
        )
    if item.type == "hold" and facts.get("party"):
        told.append(_("Jam berhenti: %(who)s.", who=clock_story.awaited(item)))
    if item.type in {"clock_moved", "verify", "resume", "reply"}:
        told += [f"{line}." for line in clock_story.moves(item)]
    if facts.get("source"):
        told.append(_("Sumber: %(source)s", source=facts["source"]))
    if item.type == "sent_outside" and facts.get("external_id"):
        told.append(_("Nomor di sana: %(number)s.", number=facts["external_id"]))
    if item.type == "move" and facts.get("document"):
        told.append(_("Dasar: %(rule)s", rule=facts["document"]))
    if item.type == "dispose" and facts.get("others"):
        told.append(_("Bersama %(others)s.", others=", ".join(facts["others"])))
    return " ".join(str(each) for each in told)


def _holidays(case: PublicView) -> list[list[SkippedDay]]:
    """Stretches of days off with a holiday in them that have passed while the clock ran."""
    deadline = _resolving(case)
    if deadline is None:
        return []
    until = present.answered_on(case) or present.today()
    if case.status == "archived":
        until = case.updated_at.astimezone(present.zone()).date()
    off = [skip for skip in deadline.skipped if not present.is_pause(skip.reason)]
    runs = present.runs(off, deadline.days_counted)
    return [
        run for run in runs if run[-1].day <= until and any(day.reason not in present.WEEKEND for day in run)
    ]


def _pause(run: list[SkippedDay]) -> Step:
    return Step(
        "pause",
        _("Libur %(names)s", names=present.joined(run)),
        _("%(days)s, jam berhenti", days=present.span_words([each.day for each in run])),
    )


def _next(case: PublicView) -> list[Step]:
    """What has to happen next and by when; nothing once it is the reporter's turn or over."""
    agency = case.agency.name if case.agency else _("unit yang berwenang")
    titles = {
        "received": _("Diperiksa petugas"),
        "verified": _("Diteruskan ke %(agency)s", agency=agency),
        "returned": _("Dicarikan unit yang berwenang"),
        "dispositioned": _("Ditindaklanjuti %(agency)s", agency=agency),
        "in_progress": _("Diselesaikan %(agency)s", agency=agency),
        "forwarded": _("Ditangani %(agency)s", agency=agency),
    }
    title = titles.get(case.status)
    if title is None:
        return []
    deadline = present.running(case)
    by = _("paling lambat %(day)s", day=present.long_day(present.due_day(deadline))) if deadline else ""
    return [Step("next", title, by)]


def shots(photos: Iterable[PhotoView], number: str) -> tuple[Shot, ...]:
    """The photos that can be shown, each leading to its full size."""
    return tuple(
        Shot(
            url_for("lapor_citizen.photo", number=number, photo_id=photo.id, size="thumb", v=photo.edition),
            _alt(photo),
            present.short_day(photo.taken_at.astimezone(present.zone()).date()) if photo.taken_at else "",
            url_for("lapor_citizen.photo", number=number, photo_id=photo.id, size="full", v=photo.edition),
        )
        for photo in photos
        if photo.state == "ready"
    )


def _alt(photo: PhotoView) -> str:
    return str(_("Foto dari pelapor") if photo.stage == "report" else _("Foto dari petugas"))


def waiting_photos(case: PublicView) -> int:
    """How many photos the worker has not made ready yet."""
    every = [*case.photos, *(photo for item in case.timeline for photo in item.photos)]
    return sum(photo.state == "waiting" for photo in every)


def before_and_after(case: PublicView) -> tuple[Shot, ...]:
    """The reporter's first photo beside the unit's last one, which stands alone when there is none before."""
    before = present.first_of("report", case.photos)
    proof = present.answer_of(case)
    after = present.first_of("answer", proof.photos) if proof else None
    if after is None or proof is None:
        return ()
    words = [str(_("Sesudah, %(day)s", day=_taken(after, proof.at.astimezone(present.zone()).date())))]
    if before is not None:
        came = case.received_at.astimezone(present.zone()).date()
        words.insert(0, str(_("Sebelum, %(day)s", day=_taken(before, came))))
    found = shots((before, after) if before is not None else (after,), case.number)
    return tuple(Shot(each.url, each.alt, word, each.href) for each, word in zip(found, words, strict=True))


def pair_words(case: PublicView) -> str:
    """ "Foto sesudah diambil Kamis, 26 Maret, 12 m dari titik laporan.", as far as the photo told it."""
    proof = present.answer_of(case)
    after = present.first_of("answer", proof.photos) if proof else None
    if after is None:
        return ""
    told = []
    if after.taken_at:
        told.append(_("diambil %(when)s", when=present.moment(after.taken_at)))
    if after.distance_m is not None:
        told.append(present.distance_words(after.distance_m))
    return str(_("Foto sesudah %(told)s.", told=", ".join(told))) if told else ""


def _taken(photo: PhotoView, otherwise: date) -> str:
    return present.short_day(
        photo.taken_at.astimezone(present.zone()).date() if photo.taken_at else otherwise
    )
