"""Who reported: locked away with the case, opened again, replaced, forgotten.

A later report under the same phone number (without one: the same e-mail address) is locked with the
same person's key, so that a copy of the own data and its erasure find all. Not when the reporter
asked to be anonymous, or blew the whistle: an equal tag or a shared key would tell whoever reads the
tables that two reports come from one hand. Such a contact has a key of its own and no tag at all.

What each report was left with stays its own: who knows a neighbour's number must not read, with the
PIN of a report made under it, the name that the neighbour left with another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from plugins.lapor.contracts import Contact
from plugins.lapor.models import ArrivalRow, VaultContact, VaultPerson
from plugins.lapor.service.vault import crypt, keys
from superapp.sdk import current_tenant, new_id, now, session, work

TABLE = "vault_contact"
EMPTY = Contact()
NOTHING: dict[str, Any] = {
    "has_contact": False,
    "person_id": None,
    "key_version": None,
    "wrapped": None,
    "link": None,
    **dict.fromkeys(crypt.FIELDS),
    **{f"{field}_tag": None for field in crypt.SEARCHED},
}
PUT = text(
    """
INSERT INTO lapor.vault_contact AS c (
    tenant_id, complaint_id, person_id, name, phone, email, nik, phone_tag, email_tag, nik_tag, kept_at)
VALUES (:tenant, :id, :person_id, :name, :phone, :email, :nik, :phone_tag, :email_tag, :nik_tag, :now)
ON CONFLICT (tenant_id, complaint_id) DO UPDATE SET
    person_id = excluded.person_id, name = excluded.name, phone = excluded.phone, email = excluded.email,
    nik = excluded.nik, phone_tag = excluded.phone_tag, email_tag = excluded.email_tag,
    nik_tag = excluded.nik_tag, kept_at = excluded.kept_at, erased_at = NULL, erased_how = ''
"""
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the vault holds for a case: the contact, or when and how it was erased."""

    contact: Contact = EMPTY
    erased_at: datetime | None = None
    erased_how: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person's opened key."""

    id: UUID
    key: bytes


def sealed(complaint_id: UUID, contact: Contact, *, unknown: bool) -> dict[str, Any]:
    """The values with which `store.write` keeps a new report's contact, under a key of its own.

    `unknown` for a reporter who must not be linked. Costs no round trip once the government's keys
    are open; about 20 microseconds.
    """
    if contact == EMPTY:
        return NOTHING
    ring, person = keys.ring(), Person(new_id(), crypt.fresh_key())
    return {
        "has_contact": True,
        "person_id": person.id,
        "key_version": ring.current,
        "wrapped": keys.wrap_person(ring, person.id, person.key),
        "link": None if unknown else link_of(contact),
        **locked_fields(complaint_id, contact, person, unknown=unknown),
    }


def locked_fields(complaint_id: UUID, contact: Contact, person: Person, *, unknown: bool) -> dict[str, Any]:
    """Each field locked for its own place, and the tags to search by."""
    ring = keys.ring()
    found: dict[str, Any] = {
        field: crypt.lock(person.key, getattr(contact, field), _place(field, complaint_id))
        for field in crypt.FIELDS
    }
    for field in crypt.SEARCHED:
        value = "" if unknown else getattr(contact, field)
        found[f"{field}_tag"] = crypt.tag(ring.index, field, value)
    return found


def link_of(contact: Contact) -> bytes | None:
    """The tag by which a later report finds this person's key."""
    field = "phone" if contact.phone else "email"
    return crypt.tag(keys.ring().index, field, getattr(contact, field), "link")


def put(complaint_id: UUID, contact: Contact, *, unknown: bool) -> None:
    """Keep a contact in the place of what a case had; an empty one is forgotten."""
    if contact == EMPTY:
        forget(complaint_id, how="reporter")
        return
    with work():
        before = session().scalars(
            select(VaultContact.person_id).where(VaultContact.complaint_id == complaint_id).with_for_update()
        )
        former = before.one_or_none()
        person = (None if unknown else _known(link_of(contact))) or _make(contact, unknown=unknown)
        fields = locked_fields(complaint_id, contact, person, unknown=unknown)
        session().execute(
            PUT,
            {
                "tenant": current_tenant().id,
                "id": complaint_id,
                "person_id": person.id,
                "now": now(),
                **fields,
            },
        )
        if former is not None and former != person.id:
            destroy_unused(former)


def kept(complaint_id: UUID) -> Kept:
    """What is kept for a case; empty when nothing ever was. Raises BrokenSeal when it does not open."""
    rows = list(opened([complaint_id]))
    return rows[0][1] if rows else Kept()


def has_contact(complaint_id: UUID) -> bool:
    """True when a contact is kept, without opening it."""
    query = select(func.count()).where(
        VaultContact.complaint_id == complaint_id, VaultContact.erased_at.is_(None)
    )
    return bool(session().scalar(query))


def opened(complaint_ids: Sequence[UUID]) -> Iterator[tuple[UUID, Kept]]:
    """The contacts of some cases, each opened with its person's key."""
    query = (
        select(VaultContact, VaultPerson.key_version, VaultPerson.wrapped)
        .join(VaultPerson, VaultPerson.id == VaultContact.person_id)
        .where(VaultContact.complaint_id.in_(complaint_ids))
    )
    for row, version, wrapped in session().execute(query):
        yield row.complaint_id, _open(row, version, wrapped)


def forget(complaint_id: UUID, *, how: str) -> bool:
    """Erase one case's contact so that nobody can ever read it; False when there was none.

    The person's key is destroyed. Other cases under it, whose contacts were not to go, are locked
    with a new one before.
    """
    with work():
        row = (
            session()
            .scalars(
                select(VaultContact).where(VaultContact.complaint_id == complaint_id).with_for_update(),
                execution_options={"populate_existing": True},
            )
            .one_or_none()
        )
        if row is None or row.erased_at is not None:
            return False
        others = _others(row)
        if others:
            _lock_anew(others)
        for name in crypt.FIELDS:
            setattr(row, name, b"")
        row.phone_tag = row.email_tag = row.nik_tag = None
        row.erased_at, row.erased_how = now(), how
        session().flush()
        destroy_unused(row.person_id)
        # What other registers told of the case may name the person, too; their ids and numbers stay.
        news = update(ArrivalRow).where(ArrivalRow.complaint_id == complaint_id)
        session().execute(news.values(text="", word=""))
    return True


def make_unknown(complaint_id: UUID) -> None:
    """Take a case's contact out of reach of search and of its person's other cases."""
    found = kept(complaint_id)
    if found.contact != EMPTY:
        put(complaint_id, found.contact, unknown=True)


def destroy_unused(person_id: UUID) -> None:
    """Destroy a person's key when nothing readable hangs on it any more."""
    used = select(VaultContact.complaint_id).where(
        VaultContact.person_id == person_id, VaultContact.erased_at.is_(None)
    )
    session().execute(
        update(VaultPerson)
        .where(VaultPerson.id == person_id, VaultPerson.wrapped.is_not(None), ~used.exists())
        .values(wrapped=None, link=None, erased_at=now())
        .execution_options(synchronize_session=False)
    )


def _others(row: VaultContact) -> list[VaultContact]:
    query = select(VaultContact).where(
        VaultContact.person_id == row.person_id,
        VaultContact.complaint_id != row.complaint_id,
        VaultContact.erased_at.is_(None),
    )
    return list(session().scalars(query.order_by(VaultContact.complaint_id).with_for_update()))


def _lock_anew(rows: Sequence[VaultContact]) -> None:
    """Give the contacts that stay a new person's key, so that the old one can be destroyed."""
    former = (
        session()
        .scalars(select(VaultPerson).where(VaultPerson.id == rows[0].person_id).with_for_update())
        .one()
    )
    link, former.link = former.link, None
    session().flush()
    person = _make_with(link)
    for row in rows:
        contact = _open(row, former.key_version, former.wrapped).contact
        for field in crypt.FIELDS:
            setattr(
                row, field, crypt.lock(person.key, getattr(contact, field), _place(field, row.complaint_id))
            )
        row.person_id = person.id
    session().flush()


def _known(link: bytes | None) -> Person | None:
    """The person of a link whose key lives, locked against being destroyed meanwhile."""
    if link is None:
        return None
    query = select(VaultPerson.id, VaultPerson.key_version, VaultPerson.wrapped)
    living = query.where(VaultPerson.link == link, VaultPerson.wrapped.is_not(None))
    row = session().execute(living.order_by(VaultPerson.id).limit(1).with_for_update(read=True)).first()
    if row is None:
        return None
    return Person(row.id, keys.unwrap_person(row.id, row.key_version, bytes(row.wrapped)))


def _make(contact: Contact, *, unknown: bool) -> Person:
    return _make_with(None if unknown else link_of(contact))


def _make_with(link: bytes | None) -> Person:
    ring, person = keys.ring(), Person(new_id(), crypt.fresh_key())
    wrapped = keys.wrap_person(ring, person.id, person.key)
    session().add(VaultPerson(id=person.id, key_version=ring.current, wrapped=wrapped, link=link))
    session().flush()
    return person


def _open(row: VaultContact, version: int, wrapped: bytes | None) -> Kept:
    if row.erased_at is not None or wrapped is None:
        return Kept(erased_at=row.erased_at, erased_how=row.erased_how)
    key = keys.unwrap_person(row.person_id, version, bytes(wrapped))
    parts = (
        crypt.unlock(key, bytes(getattr(row, field)), _place(field, row.complaint_id))
        for field in crypt.FIELDS
    )
    return Kept(Contact(*parts))


def _place(column: str, complaint_id: UUID) -> str:
    return crypt.place(current_tenant().id, TABLE, column, complaint_id)
