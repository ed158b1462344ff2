"""What LAPOR asks of a connector, answered by the transport that the tenant has set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Status, Upload
from plugins.lapor.contracts.outside import (
    OUTSIDE,
    Busy,
    CardLine,
    CaseRef,
    Destination,
    Parcel,
    Pulled,
    Pushed,
    Standing,
)
from plugins.sp4n import categories, outgoing
from plugins.sp4n.connecting import PLUGIN, transport_of
from plugins.sp4n.contract import BadContract, Contract
from plugins.sp4n.contract_reading import of
from plugins.sp4n.models import Trial
from plugins.sp4n.transport import National, Sending, Transport
from superapp.sdk import NotFound, Tenant, now, settings_of, use, work

MOST_PHOTOS, MOST_BYTES = 5, 6_000_000


def push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """Send one parcel; None when it is another connector's."""
    if parcel.destination.plugin != PLUGIN:
        return None
    way = _way(tenant, parcel.destination)
    return way.push(_sending(parcel))


def pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
    """A page of news."""
    if destination.plugin != PLUGIN:
        return None
    way = _way(tenant, destination)
    with work():
        known = categories.codes()
    return way.pull(cursor, known)


def compare(tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]) -> Sequence[Standing] | None:
    """How these cases stand there."""
    if destination.plugin != PLUGIN:
        return None
    return _way(tenant, destination).compare(refs)


def status_word(tenant: Tenant, status: Status) -> str | None:
    """The national word for a state of ours."""
    return _contract(tenant).words.status.get(status)


def card(tenant: Tenant, parcel: Parcel) -> list[CardLine] | None:
    """A parcel in the order of the national form, for keying in by hand."""
    if parcel.destination.plugin != PLUGIN:
        return None
    case, contract = parcel.case, _contract(tenant)
    if parcel.step != "new" or parcel.foreign_id:
        return [
            CardLine(_("Nomor SP4N-LAPOR!"), parcel.foreign_id),
            CardLine(_("Kode lacak"), parcel.second_id),
            CardLine(_("Status"), contract.words.status.get(case.status, "")),
            CardLine(_("Tindak lanjut"), parcel.text),
            CardLine(_("Nomor di daerah"), case.number),
        ]
    pair = categories.pair_of(case.category_code)
    flags = [words for given, words in ((case.anonymous, _("Anonim")), (case.secret, _("Rahasia"))) if given]
    who = case.reporter if not case.anonymous else None
    return [
        CardLine(_("Klasifikasi"), contract.words.kind.get(case.kind, "").capitalize()),
        CardLine(_("Judul laporan"), case.title),
        CardLine(_("Isi laporan"), outgoing.body(Sending(parcel, pair))),
        CardLine(_("Lokasi kejadian"), case.address),
        CardLine(_("Koordinat"), f"{case.lat}, {case.lng}" if case.lat is not None else ""),
        CardLine(_("Kategori"), pair.main or _("belum dipetakan: %(name)s", name=case.category)),
        CardLine(_("Subkategori"), pair.sub),
        CardLine(_("Pilihan pelapor"), ", ".join(flags)),
        CardLine(_("Nama pelapor"), who.name if who else ""),
        CardLine(_("Telepon pelapor"), who.phone if who else ""),
        CardLine(_("Email pelapor"), who.email if who else ""),
        CardLine(_("Nomor di daerah"), case.number),
    ]


def run_trial(tenant: Tenant, trial_id: UUID) -> None:
    """Try the connection and write down what was seen; belongs to a job."""
    try:
        ok, said = True, transport_of(settings_of(tenant, PLUGIN)).test()
    except Busy as error:
        ok, said = False, str(error)
    except BadContract:
        ok, said = False, _("Kontraknya tidak dapat dibaca.")
    with work() as unit:
        row = unit.scalars(select(Trial).where(Trial.id == trial_id)).one_or_none()
        if row is not None:
            row.ok, row.said, row.done_at = ok, said[:1000], now()


def _way(tenant: Tenant, destination: Destination) -> Transport:
    """The transport; Busy while the settings say something else than the connection was made with."""
    try:
        way = transport_of(settings_of(tenant, PLUGIN))
    except BadContract as error:
        raise Busy(_("Kontrak SP4N-LAPOR! tidak dapat dibaca. Perbaiki di halamannya.")) from error
    if (tuple(way.steps), way.repeatable) != (destination.steps, destination.repeatable):
        raise Busy(_("Pengaturan SP4N-LAPOR! berubah. Simpan sambungannya sekali lagi di halamannya."))
    return way


def _contract(tenant: Tenant) -> Contract:
    try:
        return of(settings_of(tenant, PLUGIN)["contract"])
    except BadContract:
        return of("")


def _sending(parcel: Parcel) -> Sending:
    """Everything from the database at once, so that no transaction is open while the other side thinks."""
    with work():
        pair = categories.pair_of(parcel.case.category_code) if parcel.case.category_code else National()
        return Sending(parcel, pair, tuple(_photos(parcel)) if parcel.step == "new" else ())


def _photos(parcel: Parcel) -> list[Upload]:
    """The first public pictures that fit."""
    found, size = [], 0
    for each in parcel.case.photos[:MOST_PHOTOS]:
        try:
            photo = use(OUTSIDE).photo(parcel.case.id, each)
        except NotFound:
            continue
        size += len(photo.data)
        if size > MOST_BYTES:
            break
        found.append(photo)
    return found
