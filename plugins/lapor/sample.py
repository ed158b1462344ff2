"""Sample reports for a demo: made through the real services, each step at its own moment in the past."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plugins.lapor import sample_proof, service
from plugins.lapor import sample_texts as texts
from plugins.lapor.contracts import AgencyRef, Channel, Draft, Kind, Location
from plugins.lapor.jobs import clocks
from plugins.lapor.permissions import PERMISSIONS
from plugins.lapor.service import reference
from plugins.lapor.service.channels import SELF_SERVICE
from plugins.lapor.service.deskwork import checklist
from superapp.sdk import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    Conflict,
    Tenant,
    at_time,
    current_actor,
    directory,
    now,
    set_actor,
)

DAYS = 90
SEED = 5171
SPREAD = 0.004  # degrees around a village's point, about 450 m
CHANNELS: tuple[Channel, ...] = (
    "web",
    "web",
    "web",
    "api",
    "whatsapp",
    "whatsapp",
    "phone",
    "counter",
    "social",
)


@dataclass(slots=True)
class Life:
    """One report on its way: `at` is the moment of its next step, `end` is today."""

    id: UUID
    ticket: str
    unit: AgencyRef
    dice: random.Random
    at: datetime
    end: datetime

    def later(self, low: float, high: float) -> bool:
        """Move on by `low` to `high` days; False when that lies in the future."""
        self.at += timedelta(days=self.dice.uniform(low, high))
        return self.at < self.end

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.dice.random() < share


def load(tenant: Tenant, n: int, report: Callable[[int], None]) -> None:
    """Bring in `n` reports of the last 90 days in all states; `report` hears how many are done.

    Each has a key of its own, so a second run with the same number adds none.
    """
    dice = random.Random(f"{SEED}:{tenant.slug}")
    end = now()
    starts = sorted(end - timedelta(days=dice.uniform(0.02, DAYS)) for _ in range(n))
    for place, start in enumerate(starts):
        _one(f"{SEED}:{tenant.slug}:{place}", start, end)
        report(place + 1)
    with _as(SYSTEM):
        clocks.mark_late()


def _one(key: str, start: datetime, end: datetime) -> None:
    dice = random.Random(key)
    written = _draft(dice)
    writer = ANONYMOUS if written.channel in SELF_SERVICE else _officer("Petugas loket", "")
    with at_time(start), _as(writer):
        photos = sample_proof.with_report(key)
        receipt = service.submit(written, photos, idempotency_key=f"contoh:{key}")
    if receipt.repeated or receipt.agency is None or receipt.status != "received":
        return
    life = Life(receipt.id, receipt.ticket, receipt.agency, dice, start, end)
    if life.later(0.05, 2.5):
        _triage(life)


def _triage(life: Life) -> None:
    with at_time(life.at), _as(_officer("Koordinator", "")):
        if life.chance(0.03):
            service.archive(
                life.id,
                reason_code="duplicate",
                rule="Laporan yang sama ditangani satu kali.",
                remedy="Ikuti laporan pertama; hasilnya berlaku untuk keduanya.",
            )
            return
        if life.chance(0.5):
            service.verify(life.id)
        if life.unit.code in _external():
            service.forward(life.id, agency_code=life.unit.code, text="Ini wewenang instansi lain.")
            return
        service.dispose(
            life.id, agency_codes=[life.unit.code], instruction="Cek di lapangan dan kabari pelapor."
        )
    if life.later(0.3, 4):
        _field(life)


def _field(life: Life) -> None:
    unit = _officer("Pejabat penghubung", life.unit.code)
    with at_time(life.at), _as(unit):
        if life.chance(0.05):
            service.give_back(life.id, owner_name="Instansi lain", reason="Lokasinya bukan aset kami.")
            return
        if life.chance(0.1):
            question = life.dice.choice(texts.QUESTIONS)
            service.hold(life.id, reason="Perlu keterangan", waiting_for="reporter", question=question)
            asked = True
        else:
            service.progress(life.id, text=life.dice.choice(texts.PROGRESS))
            asked = False
    if asked:
        if not life.chance(0.7) or not life.later(0.5, 3):
            return
        with at_time(life.at):
            service.reply(life.ticket, text=life.dice.choice(texts.SINCE))
    slow = life.chance(0.12)
    if life.later(20 if slow else 0.5, 35 if slow else 9) and life.chance(0.93):
        _answer(life, unit)


def _answer(life: Life, unit: Actor) -> None:
    with at_time(life.at), _as(unit):
        for item in checklist.checklist(life.id):
            checklist.tick(life.id, item.id, done=True)
        proof = sample_proof.with_answer(life.id, life.dice)
        service.answer(life.id, text=life.dice.choice(texts.ANSWERS), **proof)
    if life.chance(0.25):
        _silence(life)
        return
    if not life.later(0.2, 6):
        return
    with at_time(life.at):
        if life.chance(0.85):
            service.confirm(life.ticket, solved=True, rating=life.dice.choice((3, 4, 4, 5, 5)))
            return
        service.confirm(life.ticket, solved=False, text=life.dice.choice(texts.UNSOLVED))
    if life.later(1, 5):
        with at_time(life.at), _as(unit):
            proof = sample_proof.with_answer(life.id, life.dice)
            service.answer(life.id, text=life.dice.choice(texts.ANSWERS), **proof)


def _silence(life: Life) -> None:
    """Nobody answers: it closes on the first day on which the service lets it."""
    while life.later(1, 1):
        with at_time(life.at), _as(SYSTEM):
            try:
                service.autoclose(life.id)
            except Conflict:
                continue
            return


def _draft(dice: random.Random) -> Draft:
    categories = [code for code in reference.reference().categories if code in texts.SEEN]
    code = dice.choice(categories) if categories else None
    title = dice.choice(texts.SEEN.get(code or "", texts.ANY))
    where = dice.choice(texts.WHERE)
    kind: Kind = "aspiration" if dice.random() < 0.06 else "complaint"
    if code == "INFO.REQUEST":
        kind = "information"
    told = " ".join(dice.sample(texts.SINCE, dice.choice((1, 1, 2))))
    return Draft(
        kind=kind,
        title=f"{title} {where}",
        body=f"{title} {where}. {told}",
        category=code,
        location=_place(dice),
        anonymous=dice.random() < 0.2,
        secret=dice.random() < 0.02,
        channel=dice.choice(CHANNELS),
        answers=_answers(dice, code),
    )


def _answers(dice: random.Random, code: str | None) -> dict[str, str]:
    """Some of what the category asks, as hurried people answer."""
    asked = (each for each in service.questions_of(code) if dice.random() < 0.6)
    told = {each.code: dice.choice(each.options) for each in asked if each.options}
    numbers = (each for each in service.questions_of(code) if each.kind == "number" and dice.random() < 0.4)
    return told | {
        each.code: str(dice.randint(int(each.low or 1), int(min(each.high or 9, 90)))) for each in numbers
    }


def _place(dice: random.Random) -> Location:
    villages = [each for each in directory.areas().values() if each.level != "kecamatan"]
    street = f"{dice.choice(texts.STREETS)} No. {dice.randint(1, 180)}"
    if not villages:
        return Location(address=street)
    village = dice.choice(villages)
    if village.lat is None or village.lng is None or dice.random() < 0.15:
        return Location(address=street, area_code=village.code)
    lat, lng = (round(dice.gauss(point, SPREAD / 2), 6) for point in (village.lat, village.lng))
    return Location(lat, lng, street, village.code)


def _external() -> set[str]:
    return {each.code for each in directory.agencies().values() if each.is_external}


def _officer(name: str, agency: str) -> Actor:
    """A made-up officer of the demo, with every right of LAPOR: the steps below decide who does what."""
    unit = directory.agencies_by_code().get(agency)
    rights = frozenset(each.code for each in PERMISSIONS)
    return Actor("officer", None, name, rights, unit.id if unit else None)


@contextmanager
def _as(actor: Actor) -> Iterator[None]:
    before = current_actor()
    set_actor(actor)
    try:
        yield
    finally:
        set_actor(before)
