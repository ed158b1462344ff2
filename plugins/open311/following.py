"""Published requests, and what happened to them, as other systems read them. Never a person's data."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from plugins.lapor.contracts.door import DOOR, CaseUpdate, PublicCase, Window
from plugins.open311 import given, incoming
from plugins.open311.answers import written
from superapp.sdk import NotFound, now, use

SPAN = timedelta(days=90)
MOST, BATCH = 1000, 50
NONE = UUID(int=0)
Picture = Callable[[str, UUID], str]
ENDED = frozenset({"closed", "archived"})
WORDS = Path(__file__).parent / "updates.csv"


def asked(args: Mapping[str, str]) -> Window:
    """The window that a list asks for; without dates the last 90 days. Raises BadRequest."""
    numbers = given.names(args, "service_request_id")
    updated = given.moment(args, "updated_after"), given.moment(args, "updated_before")
    by_update = any(updated)
    since, until = (
        span(args, *updated)
        if by_update
        else span(args, given.moment(args, "start_date"), given.moment(args, "end_date"))
    )
    states = given.choices(args, "status", ("open", "closed"))
    size = given.whole(args, "page_size", MOST, 1, MOST)
    page = given.whole(args, "page", 1, 1, 1_000_000)
    paged = bool(given.text(args, "page", 12) or given.text(args, "page_size", 12))
    return Window(
        since=since,
        until=until,
        by="updated" if by_update else "received",
        categories=given.names(args, "service_code"),
        numbers=numbers,
        is_open=states == ("open",) if len(states) == 1 else None,
        # New requests come at the end, so that no page shows one twice or misses one.
        oldest_first=paged,
        skip=(page - 1) * size,
        limit=size,
    )


def span(
    args: Mapping[str, str], since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    """Both ends of at most 90 days; a missing one is 90 days from the other. Raises BadRequest."""
    if until is None:
        until = min(now(), since + SPAN) if since else now()
    since = since or until - SPAN
    if until < since:
        raise given.refuse("end_date", _("Akhir rentang mendahului awalnya."), "range")
    if until - since > SPAN:
        raise given.refuse("start_date", _("Rentang paling panjang 90 hari."), "range")
    return since, until


def page_of(args: Mapping[str, str]) -> tuple[list[PublicCase], bool]:
    """The cases of a list, and whether more follow."""
    window = asked(args)
    found = use(DOOR).public_cases(replace(window, limit=min(window.limit + 1, MOST)))
    return found[: window.limit], len(found) > window.limit


def one(number: str) -> PublicCase:
    """The published case of this number. Raises NotFound, also for one that is not published."""
    found = use(DOOR).public_cases(Window(since=now(), until=now(), numbers=(number,), limit=1))
    if not found:
        raise NotFound(_("service_request_id %(number)s tidak ada.", number=number[:40]))
    return found[0]


def facts_of(cases: Sequence[PublicCase], *, extended: bool = False) -> list[dict[str, Any]]:
    """The requests of a list; `extended` adds our finer state, the title, answers, pictures and the story."""
    notes, picture_of = status_notes(), pictures()
    found = [_facts(each, notes, picture_of) for each in cases]
    if extended:
        told = _stories([each.number for each in cases])
        for facts, case in zip(found, cases, strict=True):
            facts.update(_extended(case, told.get(case.number, ()), picture_of))
    return found


def _facts(case: PublicCase, notes: Mapping[str, str], picture_of: Picture) -> dict[str, Any]:
    return {
        "service_request_id": case.number,
        "status": "closed" if case.status in ENDED else "open",
        "status_notes": notes.get(case.status, case.status),
        "service_name": case.category,
        "service_code": case.category_code,
        "description": case.body,
        "agency_responsible": case.agency.name if case.agency else "",
        "service_notice": case.reason,
        "requested_datetime": written(case.received_at),
        "updated_datetime": written(case.closed_at or case.updated_at),
        "expected_datetime": written(case.expected_at),
        "address": case.address,
        "address_id": "",
        "zipcode": "",
        "lat": case.lat,
        "long": case.lng,
        "media_url": picture_of(case.number, case.photos[0]) if case.photos else "",
    }


def _extended(case: PublicCase, story: Sequence[CaseUpdate], picture_of: Picture) -> dict[str, Any]:
    answered: Sequence[tuple[str, str]] = next((each.answers for each in reversed(story) if each.answers), ())
    return {
        "extended_attributes": {
            "title": case.title,
            "detailed_status": case.status,
            "media_urls": [picture_of(case.number, each) for each in case.photos],
        },
        "attributes": [{"label": label, "value": words} for label, words in answered],
        "notes": [note(each) for each in story],
    }


def _stories(numbers: Sequence[str]) -> dict[str, list[CaseUpdate]]:
    """The public lines of each case. A few cases at a time: no more than 1,000 lines come at once."""
    found: dict[str, list[CaseUpdate]] = {}
    for first in range(0, len(numbers), BATCH):
        window = Window(since=now(), until=now(), numbers=tuple(numbers[first : first + BATCH]), limit=MOST)
        for each in use(DOOR).public_updates(window):
            found.setdefault(each.number, []).append(each)
    return found


def note(each: CaseUpdate) -> dict[str, Any]:
    """A line of the story among a request's fields."""
    word, said = word_of(each)
    return {"datetime": written(each.at), "type": word, "description": each.text or said}


def updates(args: Mapping[str, str]) -> list[dict[str, Any]]:
    """What happened between two moments, both or neither given. Raises BadRequest."""
    since, until = given.moment(args, "start_date"), given.moment(args, "end_date")
    if (since is None) != (until is None):
        missing = "end_date" if until is None else "start_date"
        raise given.refuse(missing, _("Sebut start_date dan end_date bersama."), "required")
    first, last = span(args, since, until)
    window = Window(since=first, until=last, limit=MOST, skip=0)
    lines = use(DOOR).public_updates(window)
    names, picture_of = incoming.names_of([each.id for each in lines]), pictures()
    return [update_facts(each, names.get(each.id, str(each.id)), picture_of) for each in lines]


def update_facts(each: CaseUpdate, update_id: str, picture_of: Picture) -> dict[str, Any]:
    """One line as the update extension spells it."""
    word, said = word_of(each)
    return {
        "update_id": update_id,
        "service_request_id": each.number,
        "status": word.upper(),
        "updated_datetime": written(each.at),
        "description": each.text or said,
        "media_url": picture_of(each.number, each.photos[0]) if each.photos else "",
        "external_status_code": each.status,
    }


def word_of(each: CaseUpdate) -> tuple[str, str]:
    """The extension's word for a line, and a sentence for one without text."""
    words = _words()
    return words.get(f"{each.type}:{each.reason_code}") or words.get(each.type) or ("unchanged", "")


def status_notes() -> dict[str, str]:
    """Our finer states in words."""
    return {
        "received": _("Diterima, belum diperiksa"),
        "verified": _("Sudah diperiksa"),
        "dispositioned": _("Diteruskan ke unit"),
        "returned": _("Dicarikan unit yang berwenang"),
        "in_progress": _("Sedang dikerjakan"),
        "on_hold": _("Ditunda"),
        "answered": _("Dijawab, menunggu pelapor memastikan"),
        "closed": _("Selesai"),
        "archived": _("Diarsipkan"),
        "forwarded": _("Diteruskan ke instansi lain"),
    }


def pictures() -> Picture:
    """Gives the public address of a picture of a case; the route is looked up once for a whole list."""
    some = url_for("lapor_citizen.photo", number="-n-", photo_id=NONE, size="full", _external=True)

    def address_of(number: str, photo: UUID) -> str:
        return some.replace("-n-", number, 1).replace(str(NONE), str(photo), 1)

    return address_of


@cache
def _words() -> dict[str, tuple[str, str]]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {row["event"]: (row["word"], row["note"]) for row in csv.DictReader(file)}
