"""Which kind of matter a text speaks of: overlap with the categories' example words, stemmed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from plugins.lapor.contracts import CategoryGuess, CategoryView
from plugins.lapor.service.reference import CategoryInfo, reference

WORD = re.compile(r"[^\W\d_]{2,}")
PREFIXES = (
    "meng",
    "meny",
    "mem",
    "men",
    "peng",
    "peny",
    "pem",
    "pen",
    "ber",
    "ter",
    "per",
    "me",
    "di",
    "ke",
    "se",
)
SUFFIXES = (("nya", "lah", "kah", "ku", "mu"), ("kan", "an", "i"))
SHORTEST = 4
EMPTY = frozenset(
    [
        "yang",
        "dan",
        "di",
        "ke",
        "dari",
        "untuk",
        "tidak",
        "ada",
        "ini",
        "itu",
        "dengan",
        "pada",
        "atau",
        "sudah",
        "jalan",
        "tolong",
        "mohon",
    ]
)
NAME_WEIGHT = 0.6


def stem(word: str) -> str:
    """The word without its common endings and one common beginning; short words stay as they are."""
    word = word.lower()
    for suffixes in SUFFIXES:
        found = next((s for s in suffixes if word.endswith(s) and len(word) - len(s) >= SHORTEST), "")
        word = word.removesuffix(found)
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST:
            return word.removeprefix(prefix)
    return word


def guess(text: str) -> tuple[CategoryGuess, ...]:
    """At most three categories that the words of `text` speak for, the best first."""
    return guess_among(text, reference().categories)


def guess_among(text: str, categories: Mapping[str, CategoryInfo]) -> tuple[CategoryGuess, ...]:
    """As `guess`, among the given categories."""
    said: dict[str, str] = {}
    for word in WORD.findall(text.lower()):
        said.setdefault(stem(word), word)
    phrases = _phrases(tuple(categories.values()))
    found = []
    for code, weighted in phrases.items():
        hits = [(stems, weight) for stems, weight in weighted if all(each in said for each in stems)]
        if hits:
            words = dict.fromkeys(said[each] for stems, _ in hits for each in stems)
            found.append((sum(weight for _, weight in hits), code, tuple(words)))
    found.sort(key=lambda hit: (-hit[0], hit[1]))
    best = found[:3]
    return tuple(
        CategoryGuess(view(categories[code]), _strength(place, [score for score, *_ in best]), words)
        for place, (_, code, words) in enumerate(best)
    )


def view(category: CategoryInfo) -> CategoryView:
    """A category as pages show it."""
    return CategoryView(
        category.code,
        category.name,
        category.group_name,
        category.question,
        category.examples,
        category.advice if category.urgency == "emergency" else "",
        (category.national_main, category.national_sub),
    )


def _strength(place: int, scores: list[float]) -> int:
    if place > 0:
        return 1 if scores[place] < 0.7 * scores[0] else 2
    rival = scores[1] if len(scores) > 1 else 0.0
    if scores[0] >= 2 * rival and scores[0] >= 2.5:
        return 3
    return 2 if scores[0] >= 1.2 * rival else 1


@lru_cache(maxsize=256)
def _phrases(categories: tuple[CategoryInfo, ...]) -> dict[str, list[tuple[tuple[str, ...], float]]]:
    """Each category's stemmed phrases with their weight: rarer words and longer phrases speak louder."""
    raw: dict[str, dict[tuple[str, ...], float]] = {}
    for category in categories:
        mine = raw.setdefault(category.code, {})
        for word in WORD.findall(category.name):
            if word.lower() not in EMPTY:
                mine[(stem(word),)] = NAME_WEIGHT
        for example in category.examples:
            stems = tuple(stem(word) for word in WORD.findall(example))
            if stems:
                mine[stems] = float(len(stems))
    seen = Counter(each for mine in raw.values() for stems in mine for each in set(stems))
    total = max(2, len(raw))
    return {
        code: [
            (stems, factor * max(math.log(total / seen[each]) for each in stems))
            for stems, factor in mine.items()
        ]
        for code, mine in raw.items()
    }
