"""The reporter sets right what was written, while nobody has read it yet; what was before stays on record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from plugins.lapor.contracts import Done, Draft, Location, Revision
from plugins.lapor.models import CaseEvent, Complaint, RevisionRow
from plugins.lapor.service import store, validate
from plugins.lapor.service.case import REPORTER, Change, changing, draft_of
from plugins.lapor.service.coach import answers
from plugins.lapor.service.routing.enrich import enrich
from plugins.lapor.service.routing.route import is_confidential, route
from plugins.lapor.service.submit import routing_facts
from plugins.lapor.service.track import opened_by
from plugins.lapor.service.views import area_name, category_name
from plugins.lapor.settings import setting
from superapp.sdk import Conflict, now, session


def window_of(case: Complaint) -> datetime | None:
    """Until when the reporter may correct this case; None when an officer has read it or the time is over."""
    ends = case.received_at + timedelta(minutes=int(str(setting("edit_minutes"))))
    if case.status != "received" or now() >= ends or _was_handled(case.id):
        return None
    return ends


def _was_handled(complaint_id: UUID) -> bool:
    """True after any step of an officer, also one that led back to the beginning."""
    kinds = ("verify", "dispose", "archive", "forward", "hold", "give_back")
    query = select(CaseEvent.id).where(CaseEvent.complaint_id == complaint_id, CaseEvent.type.in_(kinds))
    return session().execute(query.limit(1)).first() is not None


def correct(
    ticket: str,
    *,
    version: int | None,
    title: str | None = None,
    body: str | None = None,
    category: str | None = None,
    address: str | None = None,
    area: str | None = None,
    point: tuple[float, float] | None = None,
    given: Mapping[str, object] | None = None,
    answer_files: answers.Files = answers.NO_FILES,
) -> Done:
    """Replace what is given, None leaves as it is; an empty `category` means "I don't know".

    An answer that is given empty is taken back. A new address or area without a `point` (latitude,
    longitude) drops the old one.

    Raises Conflict for another version or a window that has closed, Invalid naming each wrong field.
    """
    case = opened_by(ticket)
    if version is not None and version != case.version and window_of(case) is not None:
        raise Conflict(
            _("Laporan ini sudah berubah sejak Anda membukanya."),
            _("Yang Anda ketik masih ada. Periksa, lalu simpan lagi."),
        )
    with changing(case.id, "correct", version=version, actor=REPORTER) as change:
        if window_of(change.case) is None:
            raise Conflict(
                _("Masa memperbaiki laporan ini sudah lewat."),
                _("Yang Anda ketik masih ada. Kirim sebagai keterangan tambahan."),
            )
        before = draft_of(change.case)
        place = _place(before.location, address, area, point)
        wanted = _wanted(before, title, body, category, place)
        if is_confidential(wanted):
            raise Conflict(
                _("Pengaduan tentang pegawai ditangani terpisah agar Anda terlindungi."),
                _("Tarik laporan ini, lalu kirim laporan baru dengan jenis itu."),
            )
        found = answers.judged(wanted.category, given or {}, answer_files)
        _keep_before(change, before)
        _write(change.case, wanted)
        answers.take_back(case.id, [each.code for each in found.missing if each.code in (given or {})])
        answers.keep(case.id, found, secret=wanted.secret, by="reporter", event_id=change.event_id)
        told = answers.public_of_case(case.id)
        change.data = {"fields": _changed(before, wanted, found), "answers": told}
    return change.done


def _place(
    before: Location, address: str | None, area: str | None, point: tuple[float, float] | None
) -> Location:
    street = before.address if address is None else validate.clean(address)
    village = before.area_code if area is None else area or None
    if point is not None:
        return Location(*point, street, village)
    if (street, village) == (before.address, before.area_code):
        return before
    return Location(None, None, street, village)


def _wanted(
    before: Draft, title: str | None, body: str | None, category: str | None, location: Location
) -> Draft:
    wanted = replace(
        before,
        title=before.title if title is None else title,
        body=before.body if body is None else body,
        category=before.category if category is None else category or None,
        location=location,
        words=(),
    )
    wanted = validate.tidy(wanted)
    validate.check(wanted)
    return enrich(wanted)


def _write(case: Complaint, wanted: Draft) -> None:
    place, routed = wanted.location, route(wanted)
    case.title, case.body, case.category_code = wanted.title, wanted.body, wanted.category
    case.address, case.area_code = place.address, place.area_code
    case.lat, case.lng = place.lat, place.lng
    case.secret = wanted.secret
    case.published = case.published and not wanted.secret
    case.suggested_id = routed.agency_id if routed else None
    case.routing = json.loads(store.dumps(routing_facts(wanted, routed)))


def _keep_before(change: Change, before: Draft) -> None:
    case, place = change.case, before.location
    count = select(func.count()).select_from(RevisionRow).where(RevisionRow.complaint_id == case.id)
    kept = answers.of_case(case.id)
    session().add(
        RevisionRow(
            complaint_id=case.id,
            event_id=change.event_id,
            number=int(session().scalar(count) or 0) + 1,
            title=before.title,
            body=before.body,
            category_code=before.category,
            address=place.address,
            area_code=place.area_code,
            lat=place.lat,
            lng=place.lng,
            answers=[{"label": each.label, "text": each.text} for each in kept],
            at=change.moment,
        )
    )


def _changed(before: Draft, wanted: Draft, found: answers.Judged) -> list[str]:
    names = ("title", "body", "category", "location")
    changed = [name for name in names if getattr(before, name) != getattr(wanted, name)]
    return [*changed, *(["answers"] if found else [])]


def revisions_of(complaint_id: UUID) -> tuple[Revision, ...]:
    """How the report read before each correction, the newest first. For the desk only."""
    query = select(RevisionRow).where(RevisionRow.complaint_id == complaint_id)
    found: Sequence[Any] = session().scalars(query.order_by(RevisionRow.number.desc())).all()
    return tuple(
        Revision(
            row.number,
            row.at,
            row.title,
            row.body,
            category_name(row.category_code),
            ", ".join(filter(None, (row.address, area_name(row.area_code)))),
            tuple((str(each["label"]), str(each["text"])) for each in row.answers),
        )
        for row in found
    )
