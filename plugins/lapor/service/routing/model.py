"""A learned model at work: who should own a report, how sure that is, and which words said so.

Light on purpose: two arrays and a sum. It is made by `plugins.lapor.learn`, which the web never
imports.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plugins.lapor.service.routing.guess import EMPTY
from plugins.lapor.service.routing.signs import Report, Signs, signs
from plugins.lapor.service.routing.vector import Floats, Vector, vector

MOST_WORDS: Final = 4
QUIET: Final = 0.12  # a word that says less than this share is not worth naming
NEAR: Final = 0.05  # reports "as sure as this one" lie within this much
ENOUGH: Final = 20
HALF: Final = 0.5  # share of its words below which a text is too strange to be sure of
UNSAID = EMPTY | {
    *("saya", "kami", "kita", "bapak", "ibu", "pak", "izin", "terima", "kasih", "selamat", "pagi", "siang"),
    *("sore", "malam", "agar", "bisa", "yang", "juga", "karena", "saja", "lagi", "apa", "kalau", "seperti"),
    *("mau", "nya", "jadi", "sangat", "banyak", "warga", "segera", "tersebut", "oleh", "akan", "dapat"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What the model said on later decisions that it had not learnt from: how sure it was, of which
    unit (its place in `codes`), and whether the officer decided so."""

    sure: Floats
    unit: NDArray[np.uint16]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights[sign, unit]`, sorted by `known`; `certain` turns scores into a probability."""

    tenant_id: int
    id: str
    codes: tuple[str, ...]
    known: NDArray[np.uint32]
    rare: Floats
    weights: NDArray[np.float16]
    bias: Floats
    certain: Floats  # constant, best score, lead over the second, third score, then one for each unit
    held: Held

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return int(self.known.nbytes + self.rare.nbytes + self.weights.nbytes + self.held.sure.nbytes * 2)

    @property
    def measured(self) -> bool:
        """False for a first model that was made from example words alone."""
        return len(self.held.sure) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Advice:
    """A unit, the probability (0..1) that it is the owner, and the citizen's words that say so."""

    code: str
    sure: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """Later reports as sure as this one, and how many of them the first suggestion got right."""

    cases: int
    right: int


def advise(model: Model, report: Report, among: Container[str] | None = None, most: int = 3) -> list[Advice]:
    """The best units for a report, best first, of those in `among`; empty when no word is known."""
    found = signs(report)
    weighed = vector(found, model.known, model.rare)
    if not len(weighed.rows):
        return []
    scores = model.bias + weighed.loud @ model.weights[weighed.rows].astype(np.float32)
    order = [
        place for place in np.argsort(-scores, kind="stable") if among is None or model.codes[place] in among
    ]
    if not order:
        return []
    heard = min(1.0, _known_share(model, found) / HALF)
    chances = [chance * heard for chance in _chances(model, scores, order)]
    typed = [each.typed for each in found.said]
    plain = [each.plain for each in found.said]
    return [
        Advice(model.codes[unit], chance, _spoke(model, weighed, int(unit), typed, plain))
        for unit, chance in zip(order[:most], chances, strict=False)
    ]


def _known_share(model: Model, found: Signs) -> float:
    """Share of the words that the model has met; of gibberish it knows pieces at most."""
    plain = np.array(found.words, np.uint32)
    at = np.minimum(np.searchsorted(model.known, plain), len(model.known) - 1)
    return float((model.known[at] == plain).mean()) if len(plain) else 0.0


def similar(model: Model, code: str, sure: float) -> Similar:
    """How often the first suggestion was right on later reports like this one.

    Like means: the same unit was suggested, as surely (within 0.05); where there are fewer than 20 of
    them, any unit suggested as surely.
    """
    near = np.abs(model.held.sure - sure) <= NEAR
    same = near & (model.held.unit == model.codes.index(code))
    taken = same if int(same.sum()) >= ENOUGH else near
    return Similar(int(taken.sum()), int(model.held.right[taken].sum()))


def certainty(scores: Floats, order: list[int]) -> list[float]:
    """What the probability is made from: best score, lead over the second, third score."""
    best = [float(scores[place]) for place in order[:3]] + [-1.0] * 3
    return [best[0], best[0] - best[1], best[2]]


def _chances(model: Model, scores: Floats, order: list[int]) -> list[float]:
    told = np.array([1.0, *certainty(scores, order)], np.float32) @ model.certain[:4]
    first = float(1 / (1 + np.exp(-(told + model.certain[4 + order[0]]))))
    rest = np.exp(3 * (scores[order[1:]] - scores[order[0]]))
    left = (1 - first) * rest / max(float(rest.sum()), 1e-9)
    return [first, *(float(min(each, first)) for each in left)]


def _spoke(model: Model, weighed: Vector, unit: int, typed: list[str], plain: list[str]) -> tuple[str, ...]:
    """The words that speak for `unit` more than for the others, the loudest first, as they were typed."""
    weights = model.weights[weighed.rows].astype(np.float32)
    lead = weights[:, unit] - weights.mean(axis=1)
    said = np.bincount(weighed.owner, weights=weighed.loud * lead, minlength=len(typed))[: len(typed)]
    loudest: dict[str, float] = {}
    for place in np.argsort(-said, kind="stable"):
        word = typed[place].casefold()
        if plain[place] not in UNSAID and len(word) > 1 and said[place] > 0:
            loudest[word] = max(loudest.get(word, 0.0), float(said[place]))
    total = sum(loudest.values())
    named = [word for word, value in loudest.items() if value >= QUIET * total][:MOST_WORDS]
    first = {word.casefold(): word for word in reversed(typed)}
    return tuple(first[word] for word in named)
