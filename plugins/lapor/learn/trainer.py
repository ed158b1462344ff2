"""Training: a linear support vector machine, one against the rest, made into a light `Model`.

Chosen on reports of one city, always on later ones (three folds by time within the earlier 80 % of
7,075; first right / three / macro-F1 / surest half right):

    logistic regression 0.773 / 0.929 / 0.600 / 0.949 · complement NB 0.727 / 0.910 / 0.490 / 0.930
    SVM, words 0.758 / 0.924 / 0.560 / 0.947 · rare units counted more 0.786 / 0.923 / 0.639 / 0.944
    with pieces of words 0.792 / 0.925 / 0.649 / 0.952, the surest chosen by `_certain` 0.953

Looked at once, on the last 20 % (1,415 reports): 0.775 / 0.909 / 0.590 / 0.929.

Averaging it with the others was worse (0.771 to 0.774). Weights of rare units are
(mean / their number) ** 0.7; a half-life of a year lets a reorganisation be learnt (no loss: 0.791).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from plugins.lapor.service.routing.model import Held, Model, certainty
from plugins.lapor.service.routing.signs import Report, signs
from plugins.lapor.service.routing.vector import flat, vector

SEED: Final = 5171
COST, BALANCE, HALF_LIFE_DAYS = 0.2, 0.7, 365.0
TOLERANCE: Final = 0.01  # a hundred times coarser than usual: three times as fast, nothing lost
FOLDS: Final = 3
MOST_SIGNS: Final = 150_000
LEAST_SEEN: Final = 2  # reports in which a word must occur; pieces one more
FEW: Final = 40  # reports, below which certainty is not learnt
PLAIN_CERTAINTY: Final = (-1.0, 0.6, 1.6, 0.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One decided report: who owned it in the end, on which day it came, how much it counts."""

    report: Report
    owner: str
    day: date
    weight: float = 1.0


def train(samples: Sequence[Sample], *, tenant_id: int = 0, model_id: str = "") -> Model:
    """A model of `samples` without held-back decisions. Raises ValueError for fewer than two owners."""
    codes = tuple(sorted({each.owner for each in samples}))
    if len(codes) < 2:
        raise ValueError("Decisions for at least two units are needed to tell them apart.")
    known, rare = _known(samples)
    matrix = _matrix(samples, known, rare)
    owners = np.array([codes.index(each.owner) for each in samples], np.int64)
    counts = _weights(samples, owners, len(codes))
    weights, bias = _fit(matrix, owners, counts, len(codes))
    return Model(
        tenant_id=tenant_id,
        id=model_id,
        codes=codes,
        known=known,
        rare=rare,
        weights=weights.astype(np.float16),
        bias=bias,
        certain=_certain(matrix, owners, counts, len(codes)),
        held=empty_held(),
    )


def empty_held() -> Held:
    """Nothing measured yet."""
    return Held(np.zeros(0, np.float32), np.zeros(0, np.uint16), np.zeros(0, np.bool_))


def with_held(model: Model, sure: Iterable[float], units: Iterable[str], right: Iterable[bool]) -> Model:
    """The model with what was measured on later decisions; units that it does not know are left out."""
    place = {code: n for n, code in enumerate(model.codes)}
    rows = [
        (each, place[unit], hit) for each, unit, hit in zip(sure, units, right, strict=True) if unit in place
    ]
    rows.sort(key=lambda row: -row[0])
    return replace(
        model,
        held=Held(
            np.array([row[0] for row in rows], np.float32),
            np.array([row[1] for row in rows], np.uint16),
            np.array([row[2] for row in rows], np.bool_),
        ),
    )


def _known(samples: Sequence[Sample]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """The signs worth keeping, sorted, with how rare each is (smoothed idf)."""
    words, pieces, told = [], [], set()
    for each in samples:
        found = signs(each.report)
        words.append(np.unique(np.array(found.words + found.pairs, np.uint32)))
        pieces.append(np.unique(flat(found)))
        told |= {sign for sign, _ in found.facts}
    facts, count = np.array(sorted(told), np.uint32), len(samples)
    kept: list[Any] = []
    for documents, least in ((words, LEAST_SEEN), (pieces, LEAST_SEEN + 1)):
        seen, often = np.unique(np.concatenate(documents), return_counts=True)
        enough = often >= min(least, max(1, count // 20))
        kept.append((seen[enough], often[enough]))
    seen = np.concatenate([part[0] for part in kept])
    often = np.concatenate([part[1] for part in kept])
    if len(seen) > MOST_SIGNS:
        best = np.sort(np.argsort(-often, kind="stable")[:MOST_SIGNS])
        seen, often = seen[best], often[best]
    seen, often = np.concatenate([seen, facts]), np.concatenate([often, np.ones(len(facts), np.int64)])
    known, first = np.unique(seen, return_index=True)
    rare = np.log((1 + count) / (1 + often[first])) + 1
    return known.astype(np.uint32), rare.astype(np.float32)


def _matrix(samples: Sequence[Sample], known: NDArray[np.uint32], rare: NDArray[np.float32]) -> Any:
    """Reports x signs. The signs are made anew: to keep those of 12,000 reports takes 300 MB."""
    from scipy.sparse import csr_matrix

    starts, columns, values = [0], [], []
    for each in samples:
        made = vector(signs(each.report), known, rare)
        single, back = np.unique(made.rows, return_inverse=True)
        columns.append(single)
        values.append(np.bincount(back, weights=made.loud).astype(np.float32) if len(back) else made.loud)
        starts.append(starts[-1] + len(single))
    parts = (np.concatenate(values).astype(np.float64), np.concatenate(columns), np.array(starts))
    return csr_matrix(parts, shape=(len(samples), len(known)))


def _weights(samples: Sequence[Sample], owners: NDArray[np.int64], units: int) -> NDArray[np.float64]:
    """How much each decision counts: those of rare units more, old ones less."""
    newest = max(each.day for each in samples)
    age = np.array([(newest - each.day).days for each in samples], float)
    given = np.array([each.weight for each in samples], float) * 0.5 ** (age / HALF_LIFE_DAYS)
    often = np.bincount(owners, minlength=units).astype(float)
    counted: NDArray[np.float64] = given / given.mean() * (often.mean() / often[owners]) ** BALANCE
    return counted


def _fit(
    matrix: Any, owners: NDArray[np.int64], counts: NDArray[np.float64], units: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (sign x unit) and bias; a unit that no row owns keeps a score below all others."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((matrix.shape[1], units), np.float32)
    bias = np.full(units, -2.0, np.float32)
    present = np.unique(owners)
    if len(present) == 1:
        bias[present[0]] = 1.0
        return weights, bias
    machine = LinearSVC(C=COST, tol=TOLERANCE, random_state=SEED).fit(matrix, owners, sample_weight=counts)
    if len(present) == 2:
        weights[:, present[1]], weights[:, present[0]] = machine.coef_[0], -machine.coef_[0]
        bias[present[1]], bias[present[0]] = machine.intercept_[0], -machine.intercept_[0]
    else:
        weights[:, present], bias[present] = machine.coef_.T, machine.intercept_
    return weights, bias


def _certain(
    matrix: Any, owners: NDArray[np.int64], counts: NDArray[np.float64], units: int
) -> NDArray[np.float32]:
    """How scores become "the first suggestion is right with this probability".

    Learnt from rows that a model of the other folds judged: logistic regression on best score, lead,
    third score, and which unit. On later reports it said 0.806 where 0.792 were right.
    """
    plain = np.array([*PLAIN_CERTAINTY, *[0.0] * units], np.float32)
    if len(owners) < FEW:
        return plain
    from sklearn.linear_model import LogisticRegression

    fold = np.random.default_rng(SEED).permutation(len(owners)) % FOLDS
    rows, right = np.zeros((len(owners), 3 + units)), np.zeros(len(owners), bool)
    for part in range(FOLDS):
        out = fold == part
        weights, bias = _fit(matrix[~out], owners[~out], counts[~out], units)
        scores = matrix[out] @ weights + bias
        for place, row in zip(np.flatnonzero(out), scores, strict=True):
            order = [int(each) for each in np.argsort(-row, kind="stable")]
            rows[place, :3] = certainty(row, order)
            rows[place, 3 + order[0]] = 1
            right[place] = order[0] == owners[place]
    if right.all() or not right.any():
        return plain
    learnt = LogisticRegression(C=1.0, max_iter=500).fit(rows, right)
    return np.array([learnt.intercept_[0], *learnt.coef_[0]], np.float32)
