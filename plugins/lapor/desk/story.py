"""A case in words for its page: marked words, facts, clocks, timeline, notes and photos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor import clock_story, queries
from plugins.lapor.clock_words import unit_title
from plugins.lapor.contracts import Contact, Deadline, DeskView, PhotoView, Suggestion, TimelineItem
from plugins.lapor.contracts.desk import Since
from plugins.lapor.desk.steps import waiting
from plugins.lapor.present import Shot, Step, short_day, zone
from plugins.lapor.words import event_title, kind_title, status_title, step_title

Pieces = list[tuple[str, bool]]
ENDED = frozenset({"closed", "archived"})


def marked_words(text: str, words: Iterable[str]) -> Pieces:
    """The citizen's text cut into pieces, those of `words` marked."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return [(text, False)]
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, wanted))})\b", re.IGNORECASE)
    return [(piece, n % 2 == 1) for n, piece in enumerate(pattern.split(text)) if piece]


def spoken(view: DeskView) -> list[str]:
    """The words that spoke for any suggestion."""
    return [word for each in view.suggestions for word in each.words]


def suggestion_rows(suggestions: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """The suggestions as the macro takes them: because of which words, and by which rule."""
    return [
        {
            "value": each.agency.code,
            "name": each.agency.name,
            "strength": each.strength,
            "reason": because(each),
            "detail": "",
        }
        for each in suggestions[:3]
    ]


def because(each: Suggestion) -> Pieces:
    """ "Karena kata lampu tiang. Lampu di jalan kota." with the words marked."""
    pieces: Pieces = []
    if each.words:
        pieces.append((_("Karena kata") + " ", False))
        for word in each.words:
            pieces += [(word, True), (" ", False)]
    if each.reason:
        by_rule = each.words and each.source in {"rule", "default", "guess"}
        pieces.append(((_("dan aturan:") + " " if by_rule else "") + each.reason, False))
    return pieces


def place(view: DeskView) -> tuple[str, str]:
    """Two lines: the address, and the area with its kecamatan; the first is never empty."""
    address, area = view.case.address, view.case.area
    if address:
        return address, area or _("wilayah belum diisi")
    return area or _("Tempat belum diisi"), ""


def facts(view: DeskView) -> list[tuple[str, str]]:
    """What is known beside the text."""
    case = view.case
    came = hour(case.received_at)
    found = [
        (_("Jenis"), f"{case.category or _('belum diketahui')} ({kind_title(case.kind).lower()})"),
        (
            _("Diterima"),
            _(
                "%(when)s, lewat %(channel)s",
                when=came,
                channel=channel(view),
            ),
        ),
    ]
    if view.occurred_on:
        found.append((_("Kejadian"), short_day(view.occurred_on)))
    holders = [each.agency.name for each in view.assignments if each.active]
    if holders:
        found.append((_("Dipegang"), ", ".join(holders)))
    if case.routing_reason:
        found.append((_("Alasan"), case.routing_reason))
    if view.bounces:
        found.append((_("Dikembalikan"), _("%(count)s kali", count=view.bounces)))
    return found


def channel(view: DeskView) -> str:
    """The door it came through, by its title."""
    return queries.channels().get(view.case.channel, view.case.channel)


def current_limits(view: DeskView) -> list[Deadline]:
    """Of each step and authority the limit that was started last; earlier ones ended with a return."""
    found: dict[tuple[str, str], Deadline] = {}
    for each in sorted(view.case.deadlines, key=lambda each: each.started_at):
        found[each.step, each.authority] = each
    return sorted(found.values(), key=lambda each: each.due_at)


def clocks(view: DeskView) -> list[tuple[str, str]]:
    """Each limit with its last day: "Verifikasi, nasional 3 hari kerja" and "27 Mar"."""
    return [
        (
            _(
                "%(step)s, %(authority)s %(amount)s %(unit)s",
                step=step_title(each.step),
                authority=_("kota") if each.authority == "tenant" else _("nasional"),
                amount=each.amount,
                unit=unit_title(each.unit),
            ),
            ", ".join(
                part for part in (clock_story.last_moment(each), clock_story.limit_title(each)) if part
            ),
        )
        for each in current_limits(view)
    ]


def hour(moment: datetime) -> str:
    """ "17 Mar, 19.42" in the tenant's zone."""
    local = moment.astimezone(zone())
    return f"{short_day(local.date())}, {local:%H.%M}"


def clock_words(view: DeskView) -> str:
    """ "sisa 2 hari kerja, sampai Jumat, 27 Maret": the chip with its last day, while the clock runs."""
    clock = view.case.clock
    if clock.due_at is None or clock.state in {"paused", "done", "late"}:
        return clock.text
    last = short_day(clock.due_at.astimezone(zone()).date())
    return str(_("%(clock)s, sampai %(day)s", clock=clock.text, day=last))


def contact_facts(contact: Contact | None) -> list[tuple[str, str]]:
    """How to reach the reporter, without what was left empty."""
    if contact is None:
        return []
    pairs = [
        (_("Nama"), contact.name),
        (_("Telepon"), contact.phone),
        (_("Surel"), contact.email),
        ("NIK", contact.nik),
    ]
    return [(name, value) for name, value in pairs if value]


def steps(view: DeskView) -> list[Step]:
    """The timeline as the macro takes it, what is going on now on top."""
    told = [step(item) for item in view.case.timeline if item.public]
    if view.case.status in ENDED:
        return told
    paused = view.case.clock.state == "paused"
    return [Step("pause" if paused else "now", waiting(view), view.case.clock.text), *told]


def latest(view: DeskView) -> Step:
    """What happened last, seen by the reporter or not."""
    return step(max((*view.case.timeline, *view.notes), key=lambda item: item.at))


def step(item: TimelineItem) -> Step:
    """One thing that happened."""
    state = "pause" if item.to_status == "on_hold" and item.type == "hold" else "done"
    unit = item.data.get("agency", "")
    title = f"{event_title(item.type)}: {unit}" if unit else event_title(item.type)
    if item.type == "sent_outside":
        number = item.data.get("external_id", "")
        title = _("Dikirim ke %(to)s", to=item.data.get("to", "")) + (f": {number}" if number else "")
    if item.type == "undo":
        title = _("Dibatalkan: %(what)s", what=", ".join(map(event_title, item.data.get("actions", ()))))
    elif item.data.get("taken_back"):
        title += " · " + _("dibatalkan")
    return Step(state, title, hour(item.at), item.by, item.text, photos=shots(item.photos))


def changed(found: Since) -> dict[str, Any]:
    """What happened since a form was opened, as the page lists it: steps, and facts before and now."""
    titles = {
        "status": _("Keadaan"),
        "agency_id": _("Unit"),
        "category_code": _("Jenis"),
        "area_code": _("Wilayah"),
        "kind": _("Macam"),
        "hold_until": _("Ditunda sampai"),
        "question": _("Pertanyaan"),
    }
    pairs = [
        (titles[name], _word(name, before), _word(name, after))
        for name, (before, after) in found.columns.items()
    ]
    steps = [(event_title(kind), f"{by} · {hour(at)}", text) for kind, by, at, text in found.steps]
    return {"steps": steps, "pairs": pairs}


def _word(name: str, value: str) -> str:
    if name == "status":
        return status_title(value)
    return kind_title(value) if name == "kind" else value or _("kosong")


def notes(view: DeskView) -> list[tuple[str, str]]:
    """Internal notes: text and who wrote it when."""
    return [(item.text or step(item).title, f"{_writer(item)} · {hour(item.at)}") for item in view.notes]


def _writer(item: TimelineItem) -> str:
    """Who wrote a note; for news that were only kept from where they came and why."""
    if item.type != "outside_kept":
        return item.by
    return " · ".join(filter(None, (item.data.get("from"), item.data.get("why"))))


def shots(photos: Iterable[PhotoView]) -> tuple[Shot, ...]:
    """The photos that can be shown, each a link to its full size."""
    return tuple(
        Shot(
            url_for("lapor_desk.photo", photo_id=photo.id, size="thumb", v=photo.edition),
            _("Foto laporan") if photo.stage == "report" else _("Foto dari unit"),
            caption(photo),
            url_for("lapor_desk.photo", photo_id=photo.id, v=photo.edition),
        )
        for photo in photos
        if photo.state == "ready"
    )


def caption(photo: PhotoView) -> str:
    """When it was taken, as far as the picture says."""
    if photo.taken_at is None:
        return ""
    return hour(photo.taken_at)


def missing_photos(photos: Iterable[PhotoView]) -> list[str]:
    """A sentence for each photo that cannot be shown."""
    found = []
    for photo in photos:
        if photo.state == "waiting":
            found.append(_("Satu foto sedang diperiksa."))
        elif photo.state == "rejected":
            found.append(_("Satu foto ditolak: %(reason)s", reason=photo.reason or _("bukan foto")))
    return found
