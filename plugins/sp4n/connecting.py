"""Connecting a government with the national system, and ending that: settings and destination in one deed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import delete, select

from plugins.lapor.contracts.outside import OUTSIDE, Destination, Takes
from plugins.sp4n.contract_reading import of
from plugins.sp4n.legacy import Legacy
from plugins.sp4n.models import Trial
from plugins.sp4n.modern import Modern
from plugins.sp4n.transport import Transport
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    audit,
    current_tenant,
    defer,
    new_id,
    now,
    save_settings,
    session,
    settings_of,
    use,
    work,
)

PLUGIN: Final = "sp4n"
KEY: Final = "national"
TITLE: Final = "SP4N-LAPOR!"


def transport_of(settings: Mapping[str, Any]) -> Transport:
    """The way that these settings describe."""
    if settings["transport"] == "legacy":
        return Legacy(settings["base_url"], settings["token"])
    return Modern(settings["base_url"], settings["token"], of(settings["contract"]))


def living() -> Destination | None:
    """The connection; None when there is none."""
    return next(iter(use(OUTSIDE).destinations(PLUGIN)), None)


def connect(given: Mapping[str, Any]) -> Destination:
    """Store the settings and connect, or change the connection; its queue and numbers stay.

    `given` are fields of Sp4nSettings; what is left out keeps its value. Raises Invalid by field.
    """
    tenant = current_tenant()
    wanted = {**settings_of(tenant, PLUGIN), **given}
    missing = {"base_url": _("Tulis alamat server."), "token": _("Isi token dari admin nasional.")}
    errors = [FieldError(name, words, "required") for name, words in missing.items() if not wanted[name]]
    if wanted["takes"] == "categories" and not wanted["categories"]:
        errors.append(FieldError("categories", _("Pilih paling sedikit satu jenis."), "required"))
    if wanted["takes"] == "forwarded" and not wanted["agency_code"]:
        remedy = _("Pilih unit luar yang mewakili admin nasional: laporan yang diserahkan kepadanya dikirim.")
        errors.append(FieldError("agency_code", remedy, "required"))
    if errors:
        raise Invalid(errors=errors)
    with work():
        save_settings(tenant, PLUGIN, wanted)
        made = _destination(wanted)
        audit.record(
            "sp4n.connected", "plugin", PLUGIN, url=wanted["base_url"], transport=wanted["transport"]
        )
    return made


def save_contract(text: str) -> None:
    """Keep a contract ("" is the one that comes with the plugin). Raises BadContract, which names lines."""
    contract = of(text.replace("\r\n", "\n"))
    tenant = current_tenant()
    with work():
        wanted = {**settings_of(tenant, PLUGIN), "contract": text.replace("\r\n", "\n").strip()}
        save_settings(tenant, PLUGIN, wanted)
        if living() is not None:
            _destination(wanted)
        audit.record("sp4n.contract", "plugin", PLUGIN, title=contract.title)


def disconnect(reason: str) -> None:
    """End the connection; numbers and log stay. Raises Conflict when there is none, Invalid."""
    why = " ".join(reason.split())[:500]
    if not why:
        raise Invalid(errors=[FieldError("reason", _("Tulis alasannya."), "required")])
    found = living()
    if found is None:
        raise Conflict(_("Belum tersambung."))
    use(OUTSIDE).disconnect(found.id, reason=why)


def ask_trial() -> None:
    """Have a job try the connection."""
    with work() as unit:
        unit.execute(delete(Trial))
        row = Trial(id=new_id(), asked_at=now())
        unit.add(row)
        defer("sp4n.try", trial_id=str(row.id))


def last_trial() -> Trial | None:
    """The last one, done or not."""
    return session().scalars(select(Trial).order_by(Trial.asked_at.desc()).limit(1)).first()


def _destination(wanted: Mapping[str, Any]) -> Destination:
    way = transport_of(wanted)
    takes: Takes = wanted["takes"]
    return use(OUTSIDE).connect(
        PLUGIN,
        KEY,
        title=TITLE,
        takes=takes,
        agency_code=wanted["agency_code"],
        categories=wanted["categories"] if takes == "categories" else (),
        steps=way.steps,
        identity=wanted["identity"],
        repeatable=way.repeatable,
        facts={"transport": wanted["transport"], "url": wanted["base_url"]},
    )
