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
    text is not louder than a short one; facts come with their own loudness. A pair is shared between
    its two words.
    """
    count, pairs = len(found.said), np.array(found.pairs, np.uint32)
    left = np.arange(len(pairs), dtype=np.int32)
    words = _unit(
        np.concatenate([np.array(found.words, np.uint32), pairs, pairs]),
        np.concatenate([np.arange(count, dtype=np.int32), left, left + 1]),
        np.concatenate([np.ones(count, np.float32), np.full(2 * len(pairs), 0.5, np.float32)]),
        known,
        rare,
    )
    pieces = flat(found)
    lengths = [len(each) for each in found.pieces]
    owner = np.repeat(np.arange(count, dtype=np.int32), lengths)
    parts = [words, _unit(pieces, owner, np.ones(len(pieces), np.float32), known, rare)]
    if found.facts:
        signs, loud = zip(*found.facts, strict=True)
        rows, here = _rows(np.array(signs, np.uint32), known)
        at = np.full(len(rows), count, np.int32)
        parts.append(Vector(rows, np.array(loud, np.float32)[here], at))
    return Vector(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.loud for part in parts]),
        np.concatenate([part.owner for part in parts]),
    )


def flat(found: Signs) -> NDArray[np.uint32]:
    """The pieces of all words in one array."""
    return np.concatenate(found.pieces) if found.pieces else np.zeros(0, np.uint32)


def _unit(
    signs: NDArray[np.uint32], owner: Ints, parts: Floats, known: NDArray[np.uint32], rare: Floats
) -> Vector:
    rows, here = _rows(signs, known)
    if not len(rows):
        return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.int32))
    share = parts[here]
    single, back = np.unique(rows, return_inverse=True)
    times = np.bincount(back, weights=share)
    loudness = (1 + np.log(np.maximum(times, 1))) * rare[single]
    length = float(np.sqrt((loudness**2).sum()))
    loud = (loudness / length / times)[back] * share
    return Vector(rows, loud.astype(np.float32), owner[here])


def _rows(signs: NDArray[np.uint32], known: NDArray[np.uint32]) -> tuple[Ints, NDArray[np.bool_]]:
    """The places of known signs, and which of `signs` those are."""
    if not len(known):
        return np.zeros(0, np.int32), np.zeros(len(signs), bool)
    at = np.minimum(np.searchsorted(known, signs), len(known) - 1)
    here = known[at] == signs
    return at[here].astype(np.int32), here
