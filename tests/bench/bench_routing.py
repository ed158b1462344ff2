"""What a suggestion of an owner costs with its words, and what training costs: goals 5 ms, 60 s, 1 GB.

The texts are generated: 11,800 reports of 20 units over words of their own and shared ones, about as
long and as varied as a city's. Run alone: python -m tests.bench.bench_routing
"""

from __future__ import annotations

import os
import random
import resource
import time
from datetime import date, timedelta

from plugins.lapor.learn.trainer import Sample, train
from plugins.lapor.service.routing.model import advise
from plugins.lapor.service.routing.signs import Report
from tests.bench.row import Row

REPORTS = int(os.environ.get("BENCH_REPORTS", "11800"))
UNITS, CALLS = 20, 500
GOAL_MS, GOAL_SECONDS, GOAL_MEGABYTES = 5.0, 60.0, 1000.0
ENDS = ("", "nya", "kan", "an", "i")
SOUNDS = (
    "ba",
    "ru",
    "la",
    "sam",
    "pah",
    "ja",
    "lan",
    "ko",
    "tor",
    "mi",
    "ge",
    "lap",
    "tu",
    "nas",
    "de",
    "pi",
)


def words(dice: random.Random, count: int) -> list[str]:
    """Made-up words of two to four syllables."""
    return ["".join(dice.choices(SOUNDS, k=dice.randint(2, 4))) for _ in range(count)]


def reports(count: int = REPORTS) -> list[Sample]:
    """Reports whose words are partly those of their unit, with its share of cases falling off."""
    dice = random.Random(7)
    shared, own = words(dice, 4000), [words(dice, 150) for _ in range(UNITS)]
    weights = [1 / (place + 1) for place in range(UNITS)]
    made = []
    for place in range(count):
        unit = dice.choices(range(UNITS), weights)[0]
        said = dice.choices(own[unit], k=dice.randint(3, 12)) + dice.choices(shared, k=dice.randint(8, 50))
        dice.shuffle(said)
        text = " ".join(word + dice.choice(ENDS) for word in said)
        day = date(2026, 1, 1) + timedelta(days=place * 330 // count)
        made.append(Sample(Report(text, f"51.71.0{place % 4}.100{place % 9}"), f"UNIT{unit:02}", day))
    return made


def rows() -> list[Row]:
    """The table's lines: training beside its goals, a suggestion's half and 95 % beside 5 ms."""
    told = reports()
    started = time.perf_counter()
    model = train(told)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = []
    for each in told[-CALLS:]:
        began = time.perf_counter()
        advise(model, each.report)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    note = f"{len(told)} reports, {UNITS} units"
    return [
        Row("suggestion of an owner, p50", f"{p50:.2f} ms", f"{GOAL_MS:.0f} ms", GOAL_MS / p50, 1.0),
        Row("suggestion of an owner, p95", f"{p95:.2f} ms", f"{GOAL_MS:.0f} ms", GOAL_MS / p95, 1.0),
        Row("training", f"{seconds:.1f} s", f"{GOAL_SECONDS:.0f} s", GOAL_SECONDS / seconds, 1.0, note),
        Row(
            "memory while training", f"{peak:.0f} MB", f"{GOAL_MEGABYTES:.0f} MB", GOAL_MEGABYTES / peak, 1.0
        ),
        Row("model in memory", f"{model.size / 1e6:.1f} MB", "", None, None),
    ]


def main() -> None:
    """Print them."""
    for row in rows():
        print(row)


if __name__ == "__main__":
    main()
