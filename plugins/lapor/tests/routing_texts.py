"""Made-up reports with their owners, for the tests of learning: quick to make, the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from plugins.lapor.learn.trainer import Sample
from plugins.lapor.service.routing.signs import Report

SAID = {
    "DPUPR": ("jalan berlubang", "aspal rusak parah", "got mampet", "trotoar pecah", "jembatan retak"),
    "DLHK": ("sampah menumpuk", "pohon tumbang", "bau limbah", "tps meluber", "ranting pohon"),
    "DISKOMINFO": ("wifi taman mati", "aplikasi galat", "situs tidak bisa dibuka", "sandi akun lupa"),
    "KEL-SERANGAN": ("surat domisili lama", "pelayanan kelurahan", "ketua lingkungan", "izin keramaian"),
}
AROUND = ("di depan pasar", "dekat sekolah", "sejak kemarin", "tolong segera", "sudah lama", "di gang kami")
FIRST_DAY = date(2026, 1, 1)


def sentence(unit: str, dice: random.Random) -> str:
    """A report that belongs to `unit`; one in ten says something of another unit, too."""
    parts = [dice.choice(SAID[unit]), *dice.sample(AROUND, 2)]
    if dice.random() < 0.1:
        parts.append(dice.choice(SAID[dice.choice(list(SAID))]))
    dice.shuffle(parts)
    return " ".join(parts)


def samples(count: int = 240, seed: int = 1, noise: float = 0.05, units: Sequence[str] = ()) -> list[Sample]:
    """Decided reports, a few a day; a share of `noise` went to a unit that the text does not speak of."""
    dice = random.Random(seed)
    codes = list(units or SAID)
    made = []
    for place in range(count):
        unit = dice.choice(codes)
        owner = dice.choice(codes) if dice.random() < noise else unit
        made.append(Sample(Report(sentence(unit, dice)), owner, FIRST_DAY + timedelta(days=place // 4)))
    return made
