"""A parcel in the fields of a contract."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from plugins.sp4n.contract import Contract, Send
from plugins.sp4n.contract_table import PLACE
from plugins.sp4n.transport import Sending


def values(sending: Sending, contract: Contract) -> dict[str, Any]:
    """Every name that a contract may put into a field, with its value; None and "" are left out there."""
    parcel, case, words = sending.parcel, sending.parcel.case, contract.words
    who = case.reporter if not case.anonymous else None  # also where a name slipped through before
    return {
        "number": case.number,
        "kind": words.kind.get(case.kind, case.kind),
        "title": case.title,
        "body": body(sending),
        "category_main": sending.category.main,
        "category_sub": sending.category.sub,
        "category": case.category,
        "category_code": case.category_code,
        "anonymous": case.anonymous,
        "secret": case.secret,
        "received_at": case.received_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else "",
        "owner": parcel.owner,
        "agency": case.agency,
        "address": case.address,
        "area_code": case.area_code or "",
        "lat": case.lat,
        "lng": case.lng,
        "reporter_name": who.name if who else "",
        "reporter_phone": who.phone if who else "",
        "reporter_email": who.email if who else "",
        "tracking_url": case.tracking_url,
        "photos": [_photo(each.filename, each.data) for each in sending.photos],
        "step": words.step.get(parcel.step, parcel.step),
        "status": words.status.get(case.status, case.status),
        "text": parcel.text,
        "at": parcel.at.isoformat(),
        "reason": str(parcel.data.get("reason_title") or ""),
        "rating": parcel.data.get("rating"),
        "foreign_id": parcel.foreign_id,
        "second_id": parcel.second_id,
        "parcel": str(parcel.id),
    }


def body(sending: Sending) -> str:
    """The reporter's words, then the answers to the category's questions."""
    told = [f"{label}: {words}" for label, words in sending.parcel.case.answers]
    return "\n\n".join(filter(None, (sending.parcel.case.body, "\n".join(told))))


def fields(send: Send, known: Mapping[str, Any]) -> dict[str, Any]:
    """The object that is sent: dotted names become objects inside of objects."""
    made: dict[str, Any] = {}
    for name, template in send.fields.items():
        value = filled(template, known)
        if value is None or value in ("", []):
            continue
        *above, last = name.split(".")
        inside = made
        for each in above:
            inside = inside.setdefault(each, {})
        inside[last] = value
    return made


def filled(template: str, known: Mapping[str, Any]) -> Any:
    """A template with its values; one that is a single name keeps the value's kind (true, 8.5)."""
    if whole := PLACE.fullmatch(template):
        return known.get(whole[1])
    return PLACE.sub(lambda found: str(known.get(found[1], "")), template)


def address(base: str, path: str, known: Mapping[str, Any], query: Mapping[str, str] | None = None) -> str:
    """The address of a call; values are quoted, and a question without a value is left out."""
    made = base.rstrip("/") + PLACE.sub(lambda found: quote(str(known.get(found[1], "")), safe=""), path)
    asked = {name: str(filled(template, known)) for name, template in (query or {}).items()}
    told = "&".join(f"{quote(name)}={quote(value)}" for name, value in asked.items() if value)
    return f"{made}?{told}" if told else made


def _photo(name: str, data: bytes) -> dict[str, str]:
    return {"nama": name, "isi": base64.b64encode(data).decode()}
