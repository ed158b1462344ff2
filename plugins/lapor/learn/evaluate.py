"""Training on the earlier part and measuring on the later, the way the desk will be served."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

from plugins.lapor.learn.measure import Judged, Measures, measure
from plugins.lapor.learn.trainer import Sample, train
from plugins.lapor.service.routing.model import Model, advise


@dataclass(frozen=True, slots=True)
class Cost:
    """What it took: seconds of training, MB at the peak of the process, bytes of the model, and
    milliseconds of one suggestion with its words (half of them, 95 % of them)."""

    train_seconds: float
    peak_megabytes: float
    model_bytes: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result. Days are the first and the last of each part."""

    earlier: int
    later: int
    split_day: str
    measures: Measures
    cost: Cost


def evaluate(samples: Sequence[Sample], train_share: float = 0.8) -> Evaluation:
    """Train on the first `train_share` of `samples` (in the order of time), measure on the rest.

    Raises ValueError when a part is empty or the earlier one knows a single unit.
    """
    cut = int(len(samples) * train_share)
    earlier, later = samples[:cut], samples[cut:]
    if not earlier or not later:
        raise ValueError(f"A share of {train_share} leaves one part empty.")
    started = time.perf_counter()
    model = train(earlier)
    seconds = time.perf_counter() - started
    judged, times = judge(model, later)
    times.sort()
    return Evaluation(
        len(earlier),
        len(later),
        later[0].day.isoformat(),
        measure(judged),
        Cost(
            train_seconds=seconds,
            peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            model_bytes=model.size,
            p50_ms=times[len(times) // 2] * 1000,
            p95_ms=times[int(len(times) * 0.95)] * 1000,
        ),
    )


def judge(model: Model, later: Sequence[Sample]) -> tuple[list[Judged], list[float]]:
    """What the model says of each later report, one call each as at the desk; and the seconds of each."""
    judged, times = [], []
    for each in later:
        started = time.perf_counter()
        found = advise(model, each.report)
        times.append(time.perf_counter() - started)
        judged.append(Judged(tuple(a.code for a in found), found[0].sure if found else 0.0, each.owner))
    return judged, times
