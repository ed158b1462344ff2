"""How sure is sure enough: from what later decisions proved, careful with small numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from plugins.lapor.service.routing.model import Model

GUARD: Final = 1.96  # standard errors; one-sided 97.5 %, because the lowest of many thresholds is taken
LEAST_CASES: Final = 50


@dataclass(frozen=True, slots=True)
class Threshold:
    """From this probability on, `right` of `cases` later reports were right: at least the share `proven`."""

    sure: float
    cases: int
    right: int
    proven: float


def at_least(right: int, cases: int, guard: float = GUARD) -> float:
    """The lower end of Wilson's interval: with so few cases the true share may be as low as this."""
    if cases == 0:
        return 0.0
    seen, square = right / cases, guard * guard
    middle = seen + square / (2 * cases)
    spread = guard * math.sqrt(seen * (1 - seen) / cases + square / (4 * cases * cases))
    return (middle - spread) / (1 + square / cases)


def at_most(right: int, cases: int, guard: float = GUARD) -> float:
    """The upper end of Wilson's interval."""
    return 1 - at_least(cases - right, cases, guard) if cases else 1.0


def threshold(model: Model, target: float) -> Threshold | None:
    """The lowest probability above which the first suggestion is proven to be right in `target` of cases.

    Proven means Wilson's lower bound on at least 50 later reports that the model had not learnt from.
    None when no probability is: then nothing goes out by itself.
    """
    held = model.held
    hits = np.cumsum(held.right)
    best = None
    for place in range(LEAST_CASES - 1, len(hits)):
        if place + 1 < len(hits) and held.sure[place + 1] == held.sure[place]:
            continue  # equally sure ones go together
        right, cases = int(hits[place]), place + 1
        proven = at_least(right, cases)
        if proven >= target:
            best = Threshold(float(held.sure[place]), cases, right, proven)
    return best
