"""The GeoReport servers of others that this government sends to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts.door import DOOR
from plugins.lapor.contracts.outside import OUTSIDE, Step
from plugins.open311.models import Server
from superapp.sdk import (
    FieldError,
    Invalid,
    NotFound,
    audit,
    defer,
    directory,
    log,
    new_id,
    now,
    outbound,
    seal,
    session,
    unseal,
    use,
    work,
)

PLUGIN: Final = "open311"
MOST_SERVERS = 20
SPELLINGS: Final = ("json", "xml")
# What can be told to a server that takes servicerequestupdates.
STEPS: Final[tuple[Step, ...]] = (
    *("progress", "answer", "closed", "reopened", "archived", "withdrawn", "reply", "corrected"),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A server as its connector needs it, with the key readable."""

    id: UUID
    destination_id: UUID
    endpoint: str
    jurisdiction: str
    api_key: str
    spelling: str
    updates: bool
    mapping: Mapping[str, str]
    fixed: Mapping[str, Mapping[str, str]]
    definitions: Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Given:
    """What an admin typed about a server. `api_key` "" keeps the one that is there."""

    title: str
    endpoint: str
    jurisdiction: str = ""
    api_key: str = ""
    spelling: str = "json"
    updates: bool = False
    identity: bool = False
    copies: bool = False
    agency_code: str = ""


def living() -> list[Server]:
    """The servers in use, by title."""
    query = select(Server).where(Server.ended_at.is_(None)).order_by(Server.title, Server.id)
    return list(session().scalars(query))


def one(server_id: UUID, *, lock: bool = False) -> Server:
    """A server in use. Raises NotFound."""
    query = select(Server).where(Server.id == server_id, Server.ended_at.is_(None))
    query = query.with_for_update() if lock else query
    found = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound(_("Server ini tidak ada."))
    return found


def peer(key: str) -> Peer | None:
    """The server behind a destination's key, in a transaction of its own; None when it is no more."""
    with work():
        try:
            row = one(UUID(key))
        except (ValueError, NotFound):
            return None
        return Peer(
            id=row.id,
            destination_id=row.destination_id,
            endpoint=row.endpoint,
            jurisdiction=row.jurisdiction,
            api_key=unseal(row.api_key) if row.api_key else "",
            spelling=row.spelling,
            updates=row.updates,
            mapping=dict(row.mapping),
            fixed=dict(row.fixed),
            definitions=dict(row.definitions),
        )


def add(given: Given) -> UUID:
    """Connect another server; its services are read by a job. Raises Invalid naming each wrong field."""
    told = _judged(given)
    with work() as unit:
        if len(living()) >= MOST_SERVERS:
            raise Invalid(
                errors=[FieldError("endpoint", _("Sudah ada 20 server. Akhiri satu dahulu."), "count")]
            )
        row = Server(id=new_id(), destination_id=new_id(), **_columns(told))
        if told.api_key:
            row.api_key = seal(told.api_key)
        _connect(row)
        unit.add(row)
        unit.flush()
        audit.record("open311.server_added", "open311_server", row.id, endpoint=row.endpoint)
        read_again(row.id)
    return row.id


def change(server_id: UUID, given: Given) -> None:
    """Change a server; what waits for it goes to the new address. Raises Invalid, NotFound."""
    told = _judged(given)
    with work():
        row = one(server_id, lock=True)
        for name, value in _columns(told).items():
            setattr(row, name, value)
        if told.api_key:
            row.api_key = seal(told.api_key)
        _connect(row)
        audit.record("open311.server_changed", "open311_server", row.id, endpoint=row.endpoint)
        read_again(row.id)


def end(server_id: UUID) -> None:
    """Send nothing there any more; numbers and log stay, the key goes. Raises NotFound."""
    with work():
        row = one(server_id, lock=True)
        row.ended_at, row.api_key = now(), ""
        use(OUTSIDE).disconnect(row.destination_id, reason=_("Sambungan Open311 diakhiri."))
        audit.record("open311.server_ended", "open311_server", row.id, endpoint=row.endpoint)


def map_services(server_id: UUID, mapping: Mapping[str, str]) -> None:
    """Which of our categories is which of their services; "" sends none. Raises Invalid, NotFound."""
    known = {each.code for each in use(DOOR).categories()}
    with work():
        row = one(server_id, lock=True)
        theirs = {str(each["code"]) for each in row.services} | set(row.mapping.values())
        chosen = {ours: code for ours, code in mapping.items() if code}
        wrong = [ours for ours, code in chosen.items() if ours not in known or code not in theirs]
        if wrong:
            raise Invalid(
                errors=[
                    FieldError(f"map-{each}", _("Pilih layanan dari daftar."), "choice") for each in wrong
                ]
            )
        row.mapping = chosen
        _connect(row)
        audit.record("open311.server_mapped", "open311_server", row.id, categories=sorted(chosen))
        read_again(row.id)


def fix_answers(server_id: UUID, fixed: Mapping[str, Mapping[str, str]]) -> None:
    """What is answered to their own questions. Raises Invalid for a word that is not in their list."""
    with work():
        row = one(server_id, lock=True)
        kept: dict[str, dict[str, str]] = {}
        errors = []
        for service, attributes in row.definitions.items():
            for each in attributes:
                value = fixed.get(service, {}).get(each["code"], "").strip()[:500]
                if value and each["values"] and value not in {key for key, _name in each["values"]}:
                    field = f"fix-{service}-{each['code']}"
                    errors.append(FieldError(field, _("Pilih jawaban dari daftar."), "choice"))
                elif value:
                    kept.setdefault(service, {})[each["code"]] = value
        if errors:
            raise Invalid(errors=errors)
        row.fixed = kept
        audit.record("open311.server_answers", "open311_server", row.id, services=sorted(kept))


def outside_units() -> dict[str, str]:
    """Names of the units outside of this government that a server may stand for, by code."""
    return {each.code: each.name for each in directory.agencies().values() if each.is_external}


def read_again(server_id: UUID) -> None:
    """Let a job read their services. Belongs inside of work()."""
    name = f"open311:{server_id}"
    defer("open311.fetch", lock=name, once=name, server_id=str(server_id))


def _connect(row: Server) -> None:
    """Bring the destination in line with the server."""
    made = use(OUTSIDE).connect(
        PLUGIN,
        str(row.id),
        title=row.title,
        takes="categories" if row.copies else "forwarded",
        agency_code=row.agency_code,
        categories=sorted(row.mapping or {}),
        steps=("new", *STEPS) if row.updates else ("new",),
        identity=row.identity,
        repeatable=False,
        facts={"endpoint": row.endpoint},
    )
    row.destination_id = made.id


def _columns(given: Given) -> dict[str, Any]:
    return {
        "title": given.title,
        "endpoint": given.endpoint,
        "jurisdiction": given.jurisdiction,
        "spelling": given.spelling,
        "updates": given.updates,
        "identity": given.identity,
        "copies": given.copies,
        "agency_code": given.agency_code,
    }


def _judged(given: Given) -> Given:
    """The same, tidied. Raises Invalid naming each wrong field."""
    told = Given(
        title=" ".join(given.title.split()),
        endpoint=given.endpoint.strip().rstrip("/"),
        jurisdiction=given.jurisdiction.strip(),
        api_key=given.api_key.strip(),
        spelling=given.spelling,
        updates=given.updates,
        identity=given.identity,
        copies=given.copies,
        agency_code=given.agency_code.strip(),
    )
    errors = []
    if not 1 <= len(told.title) <= 120 or not told.title.isprintable():
        errors.append(FieldError("title", _("Beri nama, paling panjang 120 huruf."), "length"))
    if wrong := _address_fault(told.endpoint):
        errors.append(FieldError("endpoint", wrong, "address"))
    if len(told.jurisdiction) > 100 or not told.jurisdiction.isprintable():
        errors.append(FieldError("jurisdiction", _("Paling panjang 100 huruf."), "length"))
    if len(told.api_key) > 300 or not (told.api_key.isascii() and told.api_key.isprintable()):
        errors.append(FieldError("api_key", _("Salin kuncinya apa adanya."), "format"))
    if told.spelling not in SPELLINGS:
        errors.append(FieldError("spelling", _("Pilih JSON atau XML."), "choice"))
    if told.agency_code and told.agency_code not in outside_units():
        errors.append(FieldError("agency_code", _("Pilih unit luar dari daftar."), "choice"))
    if not told.copies and not told.agency_code:
        errors.append(
            FieldError(
                "agency_code", _("Pilih unit luar yang diwakili server ini, atau kirim salinan."), "required"
            )
        )
    if errors:
        log.get(__name__).info("open311_server_refused", fields=[each.field for each in errors])
        raise Invalid(errors=errors)
    return told


def _address_fault(url: str) -> str:
    """Why this address cannot be used; "" when it can."""
    plain = url.isprintable() and " " not in url and "?" not in url and "#" not in url
    if not (10 <= len(url) <= 500 and plain):
        return str(_("Tulis alamat utuh, misalnya https://contoh.go.id/open311/v2."))
    words = {
        "inside": _("Alamat ini ada di jaringan dalam dan tidak boleh dihubungi."),
        "scheme": _("Alamatnya harus diawali https://, tanpa nama pengguna di dalamnya."),
    }
    fault = outbound.judge(url)
    return str(words.get(fault, _("Alamat ini tidak dapat dibaca."))) if fault else ""
