"""Taking a service request in, and its token. LAPOR's own service does the rest."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Contact, Draft, Location, Receipt, Upload
from plugins.lapor.contracts.door import DOOR
from plugins.open311 import catalogue, definitions, given
from plugins.open311.models import Token
from superapp.sdk import (
    NotFound,
    address,
    current_actor,
    current_tenant,
    digest,
    session,
    set_actor,
    settings_of,
    use,
    work,
)

MOST = 4000
CHANNEL = "open311"


def submit(
    form: Mapping[str, str], answers: Mapping[str, Sequence[str]], photos: Sequence[Upload], key: str | None
) -> Receipt:
    """Make a service request real. Raises BadRequest, NotFound for an unknown service, Invalid."""
    made = draft(form, answers)
    with _as_door():
        return use(DOOR).submit(made, photos, key)


def draft(form: Mapping[str, str], answers: Mapping[str, Sequence[str]]) -> Draft:
    """The parameters of POST requests as a report. Raises BadRequest naming the wrong one."""
    code = given.text(form, "service_code", 80)
    if not code:
        raise given.refuse("service_code", _("service_code: sebut salah satu dari services."), "required")
    service = catalogue.known(code)
    body = given.text(form, "description", MOST)
    name = " ".join(filter(None, (given.text(form, "first_name", 100), given.text(form, "last_name", 99))))
    strict = bool(settings_of(current_tenant(), "open311")["strict"])
    contact = Contact(name, given.text(form, "phone", 40), given.text(form, "email", 254))
    return Draft(
        kind="complaint",
        title="" if body else service.name,
        body=body or service.name,
        category=service.code,
        location=_place(form),
        reporter=contact,
        channel=CHANNEL,
        source_url=given.text(form, "media_url", 1990),
        answers=definitions.answers(service.code, answers, strict=strict),
    )


def keep_token(number: str) -> str:
    """A fresh token that stands for the number until it is asked for."""
    token = secrets.token_hex(20)
    with work() as unit:
        unit.add(Token(digest=digest(token).hex(), number=number))
    return token


def number_of(token: str) -> str:
    """The number behind a token. Raises NotFound."""
    row = session().scalars(select(Token).where(Token.digest == digest(token).hex())).one_or_none()
    if row is None:
        raise NotFound(_("Token ini tidak dikenal."))
    return row.number


def notice(receipt: Receipt) -> str:
    """What the reporter should keep: where to follow it, and the PIN that opens it."""
    where = address(receipt.tracking_path)
    if receipt.agency is None:
        return str(_("Lacak di %(url)s dengan PIN %(pin)s.", url=where, pin=receipt.pin))
    return str(
        _(
            "Diperkirakan untuk %(agency)s. Lacak di %(url)s dengan PIN %(pin)s.",
            agency=receipt.agency.name,
            url=where,
            pin=receipt.pin,
        )
    )


def _place(form: Mapping[str, str]) -> Location:
    lat, lng = given.number(form, "lat", -90, 90), given.number(form, "long", -180, 180)
    if (lat is None) != (lng is None):
        missing = "long" if lng is None else "lat"
        raise given.refuse(missing, _("lat dan long harus disebut bersama."), "required")
    street = given.text(form, "address_string", 500)
    area = given.text(form, "address_id", 40)
    if lat is None and not street and not area:
        raise given.refuse("lat", _("Sebut tempatnya: lat dan long, atau address_string."), "required")
    return Location(lat, lng, street, area or None)


@contextmanager
def _as_door() -> Iterator[None]:
    """The key's right to report here is enough to write a report down, as a call-taker does."""
    actor = current_actor()
    set_actor(replace(actor, permissions=actor.permissions | {"lapor.enter"}))
    try:
        yield
    finally:
        set_actor(actor)


def facts(receipt: Receipt, *, token: bool) -> dict[str, Any]:
    """The one request of the answer: its id, or a token for it."""
    if token:
        return {"token": keep_token(receipt.number), "service_notice": notice(receipt), "account_id": None}
    return {"service_request_id": receipt.number, "service_notice": notice(receipt), "account_id": None}
