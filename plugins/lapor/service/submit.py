"""Taking a report in: enrich, validate, number, route, clocks, one write, events, one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor import photos as pictures
from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Contact, Deadline, Draft, Receipt, Status, Upload
from plugins.lapor.events import Submitted
from plugins.lapor.hookspecs import lapor_validate
from plugins.lapor.service import codes, counters, store, validate
from plugins.lapor.service.agencies import agency_ref, chosen
from plugins.lapor.service.channels import SELF_SERVICE
from plugins.lapor.service.coach import answers
from plugins.lapor.service.outbox import teller
from plugins.lapor.service.routing.enrich import enrich
from plugins.lapor.service.routing.route import Routed, investigator, is_confidential, route
from plugins.lapor.service.routing.version import active
from plugins.lapor.service.time import sla
from plugins.lapor.service.triage import hand_over
from plugins.lapor.service.vault import people, whistle
from plugins.lapor.service.ways import Path, path_to
from plugins.lapor.settings import setting
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    ask,
    current_actor,
    current_tenant,
    emit,
    keyed,
    new_id,
    now,
    work,
)

KEY_MAX = 200
FALLBACK = timedelta(days=3)


def submit(
    draft: Draft,
    photos: Sequence[Upload] = (),
    idempotency_key: str | None = None,
    *,
    answer_files: answers.Files = answers.NO_FILES,
    whole: bool = False,
) -> Receipt:
    """Make a report real and say who gets it and by when.

    The same key with the same report gives the first answer again, with another one Conflict.
    `answer_files` are pictures by the code of their question. With `whole` no required question of
    the category may stay open.
    Raises Invalid naming each wrong field, PluginRefused when a plugin says no; nothing is kept then.
    """
    draft = validate.tidy(draft)
    _may_use(draft)
    validate.check(draft)
    pictures.inspect(photos)
    _check_key(idempotency_key)
    with work():
        return _submit(draft, photos, idempotency_key, answer_files, whole=whole)


def _submit(
    sent: Draft, photos: Sequence[Upload], key: str | None, answer_files: answers.Files, *, whole: bool
) -> Receipt:
    moment = now()
    draft, path = _prepared(sent)
    answered = answers.judged(draft.category, draft.answers, answer_files, strict=draft.channel == "api")
    if whole:
        answers.demand(answered, by_file=draft.channel != "api")
    routed = investigator(path.way) if path.way else route(draft)
    clocks = sla.deadlines(draft, moment, sla.ON_RECEIPT)
    sent_files = [*photos, *(each for files in answer_files.values() for each in files)]
    complaint_id, salt, digest = new_id(), codes.new_salt(), _digest(sent, sent_files)
    by_desk = draft.channel not in SELF_SERVICE
    unknown = draft.anonymous or bool(path.way)
    values = {
        **_case(draft, routed, clocks, moment),
        "whistle": path.way,
        "accused": path.accused,
        **_reporter(salt, moment, by_desk=by_desk),
        **people.sealed(complaint_id, sent.reporter, unknown=unknown),
        **_frame(complaint_id, draft, path.way, clocks, moment, answers.in_public(answered)),
        "told_by": teller(),
        "has_key": key is not None,
        "idem": key or "",
        "digest": digest,
        "response": store.dumps(_response(routed, clocks, moment, by_desk=by_desk)),
    }
    number, known = store.write(values)
    if number is None:
        return _repeat(key or "", digest)
    if known:
        people.put(complaint_id, sent.reporter, unknown=unknown)
    pictures.keep(complaint_id, photos, stage="report", public=not draft.secret)
    answers.keep(complaint_id, answered, secret=draft.secret)
    emit(Submitted(str(complaint_id), number, "received", str(values["event_id"])))
    status = _handed(complaint_id, draft, path, routed)
    return Receipt(
        id=complaint_id,
        number=number,
        pin=codes.pin(complaint_id, salt),
        status=status,
        agency=agency_ref(routed.agency_id if routed else None),
        tracking_path=tracking_path(number),
        deadlines=clocks,
        ticket=codes.ticket(complaint_id, salt),
        claim_token=codes.claim_token(complaint_id, salt) if by_desk else None,
    )


def _alone(complaint_id: UUID, draft: Draft, routed: Routed | None) -> Status:
    """Send it on without an officer where the tenant wants that and precision was proven; else it waits."""
    if routed is None or draft.agency_code or not setting("dispatch_alone") or active() is None:
        return "received"
    from plugins.lapor.service.routing.alone import alone

    found = alone(draft, routed.agency_id)
    if found is None:
        return "received"
    return hand_over(complaint_id, found.agency_id, why=found.reason, sure=found.sure)


def tracking_path(number: str) -> str:
    """Where a case is followed; carries no secret."""
    return f"/lapor/lacak/{number}"


def _may_use(draft: Draft) -> None:
    officer = current_actor().may("lapor.enter")
    if draft.channel not in SELF_SERVICE and not officer:
        raise Invalid(errors=[FieldError("channel", "Saluran ini hanya dicatat oleh petugas.", "choice")])
    if draft.agency_code is not None:
        if not officer:
            raise Invalid(errors=[FieldError("agency", "Unit ditentukan oleh petugas.", "choice")])
        chosen(draft.agency_code)


def _check_key(key: str | None) -> None:
    if key is not None and not (1 <= len(key) <= KEY_MAX and key.isascii() and key.isprintable()):
        remedy = f"1 sampai {KEY_MAX} huruf ASCII, misalnya sebuah UUID."
        raise Invalid(errors=[FieldError("Idempotency-Key", remedy, "format")])


def _prepared(sent: Draft) -> tuple[Draft, Path]:
    """The report as other plugins left it, and its path when it blows the whistle.

    No hook learns who reported. One who chose the path of whistle-blowers is not shown to hooks at all.
    """
    told = replace(sent, reporter=Contact())
    draft = told if told.whistle else enrich(told)
    if draft != told:
        validate.check(draft)
    if not told.whistle:
        ask(lapor_validate, tenant=current_tenant(), draft=draft)
    if not (draft.whistle or is_confidential(draft)):
        return draft, Path()
    return replace(draft, secret=True), path_to(
        chosen(draft.accused, field="accused").id if draft.accused else None
    )


def _handed(complaint_id: UUID, draft: Draft, path: Path, routed: Routed | None) -> Status:
    """Where a fresh case stands: with who investigates, with the unit an officer named, or received.

    Or with the suggested unit, where the tenant lets proven suggestions go without an officer.
    """
    if path.way:
        return whistle.give(complaint_id, routed.agency_id if routed else None)
    owner = _already_addressed(draft)
    return hand_over(complaint_id, owner) if owner else _alone(complaint_id, draft, routed)


def _already_addressed(draft: Draft) -> UUID | None:
    """The unit that gets it at once, named by an officer."""
    if draft.agency_code is not None and current_actor().may("lapor.dispose"):
        return chosen(draft.agency_code).id
    return None


def _case(
    draft: Draft, routed: Routed | None, clocks: Sequence[Deadline], moment: datetime
) -> dict[str, Any]:
    first = next((each for each in clocks if each.step == "verify"), next(iter(clocks), None))
    place = draft.location
    return {
        "kind": draft.kind,
        "title": draft.title,
        "body": draft.body,
        "category": draft.category,
        "occurred_on": draft.occurred_on,
        "lat": place.lat,
        "lng": place.lng,
        "address": place.address,
        "area": place.area_code,
        "anonymous": draft.anonymous,
        "secret": draft.secret,
        "published": setting("publish") == "at_once" and not draft.secret,
        "channel": draft.channel,
        "source_url": draft.source_url,
        "suggested": routed.agency_id if routed else None,
        "routing": store.dumps(routing_facts(draft, routed)),
        "due_at": first.due_at if first else moment + FALLBACK,
        "due_unit": first.unit if first else "wd",
        "external_id": str(draft.extra.get("external_id", "")),
    }


def routing_facts(draft: Draft, routed: Routed | None) -> dict[str, Any]:
    """Why a case was routed so, as lapor.complaint keeps it."""
    facts: dict[str, Any] = {"guessed": draft.guessed, "words": list(draft.words)}
    if routed is not None:
        facts |= {**asdict(routed.routing), "words": list(routed.routing.words), "by": routed.plugin}
    return facts


def _reporter(salt: bytes, moment: datetime, *, by_desk: bool) -> dict[str, Any]:
    days = int(str(setting("claim_days")))
    return {
        "salt": salt,
        "claim_until": moment + timedelta(days=days) if by_desk else None,
    }


def _frame(
    complaint_id: UUID,
    draft: Draft,
    way: str,
    clocks: Sequence[Deadline],
    moment: datetime,
    told: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    tenant, actor = current_tenant(), current_actor()
    year = local_day(moment, ZoneInfo(tenant.timezone)).year
    hidden = f".{way}" if way else counters.HIDDEN if draft.secret else ""
    boxes = {f"{name}{hidden}": 1 for name in ("all", "open", "unverified")}
    if not way:
        boxes[counters.month(moment, "received")] = 1
    return {
        **counters.parameters(dict(sorted(boxes.items()))),
        "id": complaint_id,
        "event_id": new_id(),
        "year": year,
        "prefix": f"{tenant.short_code}-{year}-",
        "now": moment,
        "actor_kind": "officer" if actor.kind == "officer" else "api" if actor.kind == "api" else "reporter",
        "actor_name": actor.name if actor.kind == "officer" else "",
        "entered_by": actor.id if actor.kind == "officer" else None,
        "facts": store.dumps({"channel": draft.channel, **({"answers": told} if told else {})}),
        "deadlines": store.deadlines_json(clocks, [new_id() for _ in clocks]),
    }


def _response(
    routed: Routed | None, clocks: Sequence[Deadline], moment: datetime, *, by_desk: bool
) -> dict[str, Any]:
    return {
        "agency_id": str(routed.agency_id) if routed else None,
        "deadlines": [store.deadline_facts(each) for each in clocks],
        "at": moment.isoformat(),
        "claim": by_desk,
    }


def _repeat(key: str, digest: bytes) -> Receipt:
    """The first answer again. The PIN is derived, so it needs not have been kept."""
    found = store.first_answer(current_tenant().id, key)
    if found is None or found[0] != digest:
        raise Conflict("Kunci ini sudah dipakai untuk laporan lain.", "Pakai Idempotency-Key yang baru.")
    _, complaint_id, kept = found
    number, salt = store.number_and_salt(complaint_id)
    at = datetime.fromisoformat(kept["at"])
    return Receipt(
        id=complaint_id,
        number=number,
        pin=codes.pin(complaint_id, salt),
        status="received",
        agency=agency_ref(UUID(kept["agency_id"]) if kept["agency_id"] else None),
        tracking_path=tracking_path(number),
        deadlines=tuple(store.deadline_from(each, at) for each in kept["deadlines"]),
        ticket=codes.ticket(complaint_id, salt),
        claim_token=codes.claim_token(complaint_id, salt) if kept["claim"] else None,
        repeated=True,
    )


def _digest(draft: Draft, photos: Sequence[Upload]) -> bytes:
    facts = {**asdict(draft), "extra": dict(draft.extra)}
    answered = facts.pop("answers")
    told = hashlib.sha256(store.dumps(facts).encode())
    if answered:
        told.update(repr(sorted(answered.items())).encode("utf-8", "surrogatepass"))
    for photo in photos:
        told.update(hashlib.sha256(photo.data).digest())
    # Keyed: from a plain digest one could find the phone number by trying all of them.
    return bytes.fromhex(keyed("lapor.digest", told.hexdigest()))
