"""What a person may ask of the vault (UU 27/2022): a copy of the data, who looked, to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import Contact
from plugins.lapor.models import CaseEvent, Complaint, VaultContact
from plugins.lapor.service.coach.answers import of_case
from plugins.lapor.service.vault import access, crypt, keys, people
from superapp.sdk import session, work

BATCH = 500


def reports_of(value: str) -> list[dict[str, Any]]:
    """All reports under an e-mail address, phone number or NIK, oldest first, as a document.

    Also anonymous ones: it is asked by the person, whom the operator has checked, never by the desk.
    """
    found = dict(under(value))
    cases = session().scalars(
        select(Complaint).where(Complaint.id.in_(found)).order_by(Complaint.received_at)
    )
    return [report(case, found[case.id]) for case in cases]


def report(case: Complaint, contact: Contact) -> dict[str, Any]:
    """One report and what is kept of its reporter, without anything that others wrote."""
    said = session().scalars(
        select(CaseEvent).where(CaseEvent.complaint_id == case.id, CaseEvent.actor_kind == "reporter")
    )
    return {
        "number": case.number,
        "received_at": case.received_at.isoformat(),
        "kind": case.kind,
        "title": case.title,
        "body": case.body,
        "category": case.category_code,
        "occurred_on": case.occurred_on.isoformat() if case.occurred_on else None,
        "address": case.address,
        "area": case.area_code,
        "lat": case.lat,
        "lng": case.lng,
        "anonymous": case.anonymous,
        "secret": case.secret,
        "status": case.status,
        "rating": case.rating,
        **{field: getattr(contact, field) for field in crypt.FIELDS},
        "answers": [{"question": each.label, "answer": each.text} for each in of_case(case.id)],
        "written": [{"at": each.at.isoformat(), "type": each.type, "text": each.text} for each in said],
        "looked_at": [
            {
                "what": each.what,
                "at": each.at.isoformat(),
                "by": each.role,
                "unit": each.unit,
                "why": each.purpose,
            }
            for each in access.looks_at(case.id)
        ],
    }


def erase(value: str) -> int:
    """Destroy the keys of all that is kept under a value; returns how many reports it was taken from."""
    with work():
        found = [complaint_id for complaint_id, _ in under(value)]
        for complaint_id in found:
            people.forget(complaint_id, how="request")
            access.note("erase", complaint_id)
    return len(found)


def under(value: str) -> Iterator[tuple[UUID, Contact]]:
    """The cases whose contact has this value: named ones by their tags, unlinked ones by opening each."""
    field = crypt.kind_of(value)
    if field is None:
        return
    tag, told = crypt.tag(keys.ring().index, field, value), crypt.normal(field, value)
    tagged = select(VaultContact.complaint_id).where(getattr(VaultContact, f"{field}_tag") == tag)
    for complaint_id, kept in people.opened(list(session().scalars(tagged))):
        yield complaint_id, kept.contact
    for complaint_id, kept in _untagged():
        if crypt.normal(field, getattr(kept.contact, field)) == told:
            yield complaint_id, kept.contact


def _untagged() -> Iterator[tuple[UUID, people.Kept]]:
    """Contacts that carry no tag, in batches: the reporters who wanted to stay unknown."""
    bare = [getattr(VaultContact, f"{field}_tag").is_(None) for field in crypt.SEARCHED]
    query = select(VaultContact.complaint_id).where(*bare, VaultContact.erased_at.is_(None))
    after: UUID | None = None
    while True:
        part = query if after is None else query.where(VaultContact.complaint_id > after)
        ids = list(session().scalars(part.order_by(VaultContact.complaint_id).limit(BATCH)))
        if not ids:
            return
        yield from people.opened(ids)
        after = ids[-1]
