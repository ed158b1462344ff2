"""Letters between governments of one host: written by one, read by the other, and nothing else crosses.

A letter is a job of its receiver, written in its sender's transaction. It carries plain fields and
pictures that its sender chose; who sent it is stamped by the host and sealed with it. The receiving
plugin sees it in its own scope and never its sender's tables. What is refused goes back to who sent it.

    post("bali", "antarpemda.hear", {"number": "DPS-2026-000012", "step": "progress"}, order=number)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from superapp import log
from superapp.context import SYSTEM, Tenant, current_tenant, now, tenant_scope
from superapp.db.base import new_id
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import AppError, NotFound
from superapp.identity.seal import BrokenSeal, seal, unseal
from superapp.jobs import enclosures, events
from superapp.plugin.contracts import JobSpec
from superapp.plugin.gate import is_open
from superapp.plugin.registry import registry
from superapp.tenancy import resolve
from superapp.tenancy.models import HeardLetter, TenantRow

Plain = str | int | bool | None
FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LETTER: Final = re.compile(r"[A-Za-z0-9:._-]{1,100}")
STAMPED: Final = frozenset({"sender", "letter", "enclosed", "receiver", "why"})
KEEP: Final = timedelta(days=90)
MOST_FIELDS, LONGEST_TEXT, MOST_BYTES = 60, 20_000, 100_000


@dataclass(frozen=True, slots=True)
class Government:
    """A live government of this host, as every other one may know it."""

    slug: str
    name: str
    region_code: str


def governments() -> tuple[Government, ...]:
    """All other live governments, by name."""
    query = select(TenantRow.slug, TenantRow.name, TenantRow.region_code).where(
        TenantRow.status == "live", TenantRow.id != current_tenant().id
    )
    return tuple(Government(*row) for row in session().execute(query.order_by(TenantRow.name)))


def post(
    to: str,
    job: str,
    payload: Mapping[str, Plain],
    *,
    letter: str = "",
    order: str = "",
    enclosed: Sequence[bytes] = (),
) -> str:
    """Write to another government's plugin; it leaves with the transaction. Returns the letter's id.

    `job` is one declared with `across=True`; at `to` it runs as `run(sender=slug, letter=id,
    enclosed=(bytes, ...), **payload)`. One `letter` id of a sender counts once there, whatever comes
    again. Letters with the same `order` are read one after the other, as they were written. `payload`
    holds at most 60 short texts, numbers, truths or None. `enclosed` are pictures without metadata
    that everybody may see. Belongs inside of work(). Raises NotFound for a government that is not
    live here, ValueError for what no letter may hold.
    """
    spec = _spec(job)
    _check(payload)
    here, receiver = current_tenant(), _receiver(to)
    letter = letter or str(new_id())
    if not LETTER.fullmatch(letter):
        raise ValueError(f"{letter!r} is no id of a letter.")
    told = {
        "to": receiver,
        "from": here.id,
        "job": job,
        "letter": letter,
        "payload": dict(payload),
        "enclosed": enclosures.put(enclosed),
    }
    events.add_for(
        receiver,
        "superapp:letter",
        {"job": job, "sealed": seal(orjson.dumps(told).decode())},
        queue=spec.lane or None,
        lock=f"{receiver}:letter:{here.id}:{order or letter}",
    )
    return letter


def read(app: Flask, tenant_id: int, job: str, sealed: str) -> None:
    """Let the receiver's plugin read a letter; what it refuses goes back. Runs in the worker.

    Raises BrokenSeal for a letter that was changed on its way, and for one that was put into another's box.
    """
    with app.app_context():
        told = _opened(sealed, tenant_id, job)
        sender, receiver = resolve.by_id(told["from"]), resolve.by_id(tenant_id)
        plugin, spec = registry().jobs[job]
        if sender is None:
            log.get(__name__).warning("letter_without_sender", tenant_id=told["from"])
            return
        if receiver is None or receiver.status != "live" or not is_open(receiver, plugin):
            _send_back(sender, told, receiver, "closed")
            return
        with tenant_scope(sender, SYSTEM):
            pictures = enclosures.read(told["enclosed"])
        with tenant_scope(receiver, SYSTEM):
            why = "" if _heard(told) else _refusal(spec, sender, told, pictures)
        if why:
            _send_back(sender, told, receiver, why)
        else:
            with tenant_scope(sender, SYSTEM):
                enclosures.forget(told["enclosed"])
        with tenant_scope(receiver, SYSTEM):
            _note(told)


def take_back(app: Flask, tenant_id: int, job: str, sealed: str) -> None:
    """Tell the sender's plugin that a letter was refused, and why. Runs in the worker.

    `returned(receiver=slug, letter=id, why=text, **payload)`; `why` is "closed" for a government that
    is not live or has the plugin off, else the receiver's words.
    """
    with app.app_context():
        told = _opened(sealed, tenant_id, job)
        tenant = resolve.by_id(tenant_id)
        plugin, spec = registry().jobs[job]
        if tenant is None or tenant.status != "live":
            return
        with tenant_scope(tenant, SYSTEM):
            if spec.returned is not None and is_open(tenant, plugin):
                spec.returned(
                    receiver=told["receiver"], letter=told["letter"], why=told["why"], **told["payload"]
                )
            enclosures.forget(told["enclosed"])


def sweep() -> None:
    """Forget which letters were read a quarter of a year ago; the queue itself is swept after days."""
    with work() as opened:
        opened.execute(delete(HeardLetter).where(HeardLetter.heard_at < now() - KEEP))


def _spec(job: str) -> JobSpec:
    declared = registry().jobs.get(job)
    if declared is None or not declared[1].across:
        raise ValueError(f"{job} takes no letters: it is in no plugin's superapp_jobs with across=True.")
    return declared[1]


def _receiver(slug: str) -> int:
    query = select(TenantRow.id).where(TenantRow.slug == slug, TenantRow.status == "live")
    found = session().scalars(query).one_or_none()
    if found is None or found == current_tenant().id:
        raise NotFound("Pemerintah daerah ini tidak ada di sini.")
    return found


def _check(payload: Mapping[str, Plain]) -> None:
    if len(payload) > MOST_FIELDS:
        raise ValueError(f"A letter has at most {MOST_FIELDS} fields.")
    for name, value in payload.items():
        if not FIELD.fullmatch(name) or name in STAMPED:
            raise ValueError(f"{name!r} cannot be a field of a letter.")
        if value is not None and not isinstance(value, str | int):
            raise ValueError(f"{name} is a {type(value).__name__}; letters carry texts, numbers and truths.")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise ValueError(f"{name} is longer than {LONGEST_TEXT} letters.")
        if isinstance(value, int) and abs(value) >= 2**53:
            raise ValueError(f"{name} is too large a number.")
    if len(orjson.dumps(dict(payload))) > MOST_BYTES:
        raise ValueError(f"A letter has at most {MOST_BYTES} bytes.")


def _opened(sealed: str, tenant_id: int, job: str) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(unseal(sealed))
    if (told["to"], told["job"]) != (tenant_id, job):
        raise BrokenSeal("This letter is for somebody else.")
    return told


def _refusal(spec: JobSpec, sender: Tenant, told: Mapping[str, Any], pictures: tuple[bytes, ...]) -> str:
    """Let the plugin read it; why it refused, "" when it did not. Other errors are tried again."""
    try:
        spec.run(sender=sender.slug, letter=told["letter"], enclosed=pictures, **told["payload"])
    except AppError as error:
        return " ".join(filter(None, (error.title, error.detail)))
    return ""


def _heard(told: Mapping[str, Any]) -> bool:
    mine = (HeardLetter.sender_id == told["from"], HeardLetter.letter == told["letter"])
    return session().scalars(select(HeardLetter.letter).where(*mine)).first() is not None


def _note(told: Mapping[str, Any]) -> None:
    values = {
        "tenant_id": current_tenant().id,
        "sender_id": told["from"],
        "letter": told["letter"],
        "heard_at": now(),
    }
    with work() as opened:
        opened.execute(insert(HeardLetter).values(**values).on_conflict_do_nothing())


def _send_back(sender: Tenant, told: Mapping[str, Any], receiver: Tenant | None, why: str) -> None:
    back = {
        **told,
        "to": sender.id,
        "receiver": receiver.slug if receiver else "",
        "why": why[:1000],
    }
    job = {"job": told["job"], "sealed": seal(orjson.dumps(back).decode())}
    with tenant_scope(sender, SYSTEM), work():
        events.add_for(sender.id, "superapp:letter_back", job)
