"""Two texts side by side, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

Pieces = list[tuple[str, str]]
LONGEST = 2000  # words; longer texts are shown whole, one after the other


def words_between(ours: str, theirs: str) -> Pieces:
    """Pieces of what both hold (""), what only `theirs` holds ("+") and what only `ours` holds ("-")."""
    left, right = re.findall(r"\s+|\S+", ours), re.findall(r"\s+|\S+", theirs)
    if max(len(left), len(right)) > LONGEST:
        return [("-", ours), ("+", theirs)]
    found: Pieces = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("", "".join(left[a1:a2])))
            continue
        found += [("-", "".join(left[a1:a2]))] if a2 > a1 else []
        found += [("+", "".join(right[b1:b2]))] if b2 > b1 else []
    return found


def compare(typed: Mapping[str, Any], theirs: Iterable[str]) -> list[Pieces]:
    """Each of a colleague's texts against what was typed here."""
    ours = next((text for text in typed.values() if isinstance(text, str) and text.strip()), "")
    return [words_between(ours, text) for text in theirs]
