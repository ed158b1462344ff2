"""One parcel for another GeoReport server: a new request, or what happened to it as an update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import Contact
from plugins.lapor.contracts.outside import Busy, CardLine, OutsideCase, Parcel, Pushed, Refused, Unsure
from plugins.open311.client import asking, servers, wire
from plugins.open311.client.servers import PLUGIN, Peer
from plugins.open311.models import Told
from superapp.sdk import address, current_tenant, now, work

DESCRIPTION_MOST: Final = 4000
ASK_TOKEN_LATER: Final = 300
WORDS: Final[Mapping[str, str]] = {
    "progress": "IN_PROGRESS",
    "answer": "FIXED",
    "closed": "CLOSED",
    "reopened": "REOPEN",
    "archived": "NO_FURTHER_ACTION",
    "withdrawn": "CANCELLED",
    "reply": "UNCHANGED",
    "corrected": "UNCHANGED",
}


def push(parcel: Parcel) -> Pushed | None:
    """Send it. None for another connector's parcel. Raises Busy, Refused, Unsure."""
    if parcel.destination.plugin != PLUGIN:
        return None
    peer = servers.peer(parcel.destination.key)
    if peer is None:
        raise Refused(_("Server ini sudah diakhiri."))
    return _new(peer, parcel) if parcel.step == "new" else _update(peer, parcel)


def card(parcel: Parcel) -> list[CardLine] | None:
    """The same as lines for their own form. None for another connector's parcel."""
    if parcel.destination.plugin != PLUGIN:
        return None
    peer = servers.peer(parcel.destination.key)
    if peer is None:
        return None
    if parcel.step != "new":
        return [
            CardLine("service_request_id", parcel.foreign_id),
            CardLine("status", WORDS.get(parcel.step, "")),
            CardLine("description", _said(parcel)),
        ]
    return [CardLine(name, value) for name, value in _form(peer, parcel, lenient=True)]


def _new(peer: Peer, parcel: Parcel) -> Pushed:
    if parcel.foreign_id or parcel.second_id:
        return Pushed(parcel.foreign_id, parcel.second_id)  # a copy of it is there already
    marks = ("service_request_id", "token")
    found = asking.post(peer, "requests", _form(peer, parcel), str(parcel.id), marks)
    number, token = wire.text(found, "service_request_id", 200), wire.text(found, "token", 200)
    if not (number or token):
        raise Unsure(_("Jawabannya tanpa nomor dan tanpa token."))
    return Pushed(number, token, note=wire.text(found, "service_notice", 500))


def _update(peer: Peer, parcel: Parcel) -> Pushed:
    word = WORDS.get(parcel.step)
    if not peer.updates or word is None:
        return Pushed(parcel.foreign_id, parcel.second_id)  # nothing there would read it
    if not parcel.foreign_id:
        raise Busy(_("Nomor laporan di sana belum diketahui."), ASK_TOKEN_LATER)
    form = [
        ("service_request_id", parcel.foreign_id),
        ("update_id", str(parcel.id)),
        ("status", word),
        ("updated_datetime", parcel.at.isoformat(timespec="seconds")),
        ("description", _said(parcel)),
    ]
    found = asking.post(peer, "servicerequestupdates", form, str(parcel.id), ("update_id",))
    _remember(peer, str(parcel.id), wire.text(found, "update_id", 200))
    return Pushed(parcel.foreign_id, parcel.second_id)


def _remember(peer: Peer, *update_ids: str) -> None:
    """Their list of updates tells ours again, under our id or theirs."""
    tenant_id = current_tenant().id
    rows = [
        {"tenant_id": tenant_id, "server_id": peer.id, "update_id": each, "made_at": now()}
        for each in sorted(set(filter(None, update_ids)))
    ]
    with work() as unit:
        unit.execute(insert(Told).values(rows).on_conflict_do_nothing())


def _form(peer: Peer, parcel: Parcel, *, lenient: bool = False) -> list[tuple[str, str]]:
    """The parameters of POST requests. Raises Refused for what an officer has to set first."""
    case = parcel.case
    service = peer.mapping.get(case.category_code, "")
    if not service and not lenient:
        raise Refused(_("Jenis %(name)s belum dipasangkan dengan layanan di sana.", name=case.category))
    form = [("service_code", service), ("description", _described(case))]
    if case.lat is not None and case.lng is not None:
        form += [("lat", f"{case.lat:.6f}"), ("long", f"{case.lng:.6f}")]
    if case.address:
        form.append(("address_string", case.address))
    if case.photos:
        form.append(("media_url", address(f"/lapor/foto/{case.number}/{case.photos[0]}/full")))
    form += _person(case.reporter) if case.reporter else []
    return [*form, *_attributes(peer, service, case, lenient=lenient)]


def _described(case: OutsideCase) -> str:
    """Title, words, public answers, and last our number, by which an officer there or here finds it."""
    answers = [f"{label} {words}" for label, words in case.answers]
    ours = f"{current_tenant().name}: {case.number} {case.tracking_url}"
    title = "" if case.body.startswith(case.title.rstrip(".…")) else case.title
    words = "\n".join(filter(None, (title, case.body, *answers)))
    return f"{words[: DESCRIPTION_MOST - len(ours) - 2]}\n\n{ours}"


def _person(contact: Contact) -> list[tuple[str, str]]:
    first, _space, last = contact.name.partition(" ")
    told = [("first_name", first), ("last_name", last), ("email", contact.email), ("phone", contact.phone)]
    return [(name, value) for name, value in told if value]


def _attributes(peer: Peer, service: str, case: OutsideCase, *, lenient: bool) -> list[tuple[str, str]]:
    """Their own questions: answered by ours of the same words, else as the admin fixed it."""
    answered = {label.strip().casefold(): words for label, words in case.answers}
    form, missing = [], []
    for each in peer.definitions.get(service, ()):
        value = _answer(each, answered) or peer.fixed.get(service, {}).get(each["code"], "")
        if value:
            several = each["datatype"] == "multivaluelist"
            form.append((f"attribute[{each['code']}]{'[]' if several else ''}", value))
        elif each["required"]:
            missing.append(each["description"] or each["code"])
    if missing and not lenient:
        raise Refused(_("Server di sana juga menanyakan: %(what)s.", what=", ".join(missing)[:300]))
    return form


def _answer(attribute: Mapping[str, Any], answered: Mapping[str, str]) -> str:
    words = answered.get(str(attribute["description"]).strip().casefold(), "")
    if not attribute["values"]:
        return words
    return next((key for key, name in attribute["values"] if words in (key, name)), "")


def _said(parcel: Parcel) -> str:
    """The step's public words, or what kind of step it was."""
    words = {
        "progress": _("Sedang dikerjakan."),
        "answer": _("Dinyatakan selesai."),
        "closed": _("Dipastikan selesai."),
        "reopened": _("Dibuka lagi."),
        "archived": _("Diarsipkan."),
        "withdrawn": _("Ditarik pelapor."),
        "reply": _("Pelapor menjawab."),
        "corrected": _("Laporan diperbaiki pelapor."),
    }
    return (parcel.text.strip() or words.get(parcel.step, ""))[:DESCRIPTION_MOST]
