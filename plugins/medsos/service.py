"""A post becomes a case once; its writer takes the case over with a link that is good once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Contact, Draft, Location, PublicView, Receipt
from plugins.lapor.contracts.door import DOOR
from plugins.medsos import links
from plugins.medsos.models import Post
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    audit,
    current_tenant,
    keyed,
    new_id,
    now,
    savepoint,
    seal,
    session,
    settings_of,
    unseal,
    use,
    work,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A post as the desk sees it. `case` is None for a secret one; `token` "" when none is to be had."""

    id: UUID
    platform: str
    link: str
    handle: str
    number: str
    case: PublicView | None
    token: str
    taken_at: datetime
    ends_at: datetime
    claimed_at: datetime | None
    erased: bool


def take(
    *, link: str, text: str, handle: str = "", category: str = "", address: str = "", area: str = ""
) -> tuple[UUID, bool]:
    """Make a post a case, or find the one it is already; returns its id and whether it was known.

    Raises Invalid naming each wrong field, under the names of the form: link, text, handle, category,
    address, area.
    """
    errors, read, account = [], None, ""
    try:
        read = links.read(link)
    except links.NoLink as error:
        errors.append(FieldError("link", _link_fault(str(error)), "link"))
    try:
        account = links.handle_of(handle)
    except links.NoLink:
        errors.append(
            FieldError("handle", _("Nama akun paling panjang 100 huruf, dalam satu baris."), "handle")
        )
    if not text.strip():
        errors.append(FieldError("text", _("Tempel kata-kata unggahannya."), "required"))
    if read is not None and not errors:
        known = _by_link(read.url)
        if known is not None:
            return known.id, True
    if errors or read is None:
        raise Invalid(errors=errors)
    with work() as unit:
        try:
            receipt = _submitted(read, text, category, address, area)
        except Conflict:  # another officer took it in this very moment, with other words
            receipt = None
        if receipt is None or receipt.repeated:
            known = _by_link(read.url)
            if known is None:
                raise Conflict(_("Tautan ini sedang dicatat petugas lain."), _("Coba lagi sebentar."))
            return known.id, True
        row = Post(
            id=new_id(),
            link_tag=_link_tag(read.url),
            handle_tag=handle_tag(account),
            platform=read.platform,
            link=seal(read.url),
            handle=seal(account) if account else "",
            number=receipt.number,
            token=seal(receipt.claim_token) if receipt.claim_token else "",
            taken_at=now(),
            ends_at=now() + timedelta(days=int(settings_of(current_tenant(), "lapor")["claim_days"])),
            reporter_tags=[],
        )
        unit.add(row)
        unit.flush()
        audit.record("medsos.taken", "medsos", row.id, number=receipt.number, platform=read.platform)
    return row.id, False


def one(post_id: UUID) -> Found:
    """A post. Raises NotFound."""
    row = session().get(Post, (current_tenant().id, post_id))
    if row is None:
        raise NotFound(_("Unggahan ini tidak ada."))
    return _found(row)


def latest(most: int = 30) -> Sequence[Found]:
    """The newest posts."""
    query = select(Post).order_by(Post.taken_at.desc(), Post.id.desc()).limit(most)
    return [_found(row, whole=False) for row in session().scalars(query)]


def claimable(token: str) -> PublicView:
    """The case that a claim link is for, as everybody sees it. Raises NotFound with the reason."""
    number = use(DOOR).claim_info(token)
    _post_of(number)
    return use(DOOR).public_view(number)


def claim(token: str, contact: Contact) -> Receipt:
    """The writer of a post becomes the reporter, once. Raises Invalid, NotFound."""
    with work():
        row = _post_of(use(DOOR).claim_info(token))
        receipt = use(DOOR).claim(token, contact)
        row.claimed_at, row.token, row.ticket = now(), "", seal(receipt.ticket)
        row.reporter_tags = [contact_tag(each) for each in (contact.email, contact.phone) if each.strip()]
        audit.record("medsos.claimed", "medsos", row.id, number=row.number)
    return receipt


def contact_tag(contact: str) -> str:
    """A keyed hash of an address or number, the same for all ways to write it."""
    told = contact.strip().lower()
    if "@" not in told:
        digits = "".join(c for c in told if c.isdigit())
        told = f"62{digits[1:]}" if digits.startswith("0") else digits
    return keyed("medsos.contact", told)


def handle_tag(handle: str) -> str:
    """A keyed hash of a handle; "" for none."""
    told = handle.strip().lstrip("@").lower()
    return keyed("medsos.handle", told) if told else ""


def of_person(contact: str) -> Sequence[Post]:
    """Posts of whoever has this address, number or handle."""
    mine = (Post.handle_tag == handle_tag(contact)) | Post.reporter_tags.contains([contact_tag(contact)])
    return session().scalars(select(Post).where(mine, Post.erased_at.is_(None)).order_by(Post.taken_at)).all()


def forget(contact: str) -> int:
    """Take what is kept of a person out of their posts; returns of how many."""
    with work():
        rows = of_person(contact)
        for row in rows:
            _erase(row)
    return len(rows)


def tidy() -> None:
    """Forget link and handle after the tenant's days, or once the new reporter's data were erased."""
    days = int(settings_of(current_tenant(), "medsos")["keep_days"])
    with work():
        living = select(Post).where(Post.erased_at.is_(None)).order_by(Post.taken_at).limit(2000)
        for row in session().scalars(living):
            if row.taken_at < now() - timedelta(days=days) or (row.reporter_tags and _is_gone(row)):
                _erase(row)


def _is_gone(row: Post) -> bool:
    """True when the contact that was left at claiming stands no more."""
    try:
        return use(DOOR).reporter_view(unseal(row.ticket)).contact == Contact()
    except NotFound:
        return True


def _erase(row: Post) -> None:
    row.link, row.handle, row.handle_tag, row.reporter_tags = seal(""), "", "", []
    row.token, row.ticket, row.erased_at = "", "", now()


def _submitted(read: links.Link, text: str, category: str, address: str, area: str) -> Receipt:
    draft = Draft(
        kind="complaint",
        title="",
        body=text,
        category=category or None,
        location=Location(address=address, area_code=area or None),
        channel="social",
        source_url=read.url,
    )
    try:
        with savepoint():
            return use(DOOR).submit(draft, (), f"medsos:{_link_tag(read.url)}")
    except Invalid as error:
        names = {"body": "text", "title": "text", "source_url": "link", "category": "category",
                 "location.address": "address", "location.area": "area"}  # fmt: skip
        told = [FieldError(names.get(each.field, "text"), each.message, each.code) for each in error.errors]
        raise Invalid(errors=told) from error


def _by_link(url: str) -> Post | None:
    return session().scalars(select(Post).where(Post.link_tag == _link_tag(url))).one_or_none()


def _post_of(number: str) -> Post:
    row = session().scalars(select(Post).where(Post.number == number)).one_or_none()
    if row is None:
        raise NotFound(_("Tautan ini tidak berlaku."), _("Minta tautan baru lewat pesan langsung."))
    return row


def _found(row: Post, *, whole: bool = True) -> Found:
    token, case = unseal(row.token) if row.token else "", None
    if whole:
        try:
            case = use(DOOR).public_view(row.number)
        except NotFound:
            token = ""
        token = token if _still_good(token) else ""
    return Found(
        id=row.id,
        platform=row.platform,
        link=unseal(row.link),
        handle=unseal(row.handle) if row.handle else "",
        number=row.number,
        case=case,
        token=token,
        taken_at=row.taken_at,
        ends_at=row.ends_at,
        claimed_at=row.claimed_at,
        erased=row.erased_at is not None,
    )


def _still_good(token: str) -> bool:
    try:
        return bool(token) and bool(use(DOOR).claim_info(token))
    except NotFound:
        return False


def _link_tag(url: str) -> str:
    return keyed("medsos.link", url)


def _link_fault(code: str) -> str:
    words = {
        "scheme": _("Tautan harus diawali https://."),
        "post": _("Ini halaman muka. Tempel tautan ke unggahannya sendiri."),
    }
    return str(words.get(code, _("Tautan ini tidak dapat dibaca. Salin lagi dari unggahannya.")))
