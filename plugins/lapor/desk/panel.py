"""What a panel of a case's page is; its makers are listed in `panels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Place = Literal["top", "main", "side"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page. `top` is above the next step, `main` below it, `side` the narrow column."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: Place = "side"
