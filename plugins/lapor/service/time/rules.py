"""Limits, ladder and hours as the desk changes them: rows are added and ended, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor import category_files, clock, time_files
from plugins.lapor.models import CalendarVersion, Recount
from plugins.lapor.service import reference
from plugins.lapor.service.time import calendars, recount
from superapp.sdk import (
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    TenantFile,
    after_commit,
    audit,
    current_actor,
    current_tenant,
    dayfile,
    now,
    rulebook,
    session,
    work,
)

RIGHT = "lapor.rules"
FILES: Final = (category_files.CATEGORIES, category_files.LIMITS, *time_files.FILES)
BOOKS: Final[Mapping[str, TenantFile]] = {
    "batas": category_files.LIMITS,
    "tangga": time_files.LADDER,
    "jam": time_files.SHIFTS,
}
WORDS = {"batas": "Aturan batas waktu", "tangga": "Tangga peringatan", "jam": "Jam kerja"}


def book(what: str) -> TenantFile:
    """The table behind a name of the desk. Raises NotFound."""
    if what not in BOOKS:
        raise NotFound(_("Halaman ini tidak ada."))
    return BOOKS[what]


def listed(what: str) -> list[rulebook.Entry]:
    """The rows of a book, numbered as findings name them."""
    return rulebook.entries(book(what), FILES)


def one(what: str, row_id: UUID) -> rulebook.Entry:
    """A row. Raises NotFound."""
    found = next((each for each in listed(what) if each.id == row_id), None)
    if found is None:
        raise NotFound(_("Baris ini tidak ada."))
    return found


def add(what: str, given: Mapping[str, str], *, instead_of: UUID | None = None) -> rulebook.Entry:
    """Add a row, or let one take the place of another from its first day on; open clocks follow.

    Raises Invalid naming the field and the row that it clashes with; every row names its document.
    """
    _may()
    if not given.get("document", "").strip():
        raise Invalid(errors=[FieldError("document", _("Sebut dokumen yang menjadi dasarnya."), "required")])
    with work():
        entry = rulebook.add(book(what), FILES, given, instead_of=instead_of, today=_today())
        _settle(what, "add" if instead_of is None else "replace", entry)
    return entry


def end(what: str, row_id: UUID, last: date, document: str) -> rulebook.Entry:
    """Let `last` be a row's last day, by a document. Raises Invalid, Conflict, NotFound."""
    _may()
    if not document.strip():
        raise Invalid(errors=[FieldError("document", _("Sebut dokumen yang mengakhirinya."), "required")])
    with work():
        entry = rulebook.end(book(what), FILES, row_id, last, _today(), document.strip())
        _settle(what, "end", entry)
    return entry


def take_in(days: list[dayfile.DayOff], source: str) -> list[dayfile.DayChange]:
    """Take days off in; open clocks follow. Returns what was new or changed."""
    _may()
    with work():
        done = dayfile.take_in(days)
        if done:
            audit.record("holidays.import", "tenant", current_tenant().slug, file=source, days=len(done))
            first = done[0].day
            more = f" dan {len(done) - 1} hari lain" if len(done) > 1 else ""
            _recount(f"Kalender berubah: {first.day} {first.name}{more}.")
    return done


def take_out(day: date, name: str) -> None:
    """Remove a day that has not come yet; open clocks follow. Raises NotFound, Invalid for a past one."""
    _may()
    if day < _today():
        raise Invalid(errors=[FieldError("day", _("Hari yang sudah lewat tidak dihapus."), "range")])
    with work():
        if not dayfile.take_out(day, name):
            raise NotFound(_("Hari ini tidak ada di kalender."))
        audit.record("holidays.remove", "tenant", current_tenant().slug, day=day.isoformat())
        _recount(f"Kalender berubah: {day} {name} tidak lagi libur.")


def versions(most: int) -> list[CalendarVersion]:
    """The newest versions of the calendar."""
    query = select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(most)
    return list(session().scalars(query))


def runs(most: int) -> list[Recount]:
    """The newest recounts that were asked for with a reason."""
    query = select(Recount).where(Recount.reason != "").order_by(Recount.asked_at.desc()).limit(most)
    return list(session().scalars(query))


def _settle(what: str, deed: str, entry: rulebook.Entry) -> None:
    cells = {name: text for name, text in rulebook.text_of(book(what), entry).items() if text}
    facts = [f"{name}={text}" for name, text in cells.items()]
    audit.record(f"lapor.rules.{deed}", book(what).name, entry.id, cells=facts)
    document = str(entry.values["document"])
    _recount(f"{WORDS[what]} berubah{f': {document}' if document else ''}.")


def _recount(reason: str) -> None:
    _forget()
    after_commit(_forget)
    recount.ask(reason)


def _forget() -> None:
    reference.forget()
    calendars.forget()


def _may() -> None:
    if not current_actor().may(RIGHT):
        raise Forbidden()


def _today() -> date:
    return clock.local_day(now(), ZoneInfo(current_tenant().timezone))
