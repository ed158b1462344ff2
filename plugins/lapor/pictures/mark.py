"""One thing that stands out in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["note", "doubt", "serious"]


@dataclass(frozen=True, slots=True)
class Mark:
    """`code` names it (generated, edited, screenshot, document_script …), `text` is what was read there."""

    code: str
    weight: Weight
    text: str = ""
