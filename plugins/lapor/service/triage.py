"""Finding a case its owner: verify, hand over, take back, archive. See `case.changing` for errors."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.contracts import Done, Kind, Order, Status
from plugins.lapor.models import Complaint
from plugins.lapor.service import counters
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.alike import twins
from plugins.lapor.service.case import changing
from plugins.lapor.service.coach import reasons
from plugins.lapor.service.handle import end
from plugins.lapor.service.owners import assign, onward, outside, parts
from plugins.lapor.service.routing import decisions
from plugins.lapor.service.shown import shown
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import KINDS, category_errors, optional, require
from plugins.lapor.service.vault import whistle
from plugins.lapor.settings import setting
from superapp.sdk import (
    SYSTEM,
    FieldError,
    Forbidden,
    Invalid,
    directory,
    session,
    work,
)

BOUNCES_BEFORE_COORDINATOR = 2


def verify(
    complaint_id: UUID,
    *,
    version: int | None = None,
    category: str | None = None,
    kind: Kind | None = None,
    area: str | None = None,
    note: str = "",
) -> Done:
    """Say that the report was read, and set right its kind, category or area. Raises Invalid."""
    text = optional("note", note)
    with work():
        with changing(complaint_id, "verify", version=version) as change:
            before = (change.case.category_code, change.case.kind)
            _set_right(change.case, category, kind, area)
            _publish(change.case)
            change.case.officer_id = change.actor.id if change.actor.kind == "officer" else None
            change.text, change.data = text, {"category": change.case.category_code}
            if before != (change.case.category_code, change.case.kind):
                clocks.reclassify(change)
        whistle.follow(change.case)
    return change.done


def dispose(
    complaint_id: UUID,
    *,
    version: int | None = None,
    agency_codes: Sequence[str] = (),
    instruction: str = "",
    units: Sequence[Order] = (),
    referrals: Sequence[str] = (),
    reason: str = "",
    apart: str = "",
) -> Done:
    """Hand the case to units: the first one leads, each of the others answers its own part as well.

    `units` carry an instruction each, `agency_codes` share `instruction`, `referrals` get to see it
    without owning it. Units that have it already keep what they did; those left out lose it.
    Where the same text already lies with another unit, `apart` has to say why.
    Raises Invalid for no unit, an unknown one, or a text that goes apart without a reason.
    """
    asked = assign.orders(agency_codes, instruction, units, referrals)
    why = optional("reason", reason, most=500)
    with changing(complaint_id, "dispose", version=version) as change:
        had, suggested = change.case.agency_id, shown(change.case)
        assign.assign(change, asked)
        _publish(change.case)
        parts.settle(change)
        change.data["reason"] = why
        if change.case.agency_id not in (None, had):
            decisions.record(change.case, suggested, change.actor)
        holding = [each.agency_id for each in change.assignments if each.active and each.role != "referral"]
        change.data |= twins.judged(change.case, holding, apart)
    return change.done


def hand_over(complaint_id: UUID, agency_id: UUID, *, why: str = "", sure: float = 0.0) -> Status:
    """Give a fresh case straight to its unit, as the system. Belongs inside of the work that made it.

    `why` is said when no officer decided so; `sure` is then the probability that it is right.
    """
    unit = agency_ref(agency_id)
    if unit is None:
        raise Invalid(errors=[FieldError("agency", _("Unit ini sudah tidak ada."), "unknown")])
    with changing(complaint_id, "dispose", actor=SYSTEM) as change:
        suggested = shown(change.case) if why else ()
        assign.assign(change, [(unit, Order(unit.code))])
        _publish(change.case)
        parts.settle(change)
        if why:
            change.text, change.data["alone"] = why, True
            decisions.record(change.case, suggested, SYSTEM, sure=sure, reason=why)
    return change.done.status


def give_back(
    complaint_id: UUID,
    *,
    version: int | None = None,
    part_version: int | None = None,
    agency_code: str | None = None,
    owner_agency_code: str | None = None,
    owner_name: str = "",
    reason: str = "",
    reason_code: str = "",
) -> Done:
    """Say "not ours" and name the owner (bukan wewenang); with several units only the own part goes back.

    What was handed onward goes back to the unit above, which needs no owner named. After the second
    time only the coordinator decides: Forbidden for units. Raises Invalid without an owner or a
    reason, or when the unit names itself. `reason_code` gives rule and remedy of
    the government's own list.
    """
    listed = reasons.chosen("return", reason_code) if reason_code else None
    why = require("reason", reason or (listed.title if listed else ""), most=2000)
    named = chosen(owner_agency_code, field="owner") if owner_agency_code else None
    with changing(complaint_id, "give_back", version=version) as change:
        case, part = change.case, parts.part_of(change, agency_code, version=part_version)
        if part.role == "delegate":
            onward.hand_up(change, part, why)
            parts.settle(change)
            return change.done
        owner = named.name if named else require("owner", owner_name, most=200)
        if named is not None and named.id == part.agency_id:
            raise Invalid(errors=[FieldError("owner", _("Sebut unit lain yang berwenang."), "choice")])
        if case.bounces >= BOUNCES_BEFORE_COORDINATOR and not change.actor.may("lapor.dispose"):
            raise Forbidden(
                "Laporan ini sudah dua kali dikembalikan.", "Koordinator yang memutuskan pemiliknya."
            )
        returning = agency_ref(part.agency_id)
        outside.give_back(change, part, f"{owner}: {why}")
        case.suggested_id = named.id if named else None
        case.routing = {
            **case.routing,
            "returned": {"owner": owner, "reason": why, "by": str(part.agency_id)},
        }
        parts.settle(change)
        change.text = why
        change.data = {
            "agency_back": returning.name if returning else "",
            "owner": owner,
            "owner_code": named.code if named else None,
            "bounces": case.bounces,
        }
        change.data |= reasons.facts(listed, case)
    return change.done


def archive(
    complaint_id: UUID, *, version: int | None = None, reason_code: str, rule: str = "", remedy: str = ""
) -> Done:
    """End without an answer: with a reason, the rule it stands on, and what the reporter can do.

    An empty `rule` or `remedy` is that of the reason. Raises Invalid for a reason that is not listed.
    """
    listed = reasons.chosen("archive", reason_code)
    stands_on = require("rule", rule or listed.rule, most=500)
    advice = require("remedy", remedy or listed.remedy, most=2000)
    with changing(complaint_id, "archive", version=version) as change:
        clocks.unpause(change)
        end(change, "archived")
        change.text = reasons.filled(advice, change.case)
        change.data = {
            **reasons.facts(listed, change.case),
            "reason": listed.title,
            "rule": reasons.filled(stands_on, change.case),
        }
        if reason_code == reasons.INCOMPLETE:
            change.figures[counters.month(change.moment, "incomplete")] = 1
    return change.done


def forward(
    complaint_id: UUID,
    *,
    version: int | None = None,
    agency_code: str,
    text: str = "",
    external_id: str = "",
    apart: str = "",
) -> Done:
    """Pass it to an outside owner (province, ministry, state company); its state is followed here.

    `apart` as for `dispose`.
    """
    unit = chosen(agency_code, external=True)
    told = optional("text", text, most=2000)
    number = optional("external_id", external_id, most=100)
    with changing(complaint_id, "forward", version=version) as change:
        suggested = shown(change.case)
        parts.end_all(change, "forwarded")
        session().flush()
        part = assign.add(change, unit.id, "owner")
        part.why, part.external_id = told, number
        change.case.external_id, change.case.climbed = number, False
        parts.set_lead(change)
        decisions.record(change.case, suggested, change.actor)
        _publish(change.case)
        change.finish("verify", "follow_up")
        change.text, change.data = told, {"agency": unit.name, "agency_code": unit.code}
        change.data |= twins.judged(change.case, [unit.id], apart)
    return change.done


def _set_right(case: Complaint, category: str | None, kind: str | None, area: str | None) -> None:
    errors = category_errors(category)
    if kind is not None and kind not in KINDS:
        errors.append(FieldError("kind", "Pilih pengaduan, aspirasi, atau permintaan informasi.", "choice"))
    if area is not None and area not in directory.areas():
        errors.append(FieldError("area", "Wilayah ini tidak ada. Pilih dari daftar.", "unknown"))
    if errors:
        raise Invalid(errors=errors)
    case.category_code = category or case.category_code
    case.kind, case.area_code = kind or case.kind, area or case.area_code


def _publish(case: Complaint) -> None:
    if not case.secret and setting("publish") != "never":
        case.published = True
