"""How good suggestions are on later decisions: right at first, among three, by unit, by certainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

STEPS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One later report: the units suggested (best first), how surely (0..1), and who owned it."""

    suggested: tuple[str, ...]
    sure: float
    owner: str

    @property
    def right(self) -> bool:
        """The first suggestion was the owner."""
        return self.suggested[:1] == (self.owner,)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its cases, those that were suggested for it at first, those of them that were its own."""

    cases: int
    suggested: int
    right: int

    @property
    def recall(self) -> float | None:
        """Share of its cases that were suggested for it; None without cases."""
        return self.right / self.cases if self.cases else None

    @property
    def precision(self) -> float | None:
        """Share of what was suggested for it that was its own; None when nothing was."""
        return self.right / self.suggested if self.suggested else None

    @property
    def f1(self) -> float:
        """2 x right / (cases + suggested); 0 where both are 0."""
        both = self.cases + self.suggested
        return 2 * self.right / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """All of it. Shares 0..1; `coverage` holds (share of the surest, right among them, cases)."""

    cases: int
    first: float
    three: float
    macro_f1: float
    half: float
    coverage: tuple[tuple[float, float, int], ...] = ()
    units: dict[str, Unit] = field(default_factory=dict)


def measure(judged: Sequence[Judged]) -> Measures:
    """The measures of later reports. Raises ValueError when there are none.

    Macro-F1 is over the units that own at least one of these reports.
    """
    if not judged:
        raise ValueError("There is nothing to measure.")
    surest = sorted(judged, key=lambda each: -each.sure)
    units = by_unit(judged)
    owners = [unit for unit in units.values() if unit.cases]
    return Measures(
        cases=len(judged),
        first=share(each.right for each in judged),
        three=share(each.owner in each.suggested[:3] for each in judged),
        macro_f1=sum(unit.f1 for unit in owners) / len(owners),
        half=share(each.right for each in surest[: max(1, len(surest) // 2)]),
        coverage=tuple(_step(surest, part) for part in STEPS),
        units=units,
    )


def by_unit(judged: Sequence[Judged]) -> dict[str, Unit]:
    """Cases, suggestions and hits of each unit, the one with most cases first."""
    cases = Counter(each.owner for each in judged)
    suggested = Counter(each.suggested[0] for each in judged if each.suggested)
    right = Counter(each.owner for each in judged if each.right)
    codes = sorted(cases.keys() | suggested.keys(), key=lambda code: (-cases[code], code))
    return {code: Unit(cases[code], suggested[code], right[code]) for code in codes}


def share(hits: object) -> float:
    """Share of True among booleans; 0 for none."""
    found = list(hits)  # type: ignore[call-overload]
    return sum(found) / len(found) if found else 0.0


def _step(surest: Sequence[Judged], part: float) -> tuple[float, float, int]:
    taken = surest[: max(1, round(part * len(surest)))]
    return part, share(each.right for each in taken), len(taken)
