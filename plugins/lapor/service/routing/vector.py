"""Signs as numbers: which of them the model knows, how loud each is, and which word it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.lapor.service.routing.signs import Signs

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vector:
    """One entry for each occurrence of a known sign. `owner` is the place of its word, or the number
    of words for what is no word (village, channel, category)."""

    rows: Ints
    loud: Floats
    owner: Ints


def vector(found: Signs, known: NDArray[np.uint32], rare: Floats) -> Vector:
    """The signs of a report that are among `known` (sorted), weighed by `rare` (idf).

    Words with pairs, and pieces, are each a vector of length 1 (sublinear tf-idf), so that a long
    text is not louder than a short one; facts come with their own loudness.
    """
    words = [(sign, place, 1 / len(places)) for sign, places in found.words for place in places]
    pieces = [(sign, place, 1.0) for place, each in enumerate(found.pieces) for sign in each]
    parts = [_unit(words, known, rare), _unit(pieces, known, rare)]
    if found.facts:
        signs, loud = zip(*found.facts, strict=True)
        rows, here = _rows(np.array(signs, np.uint32), known)
        at = np.full(len(rows), len(found.said), np.int32)
        parts.append(Vector(rows, np.array(loud, np.float32)[here], at))
    return Vector(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.loud for part in parts]),
        np.concatenate([part.owner for part in parts]),
    )


def _unit(told: list[tuple[int, int, float]], known: NDArray[np.uint32], rare: Floats) -> Vector:
    if not told:
        return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.int32))
    signs, owners, parts = zip(*told, strict=True)
    rows, here = _rows(np.array(signs, np.uint32), known)
    share = np.array(parts, np.float32)[here]
    _, back = np.unique(rows, return_inverse=True)
    times = np.bincount(back, weights=share) if len(rows) else np.zeros(0)
    first = np.zeros(len(times), np.int64)
    first[back] = np.arange(len(rows))
    whole = (1 + np.log(np.maximum(times, 1))) * rare[rows[first]]
    length = float(np.sqrt((whole**2).sum())) or 1.0
    loud = (whole / length / times)[back] * share
    return Vector(rows, loud.astype(np.float32), np.array(owners, np.int32)[here])


def _rows(signs: NDArray[np.uint32], known: NDArray[np.uint32]) -> tuple[Ints, NDArray[np.bool_]]:
    """The places of known signs, and which of `signs` those are."""
    if not len(known):
        return np.zeros(0, np.int32), np.zeros(len(signs), bool)
    at = np.minimum(np.searchsorted(known, signs), len(known) - 1)
    here = known[at] == signs
    return at[here].astype(np.int32), here
