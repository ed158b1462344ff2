"""Whether the models of all governments on this host can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from superapp.sdk import Health, storage

MARKS: Final = "lapor_routing_refused"


def marks() -> Path:
    """Where one empty file lies for each tenant whose model was refused, so that all processes know."""
    return storage.root(MARKS)


def health() -> Health:
    """Unwell while a government's model is refused: its reports are routed by rules alone."""
    folder = marks()
    count = sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
    if count == 0:
        return Health(True)
    return Health(False, f"routing model refused for {count} tenant(s), rules go on alone")
